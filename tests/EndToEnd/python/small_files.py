"""usage: small_files.py FOLDER

Writes FOLDER/old.h5 and FOLDER/new.h5 (HDF5's oldest and newest format): two scalars in different layouts with names as fixed and variable strings,
an analysis, a table; and FOLDER/cohort.csv. Small, so that a random change often hits what libhdf5 parses.
"""
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]
subjects, elements = 16, 120


def make(path, **options):
    rng = np.random.default_rng(1)
    with h5py.File(path, "w", **options) as file:
        for name, chunks in (("FD", (subjects, 40)), ("FC", (4, 30))):
            scalar = file.create_group("scalars/" + name)
            values = scalar.create_dataset("values", data=rng.normal(1, 0.2, (subjects, elements)).astype("f4"), chunks=chunks, compression="gzip", shuffle=True, fletcher32=name == "FC")
            names = [f"sub-{i:04d}.mif" for i in range(subjects)]
            if name == "FD":
                scalar.create_dataset("column_names", data=[one.encode() for one in names])
            else:
                values.attrs["column_names"] = np.array(names, dtype=h5py.string_dtype())
        file.create_dataset("fixels", data=np.arange(elements * 5, dtype="f4").reshape(elements, 5))
        analysis = file.create_group("results/old")
        columns = ["element_id", "Age.estimate", "Age.p.value"]
        matrix = analysis.create_dataset("results_matrix", data=rng.normal(size=(3, elements)), chunks=(1, elements), compression="gzip")
        analysis.create_dataset("column_names", data=np.array(columns, dtype=h5py.string_dtype()))
        matrix.attrs["colnames"] = np.array([one.encode() for one in columns])


make(os.path.join(folder, "old.h5"))
make(os.path.join(folder, "new.h5"), libver="latest")
rng = np.random.default_rng(2)
with open(os.path.join(folder, "cohort.csv"), "w") as out:
    out.write("subject_id,scalar_name,source_file,Age,sex\n")
    for i in range(subjects):
        out.write(f"sub-{i:04d},FD,sub-{i:04d}.mif,{rng.uniform(8, 20):.2f},{'FM'[i % 2]}\n")
