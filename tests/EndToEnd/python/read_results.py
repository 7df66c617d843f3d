"""usage: read_results.py FILE ANALYSIS OUT: the column names as JSON on standard output, the columns as raw doubles in OUT."""
import json
import sys

import h5py
import numpy as np

path, analysis, out = sys.argv[1:]
with h5py.File(path, "r") as file:
    group = file["results"][analysis]
    names = [name.decode() if isinstance(name, bytes) else str(name) for name in group["column_names"][()]]
    matrix = group["results_matrix"][()]
assert matrix.shape[0] == len(names), (matrix.shape, len(names))
np.ascontiguousarray(matrix, dtype="<f8").tofile(out)
print(json.dumps(names))
