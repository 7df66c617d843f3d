"""usage: rewrite_scalar.py FILE NAME LAYOUT: stores the values of the scalar NAME again, as LAYOUT (contiguous, plain, lzf, gzip, external)."""
import sys

import h5py

path, name, layout = sys.argv[1:]
options = {
    "contiguous": {},
    "plain": {"chunks": (20, 500)},
    "lzf": {"chunks": (20, 500), "compression": "lzf"},
    "gzip": {"chunks": (20, 500), "compression": "gzip", "fletcher32": True},
    "external": {"external": [(path + ".raw", 0, h5py.h5f.UNLIMITED)]},
}[layout]
with h5py.File(path, "a") as file:
    group = file["scalars/" + name]
    values, attributes = group["values"][...], dict(group["values"].attrs)
    del group["values"]
    group.create_dataset("values", data=values, **options).attrs.update(attributes)
