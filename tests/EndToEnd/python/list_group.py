"""usage: list_group.py FILE GROUP: prints the names in a group, one per line."""
import sys

import h5py

with h5py.File(sys.argv[1], "r") as file:
    print(*sorted(file[sys.argv[2]]), sep="\n")
