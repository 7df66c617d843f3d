"""The options of ``hpcfit run`` as keyword arguments, and their translation into its command line."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, Union

Texts = Union[str, Sequence[str]]
Path = Union[str, "os.PathLike[str]"]

if TYPE_CHECKING:
    from typing_extensions import Unpack as Unpack  # PEP 692; in `typing` since Python 3.12


class CommonOptions(TypedDict, total=False):
    """Options of every model; ``hpcfit run --help-all`` describes them."""

    # data
    source_column: str
    subset: str
    subjects: str
    merge_on: Texts
    into: str
    element_subset: str | range | Iterable[int]
    no_check_names: bool
    na_strings: Texts
    column: str | Sequence[str] | Mapping[str, str]
    allow_external: bool
    metadata_timeout: str
    num_subj_lthr_abs: int
    num_subj_lthr_rel: float
    # results
    analysis: str
    output: Path
    overwrite: bool
    full_length: bool
    max_journal: str
    accept_changed_inputs: bool
    report: bool
    # running
    workers: int
    threads: int
    jobs: int
    elements_per_job: int
    target_time: str
    stripe_memory: str
    run_dir: Path
    scratch: Path
    retries: int
    max_rounds: int
    on_error: str
    take_over: bool


class ParametricOptions(CommonOptions, total=False):
    """Options of the models with a formula."""

    scalar: str
    weights: str
    contrasts: str | Mapping[str, str]
    contrast: str | Sequence[str] | Mapping[str, str]
    contrasts_file: Path
    f_test: str | Sequence[str]
    anova_type: str
    effect_sizes: bool
    conf_level: float
    full_outputs: bool
    var_model: Texts
    correct_p_value_model: Texts
    log10_p: bool
    column_order: str


class LinearOptions(ParametricOptions, total=False):
    """Options of :func:`hpcfit.lm`."""

    family: str
    link: str
    var_terms: Texts
    correct_p_value_terms: Texts
    se: str
    cluster: str
    # permutation tests
    permutations: int
    permutations_file: Path
    perm_seed: int
    perm_method: str
    errors: str
    alternative: str
    exchange: str | Sequence[str]
    variance_groups: str
    perm_missing: str
    fwe_over: str
    tail: str
    enhance: str
    tfce_like: str
    neighbours: int
    surface: str
    cfe: Path
    cluster_z: float
    cluster_stat: str
    batch_memory: str


class MixedOptions(ParametricOptions, total=False):
    """Options of :func:`hpcfit.lmm`."""

    var_terms: Texts
    correct_p_value_terms: Texts
    ml: bool
    df: str
    test_random: str
    within_between: Texts


class GamOptions(ParametricOptions, total=False):
    """Options of :func:`hpcfit.gam`."""

    family: str
    link: str
    method: str
    gamma: float
    select: bool
    sp: float | Sequence[float]
    knots: str | Sequence[str] | Mapping[str, Sequence[float]]
    basis: str
    smooth_p_values: str
    var_smooth_terms: Texts
    var_parametric_terms: Texts
    correct_p_value_smooth_terms: Texts
    correct_p_value_parametric_terms: Texts
    changed_rsq_term_index: int | Sequence[int]
    smooth_curves: int
    smooth_derivatives: bool
    smooth_intervals: str


class MixedGamOptions(ParametricOptions, total=False):
    """Options of :func:`hpcfit.gamm`."""

    family: str
    link: str
    gamma: float
    select: bool
    knots: str | Sequence[str] | Mapping[str, Sequence[float]]
    basis: str
    smooth_p_values: str
    ml: bool
    test_random: str
    within_between: Texts
    var_smooth_terms: Texts
    var_parametric_terms: Texts
    correct_p_value_smooth_terms: Texts
    correct_p_value_parametric_terms: Texts
    smooth_curves: int
    smooth_derivatives: bool
    smooth_intervals: str


class CustomOptions(CommonOptions, total=False):
    """Options of :func:`hpcfit.custom`."""

    scalar: str
    function_name: str
    function_args: str | Mapping[str, Any]
    scalars: Texts
    seed: int
    write_scalar: str
    element_timeout: str
    function_memory: str


SWITCHES = frozenset(
    (
        "no_check_names allow_external overwrite full_length accept_changed_inputs report take_over full_outputs log10_p select effect_sizes ml "
        "smooth_derivatives"
    ).split()
)
REPEATED = frozenset(["column", "knots", "contrast", "f_test", "exchange"])


def arguments(options: Mapping[str, Any], known: type, function: str) -> list[str]:
    """The options on the command line. ``None`` and ``False`` stand for an option that is not given.

    Raises :class:`TypeError` for an unknown option, naming the nearest ones, and for a value that the option cannot have.
    """
    line: list[str] = []
    for name, value in options.items():
        require_known(name, known, function)
        if value is None:
            continue
        option = "--" + name.replace("_", "-")
        if name in SWITCHES:
            if not isinstance(value, bool):
                raise TypeError(f"{function}(): {name}={value!r}: True or False was expected")
            line += [option] if value else []
        elif name in REPEATED:
            for text in _repeated(name, value, function):
                line += [option, text]
        else:
            line += [option, _text(name, value, function)]
    return line


def require_known(name: str, known: type, function: str) -> None:
    names = list(known.__annotations__)
    if name in names:
        return
    near = difflib.get_close_matches(name, names, 3)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Known options: {', '.join(sorted(names))}."
    raise TypeError(f"{function}() has no option '{name}'. {hint}")


def _repeated(name: str, value: Any, function: str) -> list[str]:
    if isinstance(value, Mapping):
        between = ": " if name == "contrast" else "="
        return [f"{key}{between}{_text(name, one, function)}" for key, one in value.items()]
    return [value] if isinstance(value, str) else [_scalar(name, one, function) for one in value]


def _text(name: str, value: Any, function: str) -> str:
    if isinstance(value, Mapping):
        separator = ", " if name == "function_args" else ","
        return separator.join(f"{key}={one!r}" if name == "function_args" else f"{key}={one}" for key, one in value.items())
    if isinstance(value, (str, bytes, os.PathLike)) or not isinstance(value, Iterable):
        return _scalar(name, value, function)
    if name == "element_subset":
        return ranges([int(one) for one in value], function)
    texts = [_scalar(name, one, function) for one in value]
    comma = next((text for text in texts if "," in text), None)
    if comma is not None:
        raise TypeError(f"{function}(): {name}: '{comma}' contains a comma, which separates the elements of the list")
    return ",".join(texts) if texts else "none"


def _scalar(name: str, value: Any, function: str) -> str:
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    if isinstance(value, (bool, bytes)) or not hasattr(value, "__float__"):
        raise TypeError(f"{function}(): {name}={value!r}: a text or a number was expected")
    # NumPy's numbers are converted; repr gives the shortest text that parses to the same bits.
    return str(value.__index__()) if hasattr(value, "__index__") else repr(float(value))


def ranges(elements: Iterable[int], function: str) -> str:
    """Elements, counted from 1, as ``1:1000,2001``."""
    parts: list[list[int]] = []
    for element in elements:
        if parts and element == parts[-1][1] + 1:
            parts[-1][1] = element
        else:
            parts.append([element, element])
    if not parts:
        raise TypeError(f"{function}(): element_subset is empty")
    return ",".join(f"{first}:{last}" if last > first else f"{first}" for first, last in parts)
