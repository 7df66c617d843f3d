"""usage: strip_record.py FILE ANALYSIS NEW: copies an analysis without what HpcFit stores about its fit, as ModelArray writes it"""
import sys

import h5py

path, analysis, new = sys.argv[1:]
with h5py.File(path, "r+") as file:
    results = file["results"]
    results.copy(analysis, new)
    for name in list(results[new].attrs):
        del results[new].attrs[name]
    del results[new]["element_status"]
