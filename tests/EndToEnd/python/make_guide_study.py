"""usage: make_guide_study.py FOLDER

Writes the study that the examples of docs/ are run with: FOLDER/data.h5 with the scalars FDC, FD and T1w of 50 subjects (FDC has an
effect of Age, at every tenth element, and missing subjects at some elements), FOLDER/cohort.csv, in which one subject has no Age, the
fixel folder FOLDER/fixels, and FOLDER/voxels.h5 with the scalar FA of the same subjects.
"""
import csv
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]
elements, subjects = 400, 50
rng = np.random.default_rng(17)

age = rng.uniform(8, 22, subjects).round(2)
columns = {
    "sex": np.array(["F", "M"])[np.arange(subjects) % 2],
    "site": np.array(["A", "B", "C"])[np.arange(subjects) % 3],
    "motion": rng.gamma(2, 0.1, subjects).round(4),
    "BMI": rng.normal(21, 3, subjects).round(1),
    "qc": (rng.uniform(size=subjects) > 0.15).astype(int),
    "w": rng.uniform(0.5, 2, subjects).round(3),
}
names = [f"sub-{i:03d}.mif" for i in range(subjects)]

with h5py.File(os.path.join(folder, "data.h5"), "w") as file:
    for scalar in ["FDC", "FD", "T1w"]:
        values = rng.normal(1, 0.1, (subjects, elements)).astype("f4")
        if scalar == "FDC":
            values[:, ::10] += (0.02 * (age - 15)).astype("f4")[:, None]
            for element in range(3, elements, 20):
                values[rng.choice(subjects, 4, replace=False), element] = np.nan
        group = file.create_group(f"scalars/{scalar}")
        group.create_dataset("values", data=values, chunks=(subjects, 100), compression="gzip", shuffle=True)
        group.create_dataset("column_names", data=[name.encode() for name in names])
    ids = np.arange(elements)
    fixels = file.create_dataset("fixels", data=np.stack([ids, ids // 2, ids % 3 == 0, ids % 3 == 1, ids % 3 == 2]).astype("f8"))
    fixels.attrs["column_names"] = ["fixel_id", "voxel_id", "x", "y", "z"]
    cells = np.arange(elements // 2)
    voxels = file.create_dataset("voxels", data=np.stack([cells, cells // 40, cells // 4 % 10, cells % 4]))
    voxels.attrs["column_names"] = ["voxel_id", "i", "j", "k"]
    voxels.attrs["shape"] = [5, 10, 4]
    affine = np.array([[2.0, 0, 0, -4], [0, 2, 0, -10], [0, 0, 2, 6], [0, 0, 0, 1]])
    voxels.attrs["affine"] = affine
    directions = fixels[2:].T.astype("f4")


def write_mif(name, values, vox, kind):
    """An MRtrix image whose first axis varies fastest."""
    extents = ",".join(map(str, values.shape))
    layout = ",".join(f"+{axis}" for axis in range(values.ndim))
    transform = "".join(f"transform: {','.join(map(str, row))}\n" for row in np.c_[np.eye(3), affine[:3, 3]])
    with open(os.path.join(folder, "fixels", name), "wb") as out:
        head = f"mrtrix image\ndim: {extents}\nvox: {vox}\nlayout: {layout}\ndatatype: {kind}\n{transform}file: . 512\nEND\n"
        out.write(head.encode().ljust(512, b"\0") + values.tobytes(order="F"))


os.mkdir(os.path.join(folder, "fixels"))
index = np.stack([np.full((5, 10, 4), 2), 2 * cells.reshape(5, 10, 4)], axis=-1)
write_mif("index.mif", index.astype("<u4"), "2,2,2,1", "UInt32LE")
write_mif("directions.mif", directions[:, :, None].astype("<f4"), "1,1,1", "Float32LE")

with h5py.File(os.path.join(folder, "voxels.h5"), "w") as file:
    values = np.random.default_rng(18).normal(0.5, 0.1, (subjects, len(cells))).astype("f4")
    values[:, :40] += (0.01 * (age - 15)).astype("f4")[:, None]
    group = file.create_group("scalars/FA")
    group.create_dataset("values", data=values, chunks=(subjects, 100), compression="gzip", shuffle=True)
    group.create_dataset("column_names", data=[name.encode() for name in names])
    grid = file.create_dataset("voxels", data=np.stack([cells, cells // 40, cells // 4 % 10, cells % 4]))
    grid.attrs["column_names"] = ["voxel_id", "i", "j", "k"]

with open(os.path.join(folder, "cohort.csv"), "w", newline="") as out:
    table = csv.writer(out)
    table.writerow(["subject_id", "source_file", "Age", *columns])
    for i in rng.permutation(subjects):
        table.writerow([f"sub-{i:03d}", names[i], "NA" if i == 7 else age[i], *(values[i] for values in columns.values())])
