"""Makes cases.json: p-values of permutation tests as counts in exact arithmetic, ties included (Debian: python3-numpy, python3-mpmath).

usage: /usr/bin/python3 make_cases.py

Every shuffle of a small study is fitted again, with fractions. The square of a statistic is a fraction, too, so that which of two is larger,
and whether they are equal, is decided without rounding. A shuffle without residuals has an infinite statistic, and none if it has no effect
either. A response without residuals has no tests. Statistics that differ at all differ by more than a millionth, so that no tolerance
decides (checked).
"""
import itertools
import json
import os
from fractions import Fraction

import mpmath
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(11)
mpmath.mp.dps = 60
INFINITE = Fraction(10) ** 200


def dot(a, b):
    return sum((x * y for x, y in zip(a, b)), Fraction(0))


def residual(vector, basis):
    for other in basis:
        factor = dot(vector, other) / dot(other, other)
        vector = [x - factor * y for x, y in zip(vector, other)]
    return vector


def orthogonal(vectors, outside=()):
    basis = []
    for vector in vectors:
        rest = residual(vector, [*outside, *basis])
        if any(rest):
            basis.append(rest)
    return basis


def squares(vector, basis):
    return sum((dot(vector, one) ** 2 / dot(one, one) for one in basis), Fraction(0))


def shuffled(vector, source):
    return [vector[row] if row >= 0 else -vector[~row] for row in source]


def ratio(estimate, effect, left):
    """A statistic's square, with the sign of the estimate; None: there is no statistic."""
    if left == 0 and effect == 0:
        return None
    size = effect / left if left else INFINITE
    return size if estimate >= 0 else -size


class Test:
    """Columns of the model that are tested; the others are the nuisance part."""

    def __init__(self, columns, tested, signed):
        self.nuisance = orthogonal([column for at, column in enumerate(columns) if at not in tested])
        self.tested = orthogonal([columns[at] for at in tested], self.nuisance)
        self.signed = signed

    def statistics(self, response, sources, method, groups):
        rest = residual(response, self.nuisance)
        of = {"dekker": self.dekker, "freedman-lane": self.freedman_lane}[method] if groups is None else self.welch
        if not any(residual(rest, self.tested)):
            return None
        found = [of(rest, source, groups) for source in sources]
        return None if found[0] is None else found

    def freedman_lane(self, rest, source, _):
        data = shuffled(rest, source)
        left = residual(residual(data, self.nuisance), self.tested)
        return ratio(dot(data, self.tested[0]) if self.signed else 1, squares(data, self.tested), dot(left, left))

    def dekker(self, rest, source, _):
        moved = orthogonal([shuffled(self.tested[0], source)], self.nuisance)
        if not moved:
            return None
        effect = squares(rest, moved)
        return ratio(dot(rest, moved[0]), effect, dot(rest, rest) - effect)

    def welch(self, rest, source, groups):
        """Two groups and their difference: Welch's t as the logarithm of its p-value, with the sign of t."""
        data = shuffled(rest, source)
        values = [[x for x, group in zip(data, groups) if group == one] for one in (0, 1)]
        means = [sum(one) / len(one) for one in values]
        errors = [sum((x - mean) ** 2 for x in one) / (len(one) - 1) / len(one) for one, mean in zip(values, means)]
        if not all(errors):
            return None
        t = (means[1] - means[0]) ** 2 / sum(errors)
        degrees = sum(errors) ** 2 / sum(error**2 / (len(one) - 1) for one, error in zip(values, errors))
        t, degrees = (mpmath.mpf(one.numerator) / one.denominator for one in (t, degrees))
        p = mpmath.betainc(degrees / 2, 0.5, 0, degrees / (degrees + t), regularized=True)
        size = Fraction(int(mpmath.nint(-mpmath.log(p) * mpmath.mpf(10) ** 40)), 10**40)
        return size if means[1] >= means[0] else -size


def counts(statistics):
    """At least, at most, and in magnitude at least the first."""
    own = statistics[0]
    known = [one for one in statistics if one is not None]
    for one in known:
        for other in (own, -own):
            assert one == other or abs(one - other) > 1e-6 * max(abs(own), Fraction(1, 10**6)), (float(one), float(own))
    return [
        sum(one >= own for one in known),
        sum(one <= own for one in known),
        sum(abs(one) >= abs(own) for one in known),
    ]


