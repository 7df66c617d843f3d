"""usage: show_scalar.py FILE SCALAR: how a scalar lies on disk, as JSON: type, shape, chunks, filters, source names, and how many values are NaN."""
import json
import sys

import h5py
import numpy as np

path, scalar = sys.argv[1:]
with h5py.File(path, "r") as file:
    group = file["scalars"][scalar]
    values = group["values"]
    names = [name.decode() if isinstance(name, bytes) else str(name) for name in group["column_names"][()]]
    print(json.dumps({
        "type": str(values.dtype), "shape": values.shape, "chunks": values.chunks, "gzip": values.compression_opts if values.compression else None,
        "shuffle": values.shuffle, "names": names, "missing": int(np.isnan(values[()]).sum())}))
