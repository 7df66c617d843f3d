"""The wheel: built without network, installed by pip, and with its own programs."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import hpcfit

BUILD = Path(__file__).resolve().parents[1] / "build-wheel"


class Wheel(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def build(self, programs):
        return subprocess.run([sys.executable, BUILD, programs, self.folder / "out"], capture_output=True, text=True)

    def test_an_installed_wheel_uses_its_own_programs(self):
        programs = self.folder / "programs"
        (programs / "host").mkdir(parents=True)
        (programs / "host" / "data.txt").write_text("a file in a folder of the programs")
        for name in ["hpcfit", "hpcfit-worker"]:
            (programs / name).write_text(f'#!/bin/sh\necho "from the wheel"\nexec {hpcfit.find_program()} "$@"\n')
            (programs / name).chmod(0o755)
        built = self.build(programs)
        self.assertEqual(built.returncode, 0, built.stderr)
        self.assertEqual(self.build(programs).stdout, built.stdout)
        site = self.folder / "site"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-cache-dir", "--target", site]
        installed = subprocess.run([*pip, built.stdout.strip()], capture_output=True, text=True)
        self.assertEqual(installed.returncode, 0, installed.stderr)
        self.assertTrue((site / "hpcfit" / "py.typed").exists())
        self.assertTrue((site / "hpcfit" / "programs" / "host" / "data.txt").exists())
        environment = {name: value for name, value in os.environ.items() if name != "HPCFIT"}
        script = "import hpcfit; print(hpcfit.find_program()); print(hpcfit._program.run(['version-of-nothing']))"
        answer = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, env={**environment, "PYTHONPATH": str(site)}, cwd="/"
        )
        self.assertEqual(answer.stdout.strip(), str(site / "hpcfit" / "programs" / "hpcfit"))
        self.assertIn("HpcFitError", answer.stderr)
        self.assertIn("version-of-nothing", answer.stderr)

    def test_a_folder_without_the_programs_is_refused(self):
        answer = self.build(self.folder)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("has no program hpcfit or hpcfit-worker; make the folder with deploy/release/build", answer.stderr)


if __name__ == "__main__":
    unittest.main()
