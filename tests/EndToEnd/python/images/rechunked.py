"""usage: rechunked.py make FILE               a ModelArray file with scalars of every bad layout, and things that must be kept
       rechunked.py judge FILE NEW [DTYPE]  the new file holds the same, with chunks over all subjects
"""
import sys

import h5py
import numpy as np

subjects, elements = 40, 700


def make(path):
    rng = np.random.default_rng(5)
    names = np.array([f"größe/sub-{i}.mif" for i in range(subjects)], dtype=h5py.string_dtype())
    with h5py.File(path, "w") as file:
        file.attrs["made_by"] = "a test"
        file.create_group("scalars").attrs["unit"] = ["mm", "ms"]
        for name, dtype, layout in (
            ("tiny", "f4", {"chunks": (32, 32), "compression": "gzip", "fletcher32": True}),
            ("rows", "f8", {"chunks": (1, elements), "compression": "gzip", "shuffle": True}),
            ("plain", ">f4", {}),
            ("whole", "i2", {"chunks": (subjects, elements), "compression": "gzip"}),
            ("squeezed", "f4", {"chunks": (10, 64), "compression": "lzf"}),
            ("turned", "f8", {"chunks": (100, 7)}),
        ):
            values = rng.normal(0, 100, (subjects, elements)).astype(dtype)
            if values.dtype.kind == "f":
                values[3, 5], values[4, 6] = np.nan, np.inf
            dataset = file.create_dataset(f"scalars/{name}/values", data=values.T if name == "turned" else values, **layout)
            if name == "plain":
                dataset.attrs["column_names"] = names
            else:
                file[f"scalars/{name}/column_names"] = names
        file["scalars/tiny"].attrs["note"] = 3.5
        file["voxels"] = rng.integers(0, 90, (4, elements))
        file["voxels"].attrs["column_names"] = ["voxel_id", "i", "j", "k"]
        file.create_dataset("results/lm/results_matrix", data=rng.normal(size=(3, elements)), chunks=(3, 32), compression="gzip")
        file["results/lm/column_names"] = np.array([b"element_id", b"a", b"b"])
        file["parcels/parcel_id"] = np.array(["V1", "V2"], dtype=h5py.string_dtype())
        file["odd"] = np.array([(1, 2.5)], dtype=[("id", "i4"), ("x", "f8")])
        file["nowhere"] = h5py.SoftLink("/gone")


def judge(path, new, dtype=None):
    with h5py.File(path, "r") as old, h5py.File(new, "r") as file:
        there = []
        old.visit(there.append)
        kept = []
        file.visit(kept.append)
        assert there == kept, set(there) ^ set(kept)
        for name in ["/", *there]:
            assert list(old[name].attrs) == list(file[name].attrs), name
            for key in old[name].attrs:
                np.testing.assert_array_equal(old[name].attrs[key], file[name].attrs[key])
            if not isinstance(old[name], h5py.Dataset):
                continue
            one, two = old[name][()], file[name][()]
            if name.startswith("scalars/") and name.endswith("/values"):
                one = one.T if name == "scalars/turned/values" else one
                natural = "f8" if one.dtype == np.float64 else "f4"
                assert two.dtype == np.dtype(dtype or natural), (name, two.dtype)
                assert file[name].chunks[0] == subjects and file[name].compression == "gzip" and file[name].shuffle, name
                one = one.astype(two.dtype)
            else:
                assert one.dtype == two.dtype and file[name].chunks == old[name].chunks, name
            np.testing.assert_array_equal(one, two, err_msg=name)


globals()[sys.argv[1]](*sys.argv[2:])
