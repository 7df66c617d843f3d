"""usage: half_scalar.py FILE

Adds the scalar HALF to FILE: the first half of the elements of FD.
"""
import sys

import h5py

with h5py.File(sys.argv[1], "a") as file:
    values = file["scalars/FD/values"][:]
    half = file.create_group("scalars/HALF")
    half.create_dataset("values", data=values[:, : values.shape[1] // 2])
    half.create_dataset("column_names", data=file["scalars/FD/column_names"][:])
