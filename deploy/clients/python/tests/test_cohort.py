"""The types of a DataFrame's columns in the cohort that is written."""

import datetime
import json
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from hpcfit import HpcFitWarning, _cohort


def column(values):
    return _cohort.columns(pd.DataFrame({"x": values}))[0]


class Columns(unittest.TestCase):
    def test_types_are_declared_and_missing_values_are_null(self):
        for values, expected, written in [
            (pd.Series([1.5, np.nan, np.inf]), "number", [1.5, None, "Inf"]),
            (pd.Series([1, 2, 3]), "integer", [1, 2, 3]),
            (pd.Series([1, None, 3], dtype="Int64"), "integer", [1, None, 3]),
            (pd.Series([2**31 - 1, 2**31]), "number", [2**31 - 1, 2**31]),
            (pd.Series([True, False]), "logical", [True, False]),
            (pd.Series([True, None], dtype="boolean"), "logical", [True, None]),
            (pd.Series([True, None]), "logical", [True, None]),
            (pd.Series(["1", None, "n/a"]), "text", ["1", None, "n/a"]),
            (pd.Series(["a", pd.NA], dtype="string"), "text", ["a", None]),
            (pd.Series([1, 2.5, None], dtype=object), "number", [1.0, 2.5, None]),
            (pd.Series([None, None], dtype=object), "logical", [None, None]),
            (pd.Series([0.1], dtype="float32"), "number", [0.10000000149011612]),
        ]:
            with self.subTest(values=list(values), dtype=values.dtype):
                self.assertEqual(column(values), {"name": "x", "type": expected, "values": written})

    def test_categories_are_levels_in_their_order(self):
        site = pd.Categorical(["Oslo", None, "Rome"], categories=["Rome", "Oslo", "Bonn"])
        self.assertEqual(
            column(site), {"name": "x", "type": "factor", "levels": ["Rome", "Oslo", "Bonn"], "values": ["Oslo", None, "Rome"]}
        )
        dose = pd.Categorical([10, 2.5], categories=[2.5, 10], ordered=True)
        self.assertEqual(column(dose), {"name": "x", "type": "ordered", "levels": ["2.5", "10"], "values": ["10", "2.5"]})

    def test_columns_of_other_types_are_left_out_with_a_warning(self):
        for values in [[datetime.datetime(2020, 1, 1)], [1j], [["a"]], ["a", 1], [2**60]]:
            with self.subTest(values=values), self.assertWarnsRegex(HpcFitWarning, "the cohort's column 'x' is left out"):
                self.assertEqual(_cohort.columns(pd.DataFrame({"x": values})), [])

    def test_names_must_be_distinct_texts(self):
        with self.assertRaisesRegex(TypeError, "the name 0; a text"):
            _cohort.columns(pd.DataFrame([[1]]))
        with self.assertRaisesRegex(ValueError, "several columns with the name 'a'"):
            _cohort.columns(pd.DataFrame([[1, 2]], columns=["a", "a"]))

    def test_a_named_index_is_a_column(self):
        table = pd.DataFrame({"Age": [1.0]}, index=pd.Index(["s1"], name="source_file"))
        self.assertEqual([one["name"] for one in _cohort.columns(table)], ["source_file", "Age"])

    def test_equal_tables_are_the_same_file_and_others_are_not(self):
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("error")
            first = _cohort.write(pd.DataFrame({"é": [0.1]}), Path(folder))
            self.assertEqual(_cohort.write(pd.DataFrame({"é": [0.1]}), Path(folder)), first)
            self.assertNotEqual(_cohort.write(pd.DataFrame({"é": [0.2]}), Path(folder)), first)
            self.assertEqual(json.loads(first.read_text("utf-8"))["columns"][0]["name"], "é")
            self.assertEqual(len(list(Path(folder).iterdir())), 2)


if __name__ == "__main__":
    unittest.main()
