"""Keyword arguments on the program's command line."""

import re
import subprocess
import unittest

import numpy as np
from hpcfit import CustomOptions, GamOptions, LinearOptions, MixedOptions, find_program
from hpcfit._options import REPEATED, SWITCHES, arguments


class Options(unittest.TestCase):
    def line(self, **options):
        return arguments(options, GamOptions, "gam")

    def test_values_are_written_as_the_program_reads_them(self):
        self.assertEqual(self.line(full_outputs=True, select=False, scalar=None), ["--full-outputs"])
        self.assertEqual(self.line(element_subset=[1, 2, 3, np.int64(7)]), ["--element-subset", "1:3,7"])
        self.assertEqual(self.line(element_subset="1:5"), ["--element-subset", "1:5"])
        self.assertEqual(self.line(var_model=["AIC", "BIC"]), ["--var-model", "AIC,BIC"])
        self.assertEqual(self.line(correct_p_value_model=[]), ["--correct-p-value-model", "none"])
        self.assertEqual(self.line(contrasts={"site": "contr.sum", "sex": "contr.SAS"}), ["--contrasts", "site=contr.sum,sex=contr.SAS"])
        self.assertEqual(self.line(knots={"angle": [0, 360.5]}), ["--knots", "angle=0,360.5"])
        self.assertEqual(self.line(column={"a": "I(b)", "c": "d"}), ["--column", "a=I(b)", "--column", "c=d"])
        self.assertEqual(self.line(gamma=0.1, workers=np.int32(2)), ["--gamma", "0.1", "--workers", "2"])
        self.assertEqual(
            arguments({"function_args": {"k": 4, "how": "x"}}, CustomOptions, "custom"), ["--function-args", "k=4, how='x'"]
        )

    def test_an_unknown_option_is_refused_with_the_nearest(self):
        with self.assertRaisesRegex(TypeError, r"lm\(\) has no option 'full_output'. Did you mean full_outputs"):
            arguments({"full_output": True}, LinearOptions, "lm")
        with self.assertRaisesRegex(TypeError, r"lm\(\) has no option 'method'"):
            arguments({"method": "REML"}, LinearOptions, "lm")

    def test_values_that_an_option_cannot_have_are_refused(self):
        for options in [{"full_outputs": "yes"}, {"workers": True}, {"var_model": ["a,b"]}, {"scalar": object()}, {"element_subset": []}]:
            with self.subTest(options=options), self.assertRaises(TypeError):
                self.line(**options)

    def test_the_options_are_those_of_the_program(self):
        help_page = subprocess.run([find_program(), "run", "--help-all"], capture_output=True, text=True, check=True).stdout
        programs = {name.replace("-", "_"): bool(value) for name, value in re.findall(r"^  --([a-z0-9-]+)( \S+)?(?=[ \n])", help_page, re.M)}
        known = {**LinearOptions.__annotations__, **GamOptions.__annotations__, **MixedOptions.__annotations__, **CustomOptions.__annotations__}
        parameters = {"spec", "model", "data", "phenotypes", "formula", "function", "dry_run", "log_level", "json"}
        self.assertEqual(set(programs) - parameters, set(known))
        self.assertEqual({name for name in known if not programs[name]}, SWITCHES)
        self.assertLessEqual(REPEATED, set(known))


if __name__ == "__main__":
    unittest.main()
