"""Prints a column of a cohort and the values of a scalar at an element, in the order of the file, as JSON.

usage: subject_values.py DATA COHORT COLUMN SCALAR ELEMENT
"""
import csv
import json
import sys

import h5py

data, cohort, column, scalar, element = sys.argv[1:]
with open(cohort) as table:
    rows = {row["source_file"]: row for row in csv.DictReader(table)}
with h5py.File(data) as file:
    group = file[f"scalars/{scalar}"]
    place = group["column_names"] if "column_names" in group else group["values"].attrs["column_names"]
    names = [name.decode() if isinstance(name, bytes) else name for name in place[()]]
    values = group["values"][:, int(element)].tolist()
print(json.dumps([[float(rows[name][column]), value] for name, value in zip(names, values)]))
