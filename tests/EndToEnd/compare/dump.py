"""usage: dump.py DATA.h5 FOLDER

Writes scalars and cohort of a data file as CSV files for make.R, one row per subject in the order of the first scalar.
"""
import csv
import os
import sys

import h5py
import numpy as np

path, folder = sys.argv[1:]
name = os.path.splitext(os.path.basename(path))[0]
order = None
with h5py.File(path) as file:
    for scalar in file["scalars"]:
        values = file[f"scalars/{scalar}/values"][()]
        names = [n.decode() for n in file[f"scalars/{scalar}/column_names"][()].ravel()]
        order = order or names
        rows = [names.index(n) for n in order]
        np.savetxt(os.path.join(folder, f"{name}.{scalar}.csv"), values[rows], delimiter=",", fmt="%.17g")
cohort = list(csv.DictReader(open(path[:-3] + ".csv")))
by_name = {row["source_file"]: row for row in cohort}
with open(os.path.join(folder, f"{name}.cohort.csv"), "w", newline="") as out:
    table = csv.DictWriter(out, cohort[0].keys())
    table.writeheader()
    table.writerows(by_name[n] for n in order)
