"""Finding and running the program ``hpcfit``."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any


class HpcFitError(RuntimeError):
    """A failure that the program reported, with its own text.

    ``exit_code`` gives the kind: 2 usage, 3 input that cannot be used, 7 the run or file is in use; the user guide lists all.
    """

    def __init__(self, message: str, exit_code: int, command: list[str]) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.command = command


class HpcFitWarning(UserWarning):
    """A warning about the model, the cohort or the data file."""


class ProgramNotFoundError(FileNotFoundError):
    """No program ``hpcfit`` was found."""


def find_program() -> str:
    """The program: the environment variable ``HPCFIT`` (the program or its folder), else that of the wheel, else that in ``PATH``."""
    named = os.environ.get("HPCFIT")
    if named:
        program = os.path.join(named, "hpcfit") if os.path.isdir(named) else named
        if not os.access(program, os.X_OK) or os.path.isdir(program):
            raise ProgramNotFoundError(f"HPCFIT is '{named}', which is neither the program hpcfit nor a folder that contains it")
        return program
    own = Path(__file__).parent / "programs" / "hpcfit"
    if own.is_file():
        return str(own)
    found = shutil.which("hpcfit")
    if found is None:
        raise ProgramNotFoundError(
            "the program hpcfit was not found: this package has no programs of its own, and PATH has no hpcfit. "
            "Set the environment variable HPCFIT to the program or to its folder."
        )
    return found


def run(arguments: list[str], *, progress: bool = False) -> str:
    """Runs the program and returns its standard output.

    On :class:`KeyboardInterrupt` the program receives SIGINT, ends in an orderly way (finished elements are kept), and is waited for.

    Raises :class:`HpcFitError` if it fails. With ``progress`` its messages are copied to ``sys.stderr``.
    """
    command = [find_program(), *arguments, "--log-level", "info" if progress else "error"]
    environment = {"HPCFIT_PYTHON": sys.executable, "DOTNET_EnableDiagnostics": "0", **os.environ}
    # A session of its own: Ctrl-C in a terminal reaches the program once, through this process, also if it is a notebook.
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        start_new_session=True,
    )
    messages: list[str] = []
    assert child.stderr is not None and child.stdout is not None
    reader = threading.Thread(target=_collect, args=(child.stderr, messages, progress), daemon=True)
    reader.start()
    try:
        output = child.stdout.read()
        exit_code = child.wait()
    except BaseException:
        _stop(child)
        raise
    finally:
        reader.join()
        child.stdout.close()
        child.stderr.close()
    if exit_code != 0:
        raise HpcFitError(_error(messages, exit_code), exit_code, command)
    return output


def run_json(arguments: list[str], *, progress: bool = False) -> dict[str, Any]:
    """Runs a verb with ``--json`` and returns its object."""
    result: dict[str, Any] = json.loads(run([*arguments, "--json"], progress=progress))
    return result


def _collect(stream: IO[str], lines: list[str], progress: bool) -> None:
    for line in stream:
        lines.append(line.rstrip("\n"))
        if progress:
            sys.stderr.write(line)
            sys.stderr.flush()


def _stop(child: subprocess.Popen[str]) -> None:
    """Interrupts the program until it has ended; a further interrupt is passed on, too."""
    while True:
        child.send_signal(signal.SIGINT)
        try:
            child.wait()
            return
        except KeyboardInterrupt:
            continue


def _error(messages: list[str], exit_code: int) -> str:
    """The program's error: from the line that is marked as an error on; all lines if none is marked."""
    first = next((number for number, line in enumerate(messages) if line.startswith("ERR ")), 0)
    text = "\n".join(line[4:] if line.startswith("ERR ") else line for line in messages[first:]).strip()
    if text:
        return text
    return f"hpcfit was ended by signal {-exit_code}" if exit_code < 0 else f"hpcfit ended with exit code {exit_code} and no message"
