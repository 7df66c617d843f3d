"""usage: alone.py FUNCTION.py COHORT SOURCES VALUES OUT: Python by itself, as alone.R is R by itself."""
import array
import csv
import importlib.util
import math
import random
import sys

told = sys.argv[1:]
spec = importlib.util.spec_from_file_location("function", told[0])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
with open(told[1], newline="") as file:
    cohort = {row["source_file"]: row for row in csv.DictReader(file)}
with open(told[2]) as file:
    sources = file.read().split("\n")[: len(cohort)]
values = array.array("d")
with open(told[3], "rb") as file:
    values.frombytes(file.read())
with open(told[4], "wb") as out:
    for element in range(len(values) // len(sources)):
        x = values[element * len(sources) : (element + 1) * len(sources)]
        rows = [i for i in range(len(x)) if math.isfinite(x[i])]
        if len(rows) <= max(10, 0.2 * len(sources)):
            continue
        data = {"FD": [x[i] for i in rows]}
        for column in ("Age", "sex"):
            data[column] = [cohort[sources[i]][column] for i in rows]
        random.seed((1000003 + element) % 2147483647)
        array.array("d", [element, *module.fit(data, k=3).values()]).tofile(out)
