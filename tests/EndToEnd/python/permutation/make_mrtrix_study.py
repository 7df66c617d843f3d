"""usage: make_mrtrix_study.py EXPECTED FOLDER

Writes vector.h5, missing.h5, reordered.h5, voxels.h5 and fixels.h5 with the values of mrtrix/expected.json, their cohort.csv, and permutations.txt as
MRtrix reads it.
"""
import base64
import csv
import json
import os
import sys

import h5py
import numpy as np

path, folder = sys.argv[1:]
with open(path) as file:
    expected = json.load(file)
subjects = len(expected["group"])
sources = [f"sub-{row:02d}.mif" for row in range(subjects)]


def save(name, study, order=slice(None)):
    """Subjects in another order than the cohort's, where it is given."""
    values = np.frombuffer(base64.b64decode(study["values"]), "<f4").reshape(subjects, -1)[order]
    with h5py.File(os.path.join(folder, name), "w") as file:
        scalar = file.create_group("scalars/FD")
        # Several stripes, so that a run can be divided.
        scalar.create_dataset("values", data=values, chunks=(subjects, -(-values.shape[1] // 4)))
        scalar.create_dataset("column_names", data=[source.encode() for source in np.array(sources)[order]])
        ids = np.arange(values.shape[1])
        if "cells" in study:
            table = file.create_dataset("voxels", data=np.vstack([ids, *study["cells"]]))
            table.attrs["column_names"] = ["voxel_id", "i", "j", "k"]


save("vector.h5", expected["vector"])
save("missing.h5", expected["vector"]["missing"])
save("reordered.h5", expected["vector"]["missing"], np.random.default_rng(3).permutation(subjects))
save("voxels.h5", expected["voxels"])
save("fixels.h5", expected["fixels"])
with open(os.path.join(folder, "cohort.csv"), "w", newline="") as out:
    table = csv.writer(out)
    table.writerow(["source_file", "group", "age", "site"])
    table.writerows(zip(sources, expected["group"], expected["age"], expected["site"]))
np.savetxt(os.path.join(folder, "permutations.txt"), expected["permutations"], "%d")
