"""The script one writes by hand for the same conversion: nibabel reads, h5py writes, the same chunks and filters.

usage: convert_volumes.py FOLDER OUTPUT
"""
import csv
import os
import sys

import h5py
import nibabel as nib
import numpy as np

folder, output = sys.argv[1:]
mask = nib.load(os.path.join(folder, "mask.nii.gz")).get_fdata() > 0
with open(os.path.join(folder, "cohort.csv")) as file:
    sources = [row["source_file"] for row in csv.DictReader(file)]
values = np.empty((len(sources), int(mask.sum())), "f4")
for subject, source in enumerate(sources):
    values[subject] = nib.load(source).get_fdata()[mask]
chunk = max(1, int(2 * 2**20 / (4 * len(sources))))
with h5py.File(output, "w") as file:
    file["voxels"] = np.vstack([np.arange(mask.sum()), *np.nonzero(mask)])
    file["voxels"].attrs["column_names"] = ["voxel_id", "i", "j", "k"]
    file.create_dataset("scalars/FA/values", data=values, chunks=(len(sources), chunk), compression="gzip", compression_opts=4, shuffle=True)
    file["scalars/FA/column_names"] = sources
