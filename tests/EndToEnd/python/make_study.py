"""usage: make_study.py FOLDER [ELEMENTS SUBJECTS [SEED]]

Writes FOLDER/data.h5 and FOLDER/cohort.csv: scalar FD, float32, gzip 4 + shuffle, chunks that span all subjects, an age effect at
every tenth element, a tenth of the elements with subjects missing, two elements with too few subjects.
"""
import csv
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]
elements, subjects = (int(x) for x in (sys.argv[2:4] or (3000, 60)))
rng = np.random.default_rng(int(sys.argv[4]) if len(sys.argv) > 4 else 1)

age = rng.uniform(8, 22, subjects).round(2)
sex = rng.choice(["F", "M"], subjects)
motion = rng.gamma(2, 0.1, subjects).round(4)
values = rng.normal(1, 0.2, (subjects, elements)).astype("f4")
values[:, ::10] += (0.02 * (age - 15)).astype("f4")[:, None]
for element in range(3, elements, 10):
    values[rng.choice(subjects, rng.integers(1, subjects // 3), replace=False), element] = np.nan
values[5:, 7] = np.nan
values[8:, 11] = np.inf
names = [f"sub-{i:04d}.mif" for i in range(subjects)]

with h5py.File(os.path.join(folder, "data.h5"), "w") as file:
    scalar = file.create_group("scalars/FD")
    width = max(1, min(elements, (1 << 20) // (4 * subjects)))
    scalar.create_dataset("values", data=values, chunks=(subjects, width), compression="gzip", compression_opts=4, shuffle=True)
    scalar.create_dataset("column_names", data=[name.encode() for name in names])
    file.create_dataset("fixels", data=np.arange(elements * 5, dtype="f4").reshape(elements, 5))

with open(os.path.join(folder, "cohort.csv"), "w", newline="") as out:
    table = csv.writer(out)
    table.writerow(["subject_id", "scalar_name", "source_file", "Age", "sex", "motion"])
    for i in rng.permutation(subjects):
        table.writerow([f"sub-{i:04d}", "FD", names[i], age[i], sex[i], motion[i]])
