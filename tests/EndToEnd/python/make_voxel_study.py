"""A small study of voxels with an effect of Age in a ball: data.h5 (scalar FD of 8 x 7 x 6 voxels, table /voxels) and cohort.csv.

usage: make_voxel_study.py FOLDER
"""
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]
rng = np.random.default_rng(3)
subjects = 40
voxels = np.array(list(np.ndindex(8, 7, 6)))
age = rng.uniform(8, 22, subjects)
values = rng.normal(size=(subjects, len(voxels)))
values[:, ((voxels - [4, 3, 3]) ** 2).sum(1) < 6] += 0.12 * (age - 15)[:, None]
values[3, :5] = np.nan
values[:, 9] = 1
names = [f"sub-{subject:02d}.nii.gz" for subject in range(subjects)]
with h5py.File(os.path.join(folder, "data.h5"), "w") as file:
    file.create_dataset("scalars/FD/values", data=values, chunks=(subjects, 40), compression="gzip", shuffle=True)
    file["scalars/FD/column_names"] = np.array(names, dtype="S20")
    table = file.create_dataset("voxels", data=np.column_stack([np.arange(len(voxels)), voxels]).T.astype(float))
    table.attrs["column_names"] = np.array(["voxel_id", "i", "j", "k"], dtype="S8")
with open(os.path.join(folder, "cohort.csv"), "w") as file:
    file.write("scalar_name,source_file,Age,group,site\n")
    for subject, name in enumerate(names):
        file.write(f"FD,{name},{age[subject]:.4f},{'ab'[subject % 2]},{'xyzw'[subject % 4]}\n")
