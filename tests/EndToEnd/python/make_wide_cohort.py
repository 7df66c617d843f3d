"""usage: make_wide_cohort.py FOLDER

From FOLDER/data.h5 and FOLDER/cohort.csv of make_study.py writes FOLDER/pair.h5 with two scalars, whose sources have other names and
another order, and one source less in the second; its cohorts wide.csv, long.csv and named.csv; and FOLDER/plain.h5 and plain.csv, with the
same values and subjects where each subject has one name.
"""
import csv
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]
at = lambda name: os.path.join(folder, name)
with open(at("cohort.csv"), newline="") as table:
    rows = list(csv.DictReader(table))
with h5py.File(at("data.h5"), "r") as file:
    names = [name.decode() for name in file["scalars/FD/column_names"][()]]
    values = file["scalars/FD/values"][()]
rng = np.random.default_rng(5)
second = rng.normal(2, 0.3, values.shape).astype("f4")
missing = names[4]
order = [i for i in rng.permutation(len(names)) if names[i] != missing]


def write(path, scalars):
    with h5py.File(path, "w") as file:
        for name, (matrix, sources) in scalars.items():
            group = file.create_group(f"scalars/{name}")
            group.create_dataset("values", data=matrix, chunks=(len(sources), 100), compression="gzip", shuffle=True)
            group.create_dataset("column_names", data=[source.encode() for source in sources])


write(at("pair.h5"), {"FD": (values, [f"fd/{name}" for name in names]), "T1w": (second[order], [f"t1/{names[i]}" for i in order])})
kept = [i for i in range(len(names)) if names[i] != missing]
write(at("plain.h5"), {"FD": (values[kept], [names[i] for i in kept]), "T1w": (second[kept], [names[i] for i in kept])})


def save(name, header, lines):
    with open(at(name), "w", newline="") as out:
        table = csv.writer(out)
        table.writerow(header)
        table.writerows(lines)


shared = lambda row: [row["Age"], row["sex"], row["motion"]]
source = lambda row: row["source_file"]
save("wide.csv", ["FD", "T1w", "Age", "sex", "motion"],
     [[f" fd/{source(row)}", "" if source(row) == missing else f"t1/{source(row)} ", *shared(row)] for row in rows])
save("named.csv", ["image", "source_file", "Age", "sex", "motion"], [[f"fd/{source(row)}", "x", *shared(row)] for row in rows])
save("long.csv", ["scalar_name", "source_file", "Age", "sex", "motion"],
     [[scalar, f"{scalar[:2].lower()}/{source(row)}", *shared(row)] for scalar in ("T1w", "FD") for row in rows
      if scalar == "FD" or source(row) != missing])
save("plain.csv", ["source_file", "Age", "sex", "motion"], [[source(row), *shared(row)] for row in rows if source(row) != missing])
