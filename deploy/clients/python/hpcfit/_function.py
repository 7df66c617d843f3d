"""A Python function as a file of its own, which the program's interpreters load."""

from __future__ import annotations

import ast
import hashlib
import inspect
import os
import textwrap
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

_LITERALS = (bool, int, float, complex, str, bytes, type(None))


def write(function: FunctionType, folder: Path) -> Path:
    """Writes the function, and what it uses, into ``folder``, under a name that depends on its content."""
    content = source(function).encode()
    path = folder / f"{function.__name__}-{hashlib.sha256(content).hexdigest()[:16]}.py"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_bytes(content)
        os.replace(temporary, path)
    return path


def source(function: FunctionType) -> str:
    """The text of a module that defines the function: imports, constants and functions that it uses, then the function.

    Raises :class:`TypeError` if the function uses a value that cannot be written as text; the value is named.
    """
    parts: dict[str, str] = {}
    _add(function.__name__, function, parts, function.__name__)
    return "from __future__ import annotations\n\n" + "\n".join(parts.values())


def _add(name: str, value: Any, parts: dict[str, str], user: str) -> None:
    if name in parts:
        return
    if isinstance(value, ModuleType):
        parts[name] = f"import {value.__name__} as {name}\n"
    elif isinstance(value, FunctionType) and not _is_importable(value):
        _add_function(name, value, parts)
    elif isinstance(value, type) or callable(value):
        module, qualified = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        if module in (None, "__main__") or not qualified or "." in qualified:
            raise TypeError(f"the function '{user}' uses '{name}', which is defined in this program; {_advice()}")
        parts[name] = f"from {module} import {qualified} as {name}\n"
    elif _is_literal(value):
        parts[name] = f"{name} = {value!r}\n"
    else:
        raise TypeError(f"the function '{user}' uses '{name}', a value of type {type(value).__name__}, of this program; {_advice()}")


def _add_function(name: str, function: FunctionType, parts: dict[str, str]) -> None:
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except OSError:
        raise TypeError(f"the text of the function '{name}' is not available; {_advice()}") from None
    definition = _definition(text, name)
    closure = inspect.getclosurevars(function)
    known = {**function.__globals__, **closure.nonlocals}
    parts[name] = ""  # its place, before those of functions that call it in a circle
    for used in sorted({node.id for node in ast.walk(definition) if isinstance(node, ast.Name)} - _bound(definition)):
        if used in known and used != name:
            _add(used, known[used], parts, name)
    del parts[name]
    parts[name] = text


def _definition(text: str, name: str) -> ast.FunctionDef:
    try:
        body = ast.parse(text).body
    except SyntaxError:
        body = []
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef) or body[0].name != name:
        raise TypeError(f"the function '{name}' is not defined by a 'def {name}' of its own; {_advice()}")
    if body[0].decorator_list:
        raise TypeError(f"the function '{name}' has a decorator; {_advice()}")
    return body[0]


def _bound(definition: ast.FunctionDef) -> set[str]:
    """The parameters and the names that the function assigns, which are not names of its surroundings."""
    declared = {name for node in ast.walk(definition) if isinstance(node, ast.Global) for name in node.names}
    arguments = {argument.arg for node in ast.walk(definition) if isinstance(node, ast.arguments) for argument in _all(node)}
    stored = {node.id for node in ast.walk(definition) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return (arguments | stored) - declared


def _all(arguments: ast.arguments) -> list[ast.arg]:
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def _is_importable(function: FunctionType) -> bool:
    """Whether another interpreter can import it: it belongs to an installed package, not to the user's script or folder."""
    file = getattr(inspect.getmodule(function), "__file__", None)
    return file is not None and any(part in ("site-packages", "dist-packages") or part.startswith("python3.") for part in Path(file).parts)


def _is_literal(value: Any) -> bool:
    if isinstance(value, (list, tuple, set)):
        return type(value) in (list, tuple, set) and len(value) > 0 and all(map(_is_literal, value)) or value in ([], ())
    if isinstance(value, dict):
        return all(_is_literal(key) and _is_literal(one) for key, one in value.items())
    return type(value) in _LITERALS and value == value and value not in (float("inf"), float("-inf"))


def _advice() -> str:
    return "write the function into a file of its own, with what it needs, and give the file"
