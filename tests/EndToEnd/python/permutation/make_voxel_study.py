"""usage: make_voxel_study.py FOLDER EDGE SUBJECTS

Writes data.h5 with the scalar FD at the voxels of a cube (smooth noise, an effect of Age in a ball), in several chunks, and cohort.csv.
"""
import csv
import os
import sys

import h5py
import numpy as np

folder, edge, subjects = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(23)
age = rng.uniform(8, 22, subjects).round(2)
cells = np.indices((edge, edge, edge)).reshape(3, -1)
near = np.exp(-((cells - edge / 3) ** 2).sum(0) / 8)
noise = rng.normal(size=(subjects, edge, edge, edge))
for axis in (1, 2, 3):
    noise += np.roll(noise, 1, axis)
values = (noise.reshape(subjects, -1) / 8**0.5 + np.outer((age - 15) / 8, near)).astype("f4")
sources = [f"sub-{row:03d}.nii" for row in range(subjects)]
with h5py.File(os.path.join(folder, "data.h5"), "w") as file:
    scalar = file.create_group("scalars/FD")
    scalar.create_dataset("values", data=values, chunks=(subjects, -(-values.shape[1] // 6)), compression="gzip", shuffle=True)
    scalar.create_dataset("column_names", data=[source.encode() for source in sources])
    table = file.create_dataset("voxels", data=np.vstack([np.arange(values.shape[1]), cells]))
    table.attrs["column_names"] = ["voxel_id", "i", "j", "k"]
with open(os.path.join(folder, "cohort.csv"), "w", newline="") as out:
    table = csv.writer(out)
    table.writerow(["source_file", "Age", "sex"])
    table.writerows(zip(sources, age, rng.choice(["F", "M"], subjects)))
