"""usage: delete_node.py FILE PATH: deletes a group or dataset, as a user of h5py does."""
import sys

import h5py

with h5py.File(sys.argv[1], "r+") as file:
    del file[sys.argv[2]]
