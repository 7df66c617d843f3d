"""usage: delete_attribute.py FILE OBJECT NAME: removes one attribute."""
import sys

import h5py

with h5py.File(sys.argv[1], "a") as file:
    del file[sys.argv[2]].attrs[sys.argv[3]]
