"""Writes a matrix of results with h5py, as HpcFit does: shuffle, gzip 1, chunks of 1 MB in one row.

usage: write_matrix.py values.f64 ELEMENTS results.h5    (values: columns x elements)
"""
import sys
import time

import h5py
import numpy as np

elements = int(sys.argv[2])
values = np.fromfile(sys.argv[1]).reshape(-1, elements)
started = time.perf_counter()
with h5py.File(sys.argv[3], "w") as file:
    file.create_dataset("results/bench/results_matrix", data=values, chunks=(1, min(131072, elements)), shuffle=True, compression="gzip", compression_opts=1)
print(f"write {time.perf_counter() - started:.4f}")
