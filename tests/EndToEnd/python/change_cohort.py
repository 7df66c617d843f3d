"""usage: change_cohort.py TABLE COLUMN: swaps the values that the first two subjects have in a column."""
import csv
import sys

path, column = sys.argv[1:]
with open(path, newline="") as file:
    rows = list(csv.DictReader(file))
rows[0][column], rows[1][column] = rows[1][column], rows[0][column]
with open(path, "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
