"""usage: dump_scalar.py FILE SCALAR OUT: the source names, one a line, on standard output; the values as raw doubles, element by element, in OUT."""
import sys

import h5py
import numpy as np

path, scalar, out = sys.argv[1:]
with h5py.File(path, "r") as file:
    group = file["scalars"][scalar]
    values = group["values"][()].astype("<f8")
    names = [name.decode() if isinstance(name, bytes) else str(name) for name in group["column_names"][()]]
np.ascontiguousarray(values.T).tofile(out)
print("\n".join(names))
