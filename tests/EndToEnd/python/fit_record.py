"""usage: fit_record.py FILE ANALYSIS: prints what is stored about a fit, a line per fact, as h5py reads it."""
import sys

import h5py
import numpy


def words(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, numpy.ndarray):
        return "|".join(words(one) for one in value.tolist())
    return str(value)


with h5py.File(sys.argv[1], "r") as file:
    analysis = file["results"][sys.argv[2]]
    for name, value in sorted(analysis.attrs.items()):
        print(name, words(value), sep="=")
    for name in sorted(analysis):
        if name.startswith("hpcfit_"):
            print("dataset " + name, len(analysis[name]), len(words(analysis[name][:])), sep="=")
