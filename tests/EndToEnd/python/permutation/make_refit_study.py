"""usage: make_refit_study.py CASES NAME FOLDER

Writes data.h5 (float64), cohort.csv and shuffles.csv of a case of refits/cases.json.
"""
import csv
import json
import os
import sys

import h5py
import numpy as np

path, name, folder = sys.argv[1:]
with open(path) as file:
    case = next(one for one in json.load(file) if one["name"] == name)
values = np.array(case["responses"]).T
sources = [f"sub-{row:02d}" for row in range(len(values))]
with h5py.File(os.path.join(folder, "data.h5"), "w") as file:
    scalar = file.create_group("scalars/y")
    scalar.create_dataset("values", data=values, chunks=values.shape)
    scalar.create_dataset("column_names", data=[source.encode() for source in sources])
with open(os.path.join(folder, "cohort.csv"), "w", newline="") as out:
    table = csv.writer(out)
    table.writerow(["source_file", *case["cohort"]])
    table.writerows(zip(sources, *case["cohort"].values()))
with open(os.path.join(folder, "shuffles.csv"), "w", newline="") as out:
    csv.writer(out).writerows(case["shuffles"])