def case(name, formula, columns, tests, responses, sources, options, cohort, method="freedman-lane", groups=None, weights=None):
    """tests: by name, the tested columns. The counts of a response are null if it is outside the tests."""
    roots = [Fraction(1)] * len(columns[0]) if weights is None else [Fraction(float(np.sqrt(one))) for one in weights]
    model = [[root * Fraction(float(value)) for root, value in zip(roots, column)] for column in columns]
    data = [[root * Fraction(float(value)) for root, value in zip(roots, one)] for one in responses]
    found = {}
    for test, tested in tests.items():
        made = Test(model, tested, not test.endswith(".F"))
        of_responses = [made.statistics(one, sources, method, groups) for one in data]
        found[test] = [None if one is None else counts(one) for one in of_responses]
    options = [*options, *(["--perm-method", method] if method == "dekker" else [])]
    values = [[float(value) for value in one] for one in responses]
    cohort = {key: np.asarray(column).tolist() for key, column in cohort.items()}
    cases.append(dict(name=name, formula=formula, options=options, cohort=cohort, responses=values, shuffles=len(sources), counts=found))
    print(name, found)


def near(effect, *sizes):
    """Effects with little noise."""
    return [np.asarray(effect) * 1.7 + size * rng.normal(size=len(effect)) + 0.3 for size in sizes]


def binary(*texts):
    return [[int(digit) for digit in text] for text in texts]


def permutations(rows):
    return list(itertools.permutations(range(rows)))


def flips(rows):
    return [[row if sign else ~row for row, sign in enumerate(signs)] for signs in itertools.product([1, 0], repeat=rows)]


def both(rows):
    return [[one[row] if row >= 0 else ~one[~row] for row in other] for one in permutations(rows) for other in flips(rows)]


def within(half):
    return [[*one, *(half + row for row in other)] for one in permutations(half) for other in permutations(half)]


cases = []
SIZES = (1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
ones, group = np.ones(6), np.array([0, 0, 0, 1, 1, 1])
letters = dict(group=["a", "a", "a", "b", "b", "b"])
plain = [rng.normal(size=6) for _ in range(2)]
ties = binary("110110", "100010", "111000", "012012", "310220")
case("3 against 3", "y ~ group", [ones, group], {"t": [1]}, [*plain, *near(group, *SIZES), *ties], permutations(6), ["--contrast", "t: groupb"], letters)
case("Dekker", "y ~ group", [ones, group], {"t": [1]}, [*plain, *near(group, *SIZES), *ties], permutations(6), ["--contrast", "t: groupb"], letters, method="dekker")

dose = np.array([1, 2, 3, 1, 2, 3])
two, words = {"t": [1], "slope": [2]}, ["--contrast", "t: groupb", "--contrast", "slope: dose"]
large = [*near(group, *SIZES), *near(dose, *SIZES)]
case("another effect is large", "y ~ group + dose", [ones, group, dose], two, large, permutations(6), words, dict(**letters, dose=dose))

second, third = np.array([0, 0, 1, 1, 0, 0]), np.array([0, 0, 0, 0, 1, 1])
case("F of three groups", "y ~ group", [ones, second, third], {"group.F": [1, 2]}, [*near(second + 3 * third, *SIZES), *binary("110101", "101010")], permutations(6), ["--f-test", "group"], dict(group=["a", "a", "b", "b", "c", "c"]))

case("signs", "y ~ 1", [ones], {"mean": [0]}, [*plain, *near(ones, *SIZES), [1e4, 1e4 + 1, 1e4 - 1, 1e4, 1e4, 1e4 + 2]], flips(6), ["--contrast", "mean: Intercept"], {})
case("both", "y ~ group", [ones[:4], [0, 0, 1, 1]], {"t": [1]}, [*near([0, 0, 1, 1], *SIZES), *binary("0101", "3021")], both(4), ["--contrast", "t: groupb", "--errors", "both"], dict(group=["a", "a", "b", "b"]))

weights = [4, 1, 1, 4, 1, 1]
case("weights", "y ~ group", [ones, group], {"t": [1]}, [*plain, *near(group, *SIZES), *binary("110110")], permutations(6), ["--contrast", "t: groupb", "--weights", "w"], dict(**letters, w=weights), weights=weights)

half, inner = np.array([0, 0, 0, 0, 1, 1, 1, 1]), np.array([0, 0, 1, 1, 0, 0, 1, 1])
nuisance = [half * size + rng.integers(-2, 3, 8) for size in (10, 1e5, 1e7, 1e9)]
blocks = dict(group=["ab"[one] for one in inner], half=[f"h{one}" for one in half])
case("within halves that differ", "y ~ group + half", [np.ones(8), inner, half], {"t": [1]}, [*near(inner, *SIZES), *nuisance], within(4), ["--contrast", "t: groupb", "--exchange", "within=half"], blocks)

case("variance groups", "y ~ group", [ones, group], {"t": [1]}, [*plain, *near(group, *SIZES[:5]), *binary("000101", "012012", "110101")], permutations(6), ["--contrast", "t: groupb", "--variance-groups", "group"], letters, groups=group.tolist())

with open(os.path.join(here, "cases.json"), "w") as out:
    json.dump(cases, out, indent=0)
