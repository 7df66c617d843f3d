"""usage: make_second.py FOLDER

Beside the study of make_study.py in FOLDER: curv.h5 and curv.csv, a scalar CURV on the same elements with other source names, in another
order, of some of the subjects and one stranger; and joined.h5 and joined.csv, both scalars of the common subjects as one file.
"""
import csv
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]


def at(name):
    return os.path.join(folder, name)


with h5py.File(at("data.h5"), "r") as file:
    values = file["scalars/FD/values"][()]
    names = [name.decode() for name in file["scalars/FD/column_names"][()]]
with open(at("cohort.csv"), newline="") as file:
    rows = {row["source_file"]: row for row in csv.DictReader(file)}
rng = np.random.default_rng(7)
subjects, elements = values.shape
curv = (0.5 * np.nan_to_num(values, nan=1, posinf=1) + rng.normal(0, 0.1, values.shape)).astype("f8")
curv[2, 5::17] = np.nan
common = [i for i in range(subjects) if i % 6 != 1]
order = list(rng.permutation(common))


def write(path, scalars, table=None):
    with h5py.File(path, "w") as file:
        for name, (data, sources) in scalars.items():
            group = file.create_group("scalars/" + name)
            group.create_dataset("values", data=data, chunks=(min(8, len(data)), min(100, elements)), compression="gzip")
            group.create_dataset("column_names", data=[source.encode() for source in sources])
        if table is not None:
            file.create_dataset(table, data=np.zeros((elements, 5)))


write(at("curv.h5"), {"CURV": (np.vstack([curv[order], np.ones((1, elements))]), [f"curv/{names[i]}" for i in order] + ["curv/stranger"])})
write(at("joined.h5"), {"FD": (values[common], [names[i] for i in common]), "CURV": (curv[order], [names[i] for i in order])}, "fixels")
with open(at("curv.csv"), "w", newline="") as out:
    table = csv.writer(out)
    table.writerow(["subject_id", "source_file", "Age", "motion"])
    table.writerow(["stranger", "curv/stranger", 30, 0.5])
    for i in rng.permutation(common):
        table.writerow([rows[names[i]]["subject_id"], f"curv/{names[i]}", rows[names[i]]["Age"], i / 100])
with open(at("joined.csv"), "w", newline="") as out:
    table = csv.writer(out)
    table.writerow(["source_file", "Age", "sex", "motion.fd", "motion.curv"])
    for i in common:
        row = rows[names[i]]
        table.writerow([names[i], row["Age"], row["sex"], row["motion"], i / 100])
