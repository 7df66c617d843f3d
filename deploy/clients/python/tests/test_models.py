"""Models fitted by the program, from DataFrames and files."""

import os
import signal
import sys
import tempfile
import threading
import time
import unittest
import warnings
from pathlib import Path
from unittest import mock

import hpcfit
import nibabel
import numpy as np
import pandas as pd
import study

SCALE = 2.0


def doubled(values):
    return SCALE * values


def mean_fdc(data):
    return {"mean": float(np.mean(data["FDC"])), "doubled": float(doubled(data["FDC"]).mean())}


def slow(data):
    time.sleep(5)
    return {"v": 1.0}


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data, cls.cohort, cls.values = study.make(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        warnings.simplefilter("error")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def test_lm_has_the_least_squares_estimates_and_leaves_the_data_file_alone(self):
        before = Path(self.data).read_bytes()
        fit = hpcfit.lm("FDC ~ Age + smoker", self.data, self.cohort.sample(frac=1, random_state=1), workers=1)
        design = np.column_stack([np.ones(study.SUBJECTS), self.cohort["Age"], self.cohort["smoker"]])
        expected = np.linalg.lstsq(design, self.values, rcond=None)[0]
        for name, estimates in zip(["Intercept", "Age", "smokerTRUE"], expected):
            np.testing.assert_allclose(fit[f"{name}.estimate"], estimates, rtol=1e-9)
        self.assertEqual(Path(self.data).read_bytes(), before)
        self.assertEqual(fit.record["hpcfit_formula"], "FDC ~ Age + smoker")
        self.assertTrue((fit.status == 0).all())
        self.assertEqual(fit.status_names[0], "Fitted")
        frame = fit.to_pandas()
        self.assertEqual(list(frame["element_id"]), list(range(study.ELEMENTS)))
        np.testing.assert_array_equal(frame.to_numpy(), fit.to_numpy())
        self.assertEqual(list(fit.to_pandas(["Age.estimate"]).columns), ["Age.estimate"])

    def test_a_DataFrame_and_an_equal_file_give_the_same_run(self):
        self.cohort.to_csv(self.path("cohort.csv"), index=False)
        table = hpcfit.lm("FDC ~ Age + site + visits", self.data, self.cohort)
        # pandas writes True, which is a text to read.csv; the model does not use the column.
        file = hpcfit.lm("FDC ~ Age + site + visits", self.data, self.path("cohort.csv"))
        self.assertEqual(table.record["hpcfit_cohort_digest"], file.record["hpcfit_cohort_digest"])
        self.assertEqual(table.record["hpcfit_run"], file.record["hpcfit_run"])
        np.testing.assert_array_equal(table.to_numpy(), file.to_numpy())

    def test_categories_keep_their_levels_and_order(self):
        cohort = self.cohort.assign(
            site=pd.Categorical(self.cohort["site"], categories=["Rome", "Oslo", "Bonn"]),
            visits=pd.Categorical(self.cohort["visits"], ordered=True),
        )
        names = hpcfit.lm("FDC ~ site + visits", self.data, cohort).columns
        estimates = [name[: -len(".estimate")] for name in names if name.endswith(".estimate")]
        self.assertEqual(estimates, ["Intercept", "siteOslo", "siteBonn", "visits.L", "visits.Q", "visits.C"])

    def test_texts_that_look_like_numbers_are_categories(self):
        cohort = self.cohort.assign(grade=self.cohort["visits"].astype(str))
        self.assertIn("grade2.estimate", hpcfit.lm("FDC ~ grade", self.data, cohort).columns)

    def test_missing_values_of_a_DataFrame_are_missing(self):
        cohort = self.cohort.copy()
        cohort.loc[[3, 4], "Age"] = np.nan
        self.assertEqual(hpcfit.lm("FDC ~ Age", self.data, cohort).record["hpcfit_subjects_used"], study.SUBJECTS - 2)

    def test_gam_fits_a_smooth(self):
        fit = hpcfit.gam("FDC ~ s(Age, k=4) + sex", self.data, self.cohort, method="REML")
        self.assertIn("s_Age.p.value", fit.columns)
        self.assertLess(fit["s_Age.p.value"][0], 1e-6)
        self.assertEqual(fit.record["hpcfit_method"], "REML")

    def test_results_are_written_into_the_data_file_under_a_name(self):
        data, cohort, _ = study.make(tempfile.mkdtemp(dir=self.folder.name))
        fit = hpcfit.lm("FDC ~ Age", data, cohort, analysis="results_age")
        self.assertEqual((str(fit.file), fit.analysis), (data, "results_age"))
        np.testing.assert_array_equal(hpcfit.Results(data, "results_age").to_numpy(), fit.to_numpy())
        with self.assertRaisesRegex(KeyError, "has no analysis 'none'; it has: results_age"):
            hpcfit.Results(data, "none")

    def test_a_map_has_the_values_at_their_voxels(self):
        fit = hpcfit.lm("FDC ~ Age", self.data, self.cohort)
        image = fit.to_nifti("Age.statistic")
        self.assertIsInstance(image, nibabel.Nifti1Image)
        np.testing.assert_array_equal(image.affine, study.AFFINE)
        np.testing.assert_allclose(image.get_fdata(), fit["Age.statistic"].reshape(study.SHAPE), rtol=1e-6)
        with self.assertRaisesRegex(KeyError, "no column 'Age.statistik'; did you mean Age.statistic"):
            fit.to_nifti("Age.statistik")

    def test_a_function_is_called_with_what_it_uses(self):
        fit = hpcfit.custom(mean_fdc, self.data, self.cohort, element_subset=[2, 3])
        np.testing.assert_allclose(fit["mean"], self.values[:, 1:3].mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(fit["doubled"], 2 * fit["mean"], rtol=1e-12)

    def test_a_function_in_a_file_is_called(self):
        Path(self.path("own.py")).write_text("def fit(data, k):\n    return {'n': len(data), 'k': k}\n")
        fit = hpcfit.custom(self.path("own.py"), self.data, self.cohort, element_subset="1:2", function_args={"k": 4})
        self.assertEqual((list(fit["n"]), list(fit["k"])), ([study.SUBJECTS] * 2, [4, 4]))

    def test_a_function_that_uses_an_object_of_the_program_is_refused(self):
        table = self.cohort

        def uses_table(data):
            return {"v": len(table)}

        with self.assertRaisesRegex(TypeError, "uses 'table', a value of type DataFrame"):
            hpcfit.custom(uses_table, self.data, self.cohort)
        with self.assertRaisesRegex(TypeError, "is not defined by a 'def"):
            hpcfit.custom(lambda data: {"v": 1}, self.data, self.cohort)

    def test_errors_have_the_text_and_the_exit_code_of_the_program(self):
        with self.assertRaises(hpcfit.HpcFitError) as caught:
            hpcfit.lm("FDC ~ Agee", self.data, self.cohort)
        self.assertEqual(caught.exception.exit_code, 3)
        message = str(caught.exception)
        self.assertTrue(message.startswith("'Agee' is neither a column of the cohort nor a scalar of the file. Did you mean 'Age'?"), message)
        self.assertTrue(message.endswith("\n        ^^^^"), message)
        with self.assertRaises(hpcfit.HpcFitError) as caught:
            hpcfit.lm("FDC ~ Age", self.path("none.h5"), self.cohort)
        self.assertIn("none.h5", str(caught.exception))
        self.assertEqual(caught.exception.exit_code, 3)

    def test_an_interrupt_ends_the_program_before_it_is_raised(self):
        interrupt = threading.Timer(4, os.kill, (os.getpid(), signal.SIGINT))
        children = []
        start = hpcfit._program.subprocess.Popen

        def started(*arguments, **options):
            children.append(start(*arguments, **options))
            return children[-1]

        with mock.patch.object(hpcfit._program.subprocess, "Popen", started), self.assertRaises(KeyboardInterrupt):
            interrupt.start()
            hpcfit.custom(slow, self.data, self.cohort, element_timeout="60s")
        self.assertIsNotNone(children[0].poll())

    def test_the_program_is_found_by_the_environment_then_by_PATH(self):
        program = hpcfit.find_program()
        folder = os.path.dirname(program)
        with mock.patch.dict(os.environ, {"HPCFIT": folder}):
            self.assertEqual(hpcfit.find_program(), program)
        with mock.patch.dict(os.environ, {"HPCFIT": "/nowhere"}), self.assertRaisesRegex(hpcfit.ProgramNotFoundError, "HPCFIT is '/nowhere'"):
            hpcfit.find_program()
        with mock.patch.dict(os.environ, {"HPCFIT": "", "PATH": folder}):
            self.assertEqual(hpcfit.find_program(), program)
        with mock.patch.dict(os.environ, {"HPCFIT": "", "PATH": "/nowhere"}), self.assertRaises(hpcfit.ProgramNotFoundError):
            hpcfit.find_program()


if __name__ == "__main__":
    sys.exit(unittest.main())
