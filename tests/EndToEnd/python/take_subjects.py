"""usage: take_subjects.py FILE COHORT OUT

Writes OUT, the ModelArray file FILE with only the subjects of COHORT (its column source_file), in the order of FILE.
"""
import csv
import sys

import h5py

file, cohort, out = sys.argv[1:]
with open(cohort, newline="") as table:
    wanted = {row["source_file"] for row in csv.DictReader(table)}
with h5py.File(file, "r") as old, h5py.File(out, "w") as new:
    for name, scalar in old["scalars"].items():
        sources = [one.decode() for one in scalar["column_names"][()]]
        rows = [row for row, source in enumerate(sources) if source in wanted]
        values = scalar["values"]
        group = new.create_group(f"scalars/{name}")
        group.create_dataset("values", data=values[()][rows], chunks=(len(rows), values.chunks[1]), compression="gzip", shuffle=True)
        group.create_dataset("column_names", data=[sources[row].encode() for row in rows])
