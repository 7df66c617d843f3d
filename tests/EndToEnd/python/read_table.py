"""usage: read_table.py TABLE VALUES

Reads a CSV file with pandas, and writes its numbers to VALUES as float64, column by column.
"""
import sys

import pandas

table = pandas.read_csv(sys.argv[1], float_precision="round_trip")
table.to_numpy(dtype="f8").T.tofile(sys.argv[2])
