"""usage: link.py FILE PATH OTHER TARGET

Replaces PATH of FILE by an external link to TARGET of the file OTHER.
"""
import sys

import h5py

path, link, other, target = sys.argv[1:]
with h5py.File(path, "r+") as file:
    if link in file:
        del file[link]
    file[link] = h5py.ExternalLink(other, target)
