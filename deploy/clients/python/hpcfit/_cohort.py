"""A pandas DataFrame as a cohort in JSON, whose columns declare their types (docs/formats/cohort-json.md)."""

from __future__ import annotations

import hashlib
import json
import math
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._program import HpcFitWarning

if TYPE_CHECKING:
    import pandas as pd

_LARGEST_INTEGER = 2**31 - 1
_LARGEST_EXACT = 2**53


def is_table(value: Any) -> bool:
    """Whether the value is a pandas DataFrame; pandas is not imported for it."""
    return hasattr(value, "columns") and hasattr(value, "dtypes") and hasattr(value, "index")


def write(table: pd.DataFrame, folder: Path) -> Path:
    """Writes the table into ``folder``, under a name that depends on its content, so that an equal table is an equal file."""
    content = json.dumps({"format": 1, "columns": columns(table)}, ensure_ascii=False, allow_nan=False).encode()
    path = folder / f"cohort-{hashlib.sha256(content).hexdigest()[:16]}.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_bytes(content)
        os.replace(temporary, path)
    return path


def columns(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The columns with their types; those of other types, such as dates, are left out with a warning. A named index is a column."""
    if table.index.name is not None and table.index.name not in table.columns:
        table = table.reset_index()
    wrong = next((name for name in table.columns if not isinstance(name, str) or not name), None)
    if wrong is not None:
        raise TypeError(f"the cohort has a column with the name {wrong!r}; a text that is not empty was expected")
    if not table.columns.is_unique:
        raise ValueError(f"the cohort has several columns with the name '{table.columns[table.columns.duplicated()][0]}'")
    converted = []
    for name in table.columns:
        try:
            converted.append({"name": name, **_column(table[name])})
        except TypeError as reason:
            warnings.warn(f"the cohort's column '{name}' is left out: {reason}", HpcFitWarning, stacklevel=4)
    return converted


def _column(column: pd.Series) -> dict[str, Any]:
    import pandas as pd
    from pandas.api import types

    dtype = column.dtype
    missing = column.isna().to_numpy()
    values = column.tolist()
    if isinstance(dtype, pd.CategoricalDtype):
        return _factor(column, dtype)
    if types.is_bool_dtype(dtype):
        return {"type": "logical", "values": [None if gone else bool(value) for value, gone in zip(values, missing)]}
    if types.is_integer_dtype(dtype):
        return _integers([None if gone else int(value) for value, gone in zip(values, missing)])
    if types.is_float_dtype(dtype):
        return _numbers([None if gone else float(value) for value, gone in zip(values, missing)])
    if types.is_string_dtype(dtype) or types.is_object_dtype(dtype):
        return _objects([None if gone else value for value, gone in zip(values, missing)])
    raise TypeError(f"values of type {dtype} are neither numbers, truth values, texts nor categories")


def _factor(column: pd.Series, dtype: pd.CategoricalDtype) -> dict[str, Any]:
    levels = [_level(category) for category in dtype.categories]
    if len(set(levels)) < len(levels):
        raise TypeError("two categories are the same text")
    codes = column.cat.codes.tolist()
    return {
        "type": "ordered" if dtype.ordered else "factor",
        "levels": levels,
        "values": [levels[code] if code >= 0 else None for code in codes],
    }


def _level(category: Any) -> str:
    """A category as R's as.character writes it."""
    if isinstance(category, str):
        return category
    if isinstance(category, bool) or type(category).__name__ == "bool_":
        return "TRUE" if category else "FALSE"
    if hasattr(category, "__index__"):
        return str(category.__index__())
    if hasattr(category, "__float__"):
        return f"{float(category):.15g}"
    raise TypeError(f"the category {category!r} is neither a text, a number nor a truth value")


def _objects(values: list[Any]) -> dict[str, Any]:
    present = [value for value in values if value is not None]
    if all(isinstance(value, str) for value in present):
        # A column without any value is logical in R's read.csv.
        return {"type": "text" if present else "logical", "values": values}
    if all(isinstance(value, bool) or type(value).__name__ == "bool_" for value in present):
        return {"type": "logical", "values": [None if value is None else bool(value) for value in values]}
    if any(isinstance(value, (str, bool)) or not hasattr(value, "__float__") for value in present):
        kinds = ", ".join(sorted({type(value).__name__ for value in present}))
        raise TypeError(f"it has values of the types {kinds}; numbers, truth values or texts only were expected")
    if all(hasattr(value, "__index__") for value in present):
        return _integers([None if value is None else value.__index__() for value in values])
    return _numbers([None if value is None else float(value) for value in values])


def _integers(values: list[int | None]) -> dict[str, Any]:
    largest = max((abs(value) for value in values if value is not None), default=0)
    if largest > _LARGEST_EXACT:
        raise TypeError(f"{largest} is larger than 2^53, so that a number of 64 bits would be another one; make it a text")
    return {"type": "integer" if largest <= _LARGEST_INTEGER else "number", "values": values}


def _numbers(values: list[float | None]) -> dict[str, Any]:
    return {"type": "number", "values": [_finite(value) for value in values]}


def _finite(value: float | None) -> float | str | None:
    if value is None or math.isnan(value):
        return None
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return value
