"""usage: make_variants.py FOLDER: HDF5 files of every kind that h5py makes, one each, named after what is special."""
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]
rng = np.random.default_rng(3)


def fill(file):
    values = rng.normal(size=(30, 200)).astype("f4")
    file.create_dataset("scalars/FD/values", data=values, chunks=(30, 32), compression="gzip", shuffle=True, fletcher32=True)
    file.create_dataset("scalars/FD/column_names", data=[f"sub-{i}".encode() for i in range(30)])
    file.create_dataset("scalars/FC/values", data=values[:, :50], chunks=(7, 9), maxshape=(None, None))
    file.create_dataset("scalars/FC/column_names", data=[f"sub-{i}" for i in range(30)], dtype=h5py.string_dtype())
    file.create_dataset("fixels", data=np.arange(500, dtype=">i4").reshape(100, 5))
    file.create_dataset("never_written", shape=(1000,), dtype="f8")
    file.create_dataset("scaled", data=np.arange(1000), chunks=(100,), scaleoffset=0)
    file.create_dataset("growing", data=np.arange(300.0), chunks=(16,), maxshape=(None,))
    file.attrs["made by"] = "h5py"
    file["scalars/FD"].attrs.create("long", np.arange(2000.0))
    file["results/old/results_matrix"] = rng.normal(size=(4, 200))
    file["alias"] = file["fixels"]
    file["soft"] = h5py.SoftLink("/scalars/FD/values")
    file["elsewhere"] = h5py.ExternalLink("absent.h5", "/x")


def make(name, special=fill, user_block=0, **options):
    path = os.path.join(folder, name + ".h5")
    with h5py.File(path, "w", userblock_size=user_block, **options) as file:
        special(file)
    return path


def with_freed_space(file):
    fill(file)
    file["large"] = np.arange(60_000.0)
    file["after"] = np.arange(100)
    file.flush()
    del file["large"]


def with_many_groups(file):
    fill(file)
    for i in range(300):
        file[f"results/analysis{i:03}/results_matrix"] = np.full((2, 3), i)


make("oldest", libver=("earliest", "v108"))
make("newest", libver="latest")
make("user_block", user_block=1024)
make("user_block_newest", user_block=512, libver="latest")
make("freed_space", with_freed_space)
make("freed_space_newest", with_freed_space, libver="latest")
make("many_groups", with_many_groups)
make("many_groups_newest", with_many_groups, libver="latest")
make("ordered", track_order=True)
for strategy in ("page", "fsm", "aggregate", "none"):
    make("space_" + strategy, with_freed_space, fs_strategy=strategy, fs_persist=strategy in ("page", "fsm"))

# A file that somebody added to in a second session.
with h5py.File(make("second_session"), "r+") as file:
    file["later"] = np.arange(77)
