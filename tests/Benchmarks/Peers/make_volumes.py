"""Synthetic volumes of 96 x 96 x 96, float32 .nii.gz, noise inside a ball of 150,920 voxels, which is mask.nii.gz.

usage: make_volumes.py FOLDER COUNT
Also cohort.csv, and four.csv that lists four times as many: each volume under four names.
"""
import os
import sys

import nibabel as nib
import numpy as np

folder, count = sys.argv[1], int(sys.argv[2])
os.makedirs(folder, exist_ok=True)
shape, affine = (96, 96, 96), np.diag([2, 2, 2, 1.0])
radius = np.sqrt(sum(((axis - 47.5) / 33) ** 2 for axis in np.indices(shape)))
mask = radius < 1
nib.save(nib.Nifti1Image(mask.astype("u1"), affine), os.path.join(folder, "mask.nii.gz"))
names = []
for number in range(count):
    name = os.path.join(folder, f"sub-{number:04d}.nii.gz")
    names.append(name)
    if not os.path.exists(name):
        rng = np.random.default_rng(number)
        nib.save(nib.Nifti1Image((rng.normal(1, 0.2, shape) * mask).astype("f4"), affine), name)
    for copy in range(3):
        link = name.replace(".nii.gz", f"-{copy}.nii.gz")
        if not os.path.exists(link):
            os.symlink(name, link)
for cohort, listed in (("cohort.csv", names), ("four.csv", names + [name.replace(".nii.gz", f"-{copy}.nii.gz") for copy in range(3) for name in names])):
    with open(os.path.join(folder, cohort), "w") as out:
        out.write("scalar_name,source_file\n" + "".join(f"FA,{name}\n" for name in listed))
