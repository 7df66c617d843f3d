"""usage: add_foreign_analysis.py FILE NAME: adds an analysis as ModelArray's writeResults stores it, 40 of 50 elements with values."""
import sys

import h5py
import numpy as np

columns = ["element_id", "Age.estimate", "Age.p.value", "model.adj.r.squared", "Age.p.value.fdr"]
values = np.full((len(columns), 50), np.nan)
values[0] = np.arange(50)
values[1:, :40] = 0.5
with h5py.File(sys.argv[1], "a") as file:
    matrix = file.create_dataset(f"results/{sys.argv[2]}/results_matrix", data=values)
    matrix.attrs["colnames"] = columns
