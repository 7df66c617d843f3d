"""usage: read_dataset.py FILE DATASET: the dataset's shape, attributes and values as JSON; NaN is null."""
import json
import sys

import h5py
import numpy as np

path, name = sys.argv[1:]
with h5py.File(path, "r") as file:
    dataset = file[name]
    values = np.asarray(dataset, dtype="f8")
    plain = {key: value.tolist() if hasattr(value, "tolist") else value for key, value in dataset.attrs.items()}
texts = {key: [one.decode() if isinstance(one, bytes) else one for one in value] if isinstance(value, list) else str(value) for key, value in plain.items()}
print(json.dumps({"shape": values.shape, "attributes": texts, "values": [None if np.isnan(one) else one for one in values.ravel()]}))
