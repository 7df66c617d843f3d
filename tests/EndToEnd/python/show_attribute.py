"""usage: show_attribute.py FILE OBJECT NAME: prints one attribute."""
import sys

import h5py

with h5py.File(sys.argv[1], "r") as file:
    print(file[sys.argv[2]].attrs[sys.argv[3]])
