"""The models: each fits all elements with the program and returns the results."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, Union

from . import _cohort, _function
from ._options import CustomOptions, GamOptions, LinearOptions, MixedGamOptions, MixedOptions, arguments
from ._program import HpcFitWarning, run_json
from ._results import Results

if TYPE_CHECKING:
    import pandas as pd
    from typing_extensions import Unpack

File = Union[str, "os.PathLike[str]"]
Data = Union[File, Mapping[str, File]]
Cohort = Union[File, "pd.DataFrame"]


def lm(
    formula: str,
    data: Data,
    cohort: Cohort | Mapping[str, Cohort],
    *,
    progress: bool = False,
    **options: Unpack[LinearOptions],
) -> Results:
    """Fits a linear model at every element, as R's ``lm``.

    :param formula: R's formula; its left side is a scalar of the data file, unless ``scalar`` names one.
    :param data: the HDF5 file in the ModelArray layout; several files as a mapping from names, with ``merge_on``.
    :param cohort: a CSV, TSV or JSON file, or a pandas DataFrame: categories are factors with their levels and order.
    :param progress: copy the program's messages to ``sys.stderr``.
    :param options: the options of ``hpcfit run`` in snake case: ``weights``, ``subset``, ``full_outputs``, ``workers``, …
        With ``analysis="name"`` results are written into the data file as ``/results/name``, or into ``output``. Without it they go
        into a file in the folder ``DATA.hpcfit``, and the data file is not changed. ``element_subset`` counts from 1.
    :raises HpcFitError: the program reported an error.
    :raises TypeError: an option is unknown, or has a value that it cannot have.
    """
    return _fit("lm", ["--formula", formula], data, cohort, progress, arguments(options, LinearOptions, "lm"), dict(options))


def lmm(
    formula: str,
    data: Data,
    cohort: Cohort | Mapping[str, Cohort],
    *,
    progress: bool = False,
    **options: Unpack[MixedOptions],
) -> Results:
    """Fits a linear mixed model, with random terms such as ``(1 | id)``, ``(visit | id)`` or ``(1 | site/id)``, at every element, as
    lmerTest's ``lmer``. Parameters are those of :func:`lm`."""
    return _fit("lmm", ["--formula", formula], data, cohort, progress, arguments(options, MixedOptions, "lmm"), dict(options))


def gam(
    formula: str,
    data: Data,
    cohort: Cohort | Mapping[str, Cohort],
    *,
    progress: bool = False,
    **options: Unpack[GamOptions],
) -> Results:
    """Fits a generalized additive model at every element, as mgcv's ``gam``. Parameters are those of :func:`lm`; a ``family`` other than
    Gaussian needs ``method="REML"`` or ``"ML"``."""
    return _fit("gam", ["--formula", formula], data, cohort, progress, arguments(options, GamOptions, "gam"), dict(options))


def gamm(
    formula: str,
    data: Data,
    cohort: Cohort | Mapping[str, Cohort],
    *,
    progress: bool = False,
    **options: Unpack[MixedGamOptions],
) -> Results:
    """Fits a generalized additive mixed model, with smooths and random terms such as ``(1 | id)`` or ``(1 | site/id)``, at every element,
    as mgcv's ``gam`` with random effects by REML or ML. Parameters are those of :func:`lm`."""
    return _fit("gamm", ["--formula", formula], data, cohort, progress, arguments(options, MixedGamOptions, "gamm"), dict(options))


def custom(
    function: File | Callable[..., Any],
    data: Data,
    cohort: Cohort | Mapping[str, Cohort],
    *,
    progress: bool = False,
    **options: Unpack[CustomOptions],
) -> Results:
    """Calls a function with the data of every element; its values are the result columns.

    :param function: a file (``.R``, ``.py``, ``.csx``, ``.dll``), or a Python function. A function runs in processes of its own: its
        text is copied with the imports, constants and functions that it uses. Its argument is a pandas DataFrame.

    The other parameters are those of :func:`lm`.
    """
    line = arguments(options, CustomOptions, "custom")
    if isinstance(function, FunctionType):
        if "function_name" in options:
            raise TypeError("custom(): function_name is for files with several functions; a function was given")
        path: File = _function.write(function, _folder(data, options))
        line += ["--function-name", function.__name__]
    elif isinstance(function, (str, os.PathLike)):
        path = function
    else:
        raise TypeError(f"custom(): {function!r}: a file or a function defined by 'def' was expected")
    return _fit("custom", ["--function", os.fspath(path)], data, cohort, progress, line, dict(options))


def _fit(
    model: str,
    what: list[str],
    data: Data,
    cohort: Cohort | Mapping[str, Cohort],
    progress: bool,
    options: list[str],
    given: Mapping[str, Any],
) -> Results:
    line = ["run", "--model", model, *what, *_named("--data", data)]
    folder = _folder(data, given)
    if isinstance(cohort, Mapping):
        line += _named("--phenotypes", {name: _path(one, folder) for name, one in cohort.items()})
    else:
        line += ["--phenotypes", os.fspath(_path(cohort, folder))]
    line += options
    if given.get("analysis") is None:
        line += ["--analysis", model, *_own_output(line, folder, given)]
    result = run_json(line, progress=progress)
    for warning in result.get("warnings", []):
        warnings.warn(warning, HpcFitWarning, stacklevel=3)
    return Results(result["file"], result["analysis"])


def _own_output(line: list[str], folder: Path, given: Mapping[str, Any]) -> list[str]:
    """A file for results without a name. Its own name depends on the call, so that the same call replaces nothing else."""
    if given.get("output") is not None:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    call = hashlib.sha256("\0".join([os.getcwd(), *line]).encode()).hexdigest()[:16]
    overwrite = [] if given.get("overwrite") else ["--overwrite"]
    return ["--output", os.fspath(folder / f"results-{call}.h5"), *overwrite]


def _named(option: str, value: Data) -> list[str]:
    if not isinstance(value, Mapping):
        return [option, os.fspath(value)]
    return [text for name, path in value.items() for text in (option, f"{name}={os.fspath(path)}")]


def _path(cohort: Cohort, folder: Path) -> File:
    if _cohort.is_table(cohort):
        return _cohort.write(cohort, folder)  # type: ignore[arg-type]
    if isinstance(cohort, (str, os.PathLike)):
        return cohort
    raise TypeError(f"the cohort is of type {type(cohort).__name__}; a path or a pandas DataFrame was expected")


def _folder(data: Data, given: Mapping[str, Any]) -> Path:
    """Where files of the call are kept, which a run that is resumed needs: next to its run directory."""
    if given.get("scratch") is not None:
        return Path(given["scratch"]).absolute()
    if given.get("run_dir") is not None:
        return Path(given["run_dir"]).absolute().parent
    first = next(iter(data.values())) if isinstance(data, Mapping) else data
    if not Path(first).is_file():
        return Path(first).parent  # the program reports that it is missing; no folder is made for it
    return Path(os.fspath(first) + ".hpcfit")
