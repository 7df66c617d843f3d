"""The Python side of HpcFit's custom models: receives a function and the phenotypes once, then calls the function at batches of elements.

Standard library only; numpy and pandas are used when they are there. The protocol is documented in docs/formats/bridge.md;
descriptors 100 and 101 are its two pipes.
"""
import array
import math
import os
import random
import struct
import sys
import traceback
import types

try:
    import numpy
except ImportError:
    numpy = None
try:
    import pandas
except ImportError:
    pandas = None

MISSING = -2147483648
questions = os.fdopen(100, "rb", 1 << 16)
answers = os.fdopen(101, "wb", 1 << 16)


def read_bytes(length):
    data = questions.read(length)
    if len(data) < length:
        os._exit(0)  # the worker has closed the pipe
    return data


def read_int():
    return struct.unpack("<i", read_bytes(4))[0]


def read_ints(count):
    return array.array("i", read_bytes(4 * count))


def read_doubles(count):
    data = read_bytes(8 * count)
    return array.array("d", data) if numpy is None else numpy.frombuffer(data, "<f8")


def read_texts():
    missing = read_bytes(read_int())
    texts = read_bytes(read_int()).decode("utf-8").split("\0")[: len(missing)]
    return [None if gone else text for gone, text in zip(missing, texts)]


def write_int(value):
    answers.write(struct.pack("<i", value))


def write_texts(texts):
    data = [text.replace("\0", " ").encode("utf-8", "replace") + b"\0" for text in texts]
    write_int(len(data))
    answers.write(bytes(len(data)))
    write_int(sum(map(len, data)))
    answers.write(b"".join(data))


# --- the phenotypes ---------------------------------------------------------------------------------------------------------------


def read_column(rows):
    """A phenotype as a pandas, numpy or plain list value, whichever is available; None and NaN are missing."""
    kind = read_int()
    if kind == 0:
        return read_doubles(rows)
    if kind == 1:
        return numbers(read_ints(rows))
    if kind == 2:
        return truths(read_ints(rows))
    if kind == 3:
        return objects(read_texts())
    levels = read_texts()
    codes = [code - 1 if code != MISSING else -1 for code in read_ints(rows)]
    if pandas is not None:
        return pandas.Categorical.from_codes(codes, levels, ordered=kind == 5)
    return objects([levels[code] if code >= 0 else None for code in codes])


def numbers(values):
    if MISSING in values:
        values = [math.nan if value == MISSING else float(value) for value in values]
        return array.array("d", values) if numpy is None else numpy.array(values)
    return values if numpy is None else numpy.array(values, dtype="i8")


def truths(values):
    values = [None if value == MISSING else bool(value) for value in values]
    if numpy is None or None in values:
        return objects(values)
    return numpy.array(values)


def objects(values):
    return values if numpy is None else numpy.array(values, dtype=object)


def take(column, at):
    if isinstance(column, array.array):
        return array.array(column.typecode, [column[i] for i in at])
    return [column[i] for i in at] if isinstance(column, list) else column[at]


# --- the function -----------------------------------------------------------------------------------------------------------------


def load_function(path, folder, text, name):
    """The function of that name, or the one named fit."""
    sys.path.insert(0, folder)
    module = types.ModuleType("hpcfit_function")
    module.__file__ = path
    sys.modules[module.__name__] = module
    exec(compile(text, path, "exec"), module.__dict__)
    wanted = name or "fit"
    if callable(getattr(module, wanted, None)):
        return getattr(module, wanted)
    known = [key for key, value in vars(module).items() if isinstance(value, types.FunctionType) and value.__module__ == module.__name__]
    raise NameError(f"it defines no function '{wanted}'. Functions it defines: {', '.join(known) or 'none'}" + ("" if name else "; name one with --function-name"))


def bind_arguments(function, text):
    """A function of the data alone: the user's, with its further arguments."""
    if not text.strip():
        return function
    try:
        positional, named = eval(f"(lambda *a, **k: (a, k))({text}\n)", dict(sys.modules["hpcfit_function"].__dict__))
    except Exception as error:
        raise ValueError(f"--function-args '{text}' are not valid Python arguments (k=4, method=\"x\"): {error}") from error
    return lambda data: function(data, *positional, **named)


# --- what it returns --------------------------------------------------------------------------------------------------------------


def flatten(answer):
    """The result of the function, as names and numbers."""
    if answer is None:
        raise ValueError("it returned nothing; a dict, a Series, a one-row DataFrame or a list of numbers was expected")
    if pandas is not None and isinstance(answer, pandas.DataFrame):
        if len(answer) != 1:
            raise ValueError(f"it returned a DataFrame of {len(answer)} rows; one row was expected")
        answer = answer.iloc[0]
    if hasattr(answer, "items"):
        pairs = [(str(name), value) for name, value in answer.items()]
    elif isinstance(answer, (str, bytes)) or (numpy is not None and isinstance(answer, numpy.ndarray) and answer.ndim > 1):
        raise ValueError(f"it returned {shown(answer)}; numbers were expected")
    elif hasattr(answer, "__iter__"):
        pairs = [(f"v{i}", value) for i, value in enumerate(answer, 1)]
    else:
        pairs = [("v1", answer)]
    if not pairs:
        raise ValueError("it returned no values")
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError(f"it returned '{next(name for name in names if names.count(name) > 1)}' twice")
    return names, [number(name, value) for name, value in pairs]


