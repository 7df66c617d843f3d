"""Checks analyses with permutation tests: every dataset has the same bytes in all files, and p-values follow from maxima and counts.

usage: judge_permutations.py ANALYSIS FILE...
"""
import sys

import h5py
import numpy as np

analysis, *paths = sys.argv[1:]


def read(path):
    with h5py.File(path) as file:
        group = file["results"][analysis]
        data = {}
        group.visititems(lambda name, node: data.update({name: node[...]}) if isinstance(node, h5py.Dataset) else None)
        attributes = {name: {key: value for key, value in group[name].attrs.items()} for name in data}
        return data, attributes, dict(group.attrs)


first, attributes, record = read(paths[0])
for path in paths[1:]:
    other = read(path)[0]
    assert sorted(first) == sorted(other), (path, sorted(other))
    for name in first:
        assert first[name].tobytes() == other[name].tobytes(), (path, name)

names = [name.decode().rstrip("\0") for name in first["column_names"]]
column = dict(zip(names, first["results_matrix"]))


def fractions(maxima, values):
    """The share of maxima that are at least as large as each value."""
    return np.array([np.nan if np.isnan(v) else np.mean(maxima >= v - 1e-10 * abs(v)) for v in values])


#: By the side of a test: its maxima of both signs, a statistic as a number that is larger the more extreme it is, and its count.
sides = {
    "two-sided": (lambda signs: np.nanmax(signs, axis=1), np.abs, 2),
    "greater": (lambda signs: signs[:, 0], np.positive, 0),
    "less": (lambda signs: signs[:, 1], np.negative, 1),
    "one-sided": (lambda signs: signs[:, 0], np.positive, 0),
}

tests = [name.decode() for name in record["hpcfit_permuted_tests"]]
for place, test in enumerate(tests):
    count = int(record["hpcfit_shuffles"][place])
    most, extreme, numerator = sides[record["hpcfit_sides"][place].decode()]
    maxima = most(first["null_maxima"][:count, place])
    statistic = np.where(np.isnan(column[test + ".z"]), np.nan, extreme(column[test + ".statistic"]))
    np.testing.assert_array_equal(fractions(maxima, statistic), column[test + ".p.value.fwe"])
    np.testing.assert_allclose(np.nanmax(statistic), maxima[0], rtol=1e-11, err_msg="shuffle 0 is the data as they are")
    as_extreme = first["permutation_counts"][3 * place + numerator]
    np.testing.assert_array_equal(as_extreme / count, column[test + ".p.value.perm"])
    for enhancement in ("tfce", "cluster", "cfe"):
        if f"{test}.{enhancement}" in column:
            enhanced = most(first["null_maxima_" + enhancement][:, place])
            values = extreme(column[f"{test}.{enhancement}"])
            assert not (values < 0).any(), "the other side is not enhanced"
            np.testing.assert_array_equal(fractions(enhanced, values), column[f"{test}.p.value.fwe.{enhancement}"])
print("agrees:", ", ".join(tests), sorted(first), [side.decode() for side in record["hpcfit_sides"]])
