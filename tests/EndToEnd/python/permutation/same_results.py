"""Compares all datasets of an analysis of two files to the bit, and prints their names.

usage: same_results.py FILE OTHER ANALYSIS
"""
import sys

import h5py

file, other, analysis = sys.argv[1:]
with h5py.File(file) as one, h5py.File(other) as two:
    one, two = one["results"][analysis], two["results"][analysis]
    assert set(one) == set(two), (set(one), set(two))
    for name in two:
        assert one[name][()].tobytes() == two[name][()].tobytes(), name
    assert set(one.attrs) == set(two.attrs)
    for name in set(two.attrs) - {"hpcfit_date", "hpcfit_run_directory"}:
        assert one.attrs[name].tobytes() == two.attrs[name].tobytes(), name
    print(*two)
