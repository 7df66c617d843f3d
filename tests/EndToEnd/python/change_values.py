"""usage: change_values.py FILE NAME SUBJECT FIRST END: adds 0.5 to a few values of the scalar NAME in place; END is exclusive, all count from 0."""
import sys

import h5py

path, name, subject, first, end = sys.argv[1:]
with h5py.File(path, "r+") as file:
    file["scalars/" + name + "/values"][int(subject), int(first):int(end)] += 0.5
