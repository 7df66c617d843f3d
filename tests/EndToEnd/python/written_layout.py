"""usage: written_layout.py FILE ANALYSIS

Prints how an analysis lies in a file, a line per fact, as h5py and the superblock show it.
"""
import sys

import h5py

path, name = sys.argv[1:]
with open(path, "rb") as raw:
    print("superblock", raw.read(9)[8])
with h5py.File(path, "r") as file:
    analysis = file["results"][name]
    print("objects", *sorted(analysis))
    documented = ("date", "formula", "model", "run", "state", "status_counts", "version")  # the others: fit_record.py
    print("attributes", *("hpcfit_" + name for name in documented if "hpcfit_" + name in analysis.attrs), "…")
    for attribute in ("hpcfit_state", "hpcfit_model", "hpcfit_formula", "hpcfit_status_counts"):
        print(attribute, analysis.attrs[attribute].decode())
    matrix = analysis["results_matrix"]
    filters = [matrix.id.get_create_plist().get_filter(i)[:3:2] for i in range(matrix.id.get_create_plist().get_nfilters())]
    print("results_matrix", matrix.dtype.str, *matrix.shape, "chunks", *matrix.chunks, "filters", *(f"{id}{list(values)}" for id, values in filters))
    print("results_matrix attributes", *sorted(matrix.attrs))
    names = analysis["column_names"]
    print("column_names", names.dtype.kind, h5py.check_string_dtype(names.dtype).encoding, *names.shape)
    status = analysis["element_status"]
    print("element_status", status.dtype.str, *status.shape, "codes" in status.attrs)