def number(name, value):
    if not isinstance(value, (str, bytes, complex)):
        try:
            return math.nan if value is None or (pandas is not None and value is pandas.NA) else float(value)
        except (TypeError, ValueError):
            pass
    raise ValueError(f"it returned {shown(value)} as '{name}'; a number was expected")


def shown(value):
    return f"{type(value).__name__} {value!r}"[:200]


def arrange(answer):
    """Values of the run's columns, in their order; a result by source may omit some, which become NaN."""
    if by_source and not hasattr(answer, "items"):
        raise ValueError("it returned values without names; to make a new scalar they are named by source, as in dict(zip(data['source_file'], x))")
    names, values = flatten(answer)
    if names == columns:
        return values
    unknown = [name for name in names if name not in place]
    if unknown or (not by_source and len(names) != len(columns)):
        raise ValueError(
            f"it returned values for names that are not a source_file of the cohort: {few(unknown)}" if by_source
            else f"it returned the columns {few(names)}; the run's are {few(columns)}")
    row = [math.nan] * len(columns)
    for name, value in zip(names, values):
        row[place[name]] = value
    return row


def few(names):
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")


# --- elements ---------------------------------------------------------------------------------------------------------------------


def data_of(values, complete):
    """The data of an element: the phenotypes and the scalars of the subjects that are finite in all of them."""
    vectors = [values[j * rows : (j + 1) * rows] for j in range(len(scalars))]
    if complete:
        base = whole
    else:
        finite = [i for i in range(rows) if all(math.isfinite(vector[i]) for vector in vectors)]
        base = held(tuple(finite))
        vectors = [take(vector, finite) for vector in vectors]
    if pandas is None:
        return {**base, **{name: writable(vector) for name, vector in zip(scalars, vectors)}}
    data = base.copy()
    for name, vector in zip(scalars, vectors):
        data[name] = writable(vector)
    return data


def writable(vector):
    return vector if numpy is None else vector.copy()


def held(finite):
    """The phenotypes of some subjects; the last one is cached, since neighbouring elements often have the same missing subjects."""
    if held_rows != [finite]:
        held_rows[:] = [finite]
        held_base[:] = [table({name: take(column, list(finite)) for name, column in phenotypes.items()})]
    return held_base[0]


def table(columns):
    return columns if pandas is None else pandas.DataFrame(columns)


def call(seed, values, complete):
    data = data_of(values, complete)
    random.seed(seed)
    if "numpy" in sys.modules:
        numpy.random.seed(seed)
    return function(data)


def definition(error):
    """The error in one line, with the line of the user's file where it occurred."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return f"{type(error).__name__}: {error}" + (f" (line {lines[-1]})" if lines else "")


def fit():
    count = read_int()
    seeds, complete = read_ints(count), read_ints(count)
    width = rows * len(scalars)
    values = read_doubles(count * width)
    failed, result, messages = array.array("i", bytes(4 * count)), array.array("d"), []
    for i in range(count):
        try:
            result.extend(arrange(call(seeds[i], values[i * width : (i + 1) * width], complete[i])))
        except Exception as error:
            failed[i] = 1
            messages.append(definition(error))
            result.extend([math.nan] * len(columns))
    answers.write(failed.tobytes() + result.tobytes())
    write_texts(messages)


def learn():
    global columns, place
    read_int()
    seed, complete = read_int(), read_int()
    values = read_doubles(rows * len(scalars))
    try:
        answer = call(seed, values, complete)
        if by_source:
            fix(sources)
            names, numbers_ = columns, arrange(answer)
        else:
            names, numbers_ = flatten(answer)
    except Exception as error:
        write_int(1)
        write_texts([definition(error)])
        return
    write_int(0)
    write_texts(names)
    answers.write(array.array("d", numbers_).tobytes())


def fix(names):
    global columns, place
    columns = names
    place = {name: i for i, name in enumerate(names)}


# --- the protocol -----------------------------------------------------------------------------------------------------------------

path, folder, text, name, arguments = read_texts()
by_source = read_int() != 0
rows = read_int()
phenotypes = {}
for _ in range(read_int()):
    column_name = read_texts()[0]
    phenotypes[column_name] = read_column(rows)
scalars = read_texts()
whole = table(phenotypes)
sources = [str(source) for source in phenotypes["source_file"]]
held_rows, held_base = [], []
fix([])

try:
    function = bind_arguments(load_function(path, folder, text, name), arguments)
except Exception as error:
    write_int(1)
    write_texts([definition(error)])
    answers.flush()
    os._exit(1)
write_int(0)
write_texts([
    "Python " + ".".join(map(str, sys.version_info[:3]))
    + (f", numpy {numpy.__version__}" if numpy is not None else "") + (f", pandas {pandas.__version__}" if pandas is not None else "")])
answers.flush()

while True:
    {1: fit, 2: learn, 3: lambda: fix(read_texts())}[read_int()]()
    answers.flush()
