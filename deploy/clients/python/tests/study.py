"""A small study of voxels: FDC depends on Age at every third element."""

from __future__ import annotations

import os

import h5py
import numpy as np
import pandas as pd

SUBJECTS, SHAPE = 30, (4, 3, 2)
ELEMENTS = int(np.prod(SHAPE))
AFFINE = np.array([[2.0, 0, 0, -4], [0, 2, 0, -3], [0, 0, 2, 1], [0, 0, 0, 1]])


def make(folder: str) -> tuple[str, pd.DataFrame, np.ndarray]:
    """The data file, the cohort in the order of the file, and the values of subjects × elements."""
    rng = np.random.default_rng(5)
    names = [f"sub-{number:02d}" for number in range(SUBJECTS)]
    age = rng.uniform(8, 22, SUBJECTS)
    values = rng.normal(1, 0.1, (SUBJECTS, ELEMENTS))
    values[:, ::3] += 0.05 * (age - 15)[:, None]
    path = os.path.join(folder, "data.h5")
    with h5py.File(path, "w") as file:
        group = file.create_group("scalars/FDC")
        group.create_dataset("values", data=values, chunks=(SUBJECTS, 8), compression="gzip")
        group.create_dataset("column_names", data=[name.encode() for name in names])
        cells = np.stack(np.unravel_index(np.arange(ELEMENTS), SHAPE))
        voxels = file.create_dataset("voxels", data=np.vstack([np.arange(ELEMENTS), cells]))
        voxels.attrs["column_names"] = ["voxel_id", "i", "j", "k"]
        voxels.attrs["shape"] = SHAPE
        voxels.attrs["affine"] = AFFINE
    cohort = pd.DataFrame(
        {
            "source_file": names,
            "Age": age,
            "sex": np.array(["M", "F"])[np.arange(SUBJECTS) % 2],
            "site": np.array(["Oslo", "Rome", "Bonn"])[np.arange(SUBJECTS) % 3],
            "smoker": rng.uniform(size=SUBJECTS) > 0.6,
            "visits": rng.integers(1, 5, SUBJECTS),
        }
    )
    return path, cohort, values
