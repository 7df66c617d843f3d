"""Makes cases.json: what a full refit of every shuffle gives, in exact arithmetic (Debian: python3-numpy, python3-mpmath).

usage: /usr/bin/python3 make_cases.py

All arithmetic is with fractions, so that statistics have one rounding, the last. A hypothesis is a set of directions of the model that are
tested; the nuisance part N is what the model spans apart from them, and in tests of type II the model without the term and those that
contain it. Freedman and Lane: the residual of the response on N is shuffled and the whole model fitted to it. Dekker: the residual of the
tested direction on N is shuffled, and the response fitted to N and it. With
variance groups the estimates stay those of least squares, and the statistics are v and G (Winkler et al. 2014) with the weights
sum of (I - H)_ii / SSE of a group. With S the sum over groups of (1 - share of the weight)^2 / sum of (I - H)_ii, z has r (r + 2) / (3 S)
degrees of freedom for r rows (1 / S for v).
"""
import json
import os
from fractions import Fraction

import mpmath
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(7)
mpmath.mp.dps = 40


def exact(values):
    return [Fraction(float(value)) for value in values]


def dot(a, b):
    return sum((x * y for x, y in zip(a, b)), Fraction(0))


def residual(vector, basis):
    """The part of a vector outside of orthogonal vectors."""
    for other in basis:
        factor = dot(vector, other) / dot(other, other)
        vector = [x - factor * y for x, y in zip(vector, other)]
    return vector


def orthogonal(vectors, outside=()):
    """Orthogonal vectors with the span of some, outside of others."""
    basis = []
    for vector in vectors:
        rest = residual(vector, [*outside, *basis])
        if any(rest):
            basis.append(rest)
    return basis


def shuffled(vector, source):
    """PALM's rows: counted from 1, negative with a changed sign."""
    return [vector[abs(row) - 1] * (1 if row > 0 else -1) for row in source]


def root(fraction):
    return mpmath.sqrt(mpmath.mpf(fraction.numerator) / fraction.denominator)


def solve(matrix, right):
    """Solves by Gauss's elimination."""
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    size = len(rows)
    for column in range(size):
        pivot = next(row for row in range(column, size) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(size):
            if row != column and rows[row][column]:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [x - factor * y for x, y in zip(rows[row], rows[column])]
    return [rows[row][size] / rows[row][row] for row in range(size)]


def z_of_tail(upper):
    """The normal value with an upper tail."""
    return -mpmath.sqrt(2) * mpmath.erfinv(2 * upper - 1)


def z_of_f(f, numerator, denominator):
    x = mpmath.mpf(denominator) / (denominator + numerator * f)
    return z_of_tail(mpmath.betainc(mpmath.mpf(denominator) / 2, mpmath.mpf(numerator) / 2, 0, x, regularized=True))


def z_of_t(t, degrees):
    x = mpmath.mpf(degrees) / (degrees + t * t)
    upper = mpmath.betainc(mpmath.mpf(degrees) / 2, mpmath.mpf(1) / 2, 0, x, regularized=True) / 2
    return z_of_tail(upper) if t >= 0 else -z_of_tail(upper)


class Hypothesis:
    """Rows of a contrast about coefficients, or directions of the model."""

    def __init__(self, name, model, rows=None, directions=None, reduced=None):
        self.name, self.model = name, model
        self.columns = [list(column) for column in zip(*model)]
        gram = [[dot(a, b) for b in self.columns] for a in self.columns]
        self.rows = [exact(row) for row in rows] if rows else None
        # The direction of c'b is that of M (M'M)^-1 c.
        self.tested = orthogonal(
            directions
            if directions
            else [[dot(row, weights) for row in model] for weights in (solve(gram, row) for row in self.rows)]
        )
        rest = orthogonal(self.columns, self.tested)
        self.all = [*rest, *self.tested]
        self.nuisance = orthogonal(reduced) if reduced else rest
        self.free = len(model) - len(self.all)
        self.signed = len(self.tested) == 1 and rows is not None

    def of_fit(self, response, model, tested):
        fitted = sum((dot(response, one) ** 2 / dot(one, one) for one in tested), Fraction(0))
        left = residual(response, model)
        f = fitted / len(tested) / (dot(left, left) / self.free)
        return root(f) * (1 if dot(response, tested[0]) >= 0 else -1) if self.signed else root(f) ** 2

    def statistic(self, response, source, method, groups):
        if method == "dekker":
            moved = orthogonal([shuffled(self.tested[0], source)], self.nuisance)
            return self.of_fit(response, [*self.nuisance, *moved], moved)
        data = shuffled(residual(response, self.nuisance), source)
        return self.of_groups(data, groups) if groups else self.of_fit(data, self.all, self.tested)

    def of_groups(self, response, groups):
        """z of v or G."""
        left = residual(response, self.all)
        free = [1 - sum((one[i] ** 2 / dot(one, one) for one in self.all), Fraction(0)) for i in range(len(left))]
        weights, shares = [], {}
        for group in set(groups):
            of = [i for i, one in enumerate(groups) if one == group]
            shares[group] = sum(free[i] for i in of) / sum(left[i] ** 2 for i in of), sum(free[i] for i in of), len(of)
        weights = [shares[group][0] for group in groups]
        total = sum(weights)
        spread = sum((1 - count * weight / total) ** 2 / of for weight, of, count in shares.values())
        estimates = solve([[dot(a, b) for b in self.columns] for a in self.columns], [dot(one, response) for one in self.columns])
        inner = [[sum((w * x * y for w, x, y in zip(weights, a, b)), Fraction(0)) for b in self.columns] for a in self.columns]
        values = [dot(row, estimates) for row in self.rows]
        inverse = [solve(inner, row) for row in self.rows]
        covariance = [[dot(a, b) for b in inverse] for a in self.rows]
        rank = len(self.rows)
        g = dot(values, solve(covariance, values)) / rank / (1 + Fraction(2 * (rank - 1), rank * (rank + 2)) * spread)
        degrees = Fraction(rank * (rank + 2), 3) / spread
        degrees = mpmath.mpf(degrees.numerator) / degrees.denominator
        if self.signed:
            return z_of_t(root(g) * (1 if values[0] >= 0 else -1), degrees)
        return z_of_f(root(g) ** 2, rank, degrees)


def case(name, formula, columns, hypotheses, responses, sources, options=(), method="freedman-lane", groups=None, weights=None, tolerance=1e-12, **cohort):
    """A case: its input, and per hypothesis the statistics of shuffles x responses."""
    scale = [Fraction(1)] * len(sources[0]) if weights is None else [Fraction(float(np.sqrt(weight))) for weight in weights]
    model = [[factor * value for value in exact(row)] for factor, row in zip(scale, np.column_stack(columns))]
    made = [make(model) for make in hypotheses]
    data = [[factor * value for factor, value in zip(scale, exact(response))] for response in responses]
    cases.append(
        {
            "name": name,
            "formula": formula,
            "options": [*options, *(["--perm-method", method] if method == "dekker" else [])],
            "cohort": {key: np.asarray(value).tolist() for key, value in cohort.items()},
            "responses": [np.asarray(response, float).tolist() for response in responses],
            "shuffles": np.asarray(sources).tolist(),
            "tolerance": tolerance,
            "scores": groups is not None,
            "statistics": {
                one.name: [[float(one.statistic(response, source, method, groups)) for response in data] for source in sources]
                for one in made
            },
        }
    )
    print(name, {key: [f"{value:.4g}" for value in values[0]] for key, values in cases[-1]["statistics"].items()})


def about(name, *rows):
    return lambda model: Hypothesis(name, model, rows=rows)


def term(name, columns, of_reduced):
    """A test of type II: columns of the model, in the model with the columns of the reduced one."""

    def make(model):
        of = [list(column) for column in zip(*model)]
        reduced = [of[column] for column in of_reduced]
        return Hypothesis(name, model, directions=[residual(of[column], orthogonal(reduced)) for column in columns], reduced=reduced)

    return make


def permutations(rows, count):
    return [np.arange(1, rows + 1), *(rng.permutation(rows) + 1 for _ in range(count - 1))]


def flips(rows, count):
    return [np.arange(1, rows + 1), *((np.arange(rows) + 1) * rng.choice([-1, 1], rows) for _ in range(count - 1))]


def both(rows, count):
    return [one * np.sign(other) for one, other in zip(permutations(rows, count), flips(rows, count))]


cases = []
n = 14
ones, group, site = np.ones(n), np.arange(n) % 2, np.arange(n) // 2 % 3
age = rng.normal(40, 10, n).round(1)
weights = rng.choice([0.25, 1, 2.25, 4], n)
factors = [ones, group, age, site == 1, site == 2]
names = dict(group=group, age=age, site=[f"s{one}" for one in site])
formula, words = "y ~ group + age + site", ["--contrast", "g: group", "--contrast", "mixed: group - 0.5*age + 2*sites1", "--f-test", "site"]
tested = [
    about("g", [0, 1, 0, 0, 0]),
    about("mixed", [0, 1, -0.5, 2, 0]),
    about("site.F", [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]),
]
plain = [rng.normal(size=n) + group * 0.4 for _ in range(4)]

case("Freedman-Lane", formula, factors, tested, plain, permutations(n, 12), words, **names)
case("several terms", formula, factors, [about("age+site.F", *np.eye(5)[2:])], plain, permutations(n, 6), ["--f-test", "age, site"], **names)
case("Dekker", formula, factors, tested[:2], plain, permutations(n, 12), words[:4], method="dekker", **names)
case("Dekker with flips", formula, factors, tested[:2], plain[:2], both(n, 8), [*words[:4], "--errors", "both"], method="dekker", **names)
case("flips", "y ~ 1", [ones], [about("mean", [1])], plain, flips(n, 12), ["--contrast", "mean: Intercept"])
centred = (age - 40).round(1)
case("flips and covariate", "y ~ centred", [ones, centred], [about("mean", [1, 0])], plain[:2], flips(n, 8), ["--contrast", "mean: Intercept"], centred=centred)
case("both", formula, factors, tested, plain, both(n, 10), [*words, "--errors", "both"], **names)
case("weights", formula, factors, tested, plain, permutations(n, 10), [*words, "--weights", "w"], weights=weights, w=weights, **names)
offset = [1e4 + 1e-3 * rng.normal(size=n) for _ in range(3)]
case("means of 1e4", formula, factors, tested, offset, permutations(n, 8), words, **names)
case("flips at means of 1e4", "y ~ 1", [ones], [about("mean", [1])], offset, flips(n, 8), ["--contrast", "mean: Intercept"], tolerance=1e-9)
near = [3 - 2 * group + 0.1 * age + scale * rng.normal(size=n) for scale in (1e-3, 1e-4, 1e-6)]
case("near-perfect fits", formula, factors, tested[:2], near, permutations(n, 8), words[:4], tolerance=1e-9, **names)
blocks = [[4, 5, 6, 7, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14], [2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13]]
case("blocks", formula, factors, tested, plain[:2], [range(1, n + 1), *blocks], words, **names)

dose = rng.integers(1, 5, n)
sex = np.array([0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0])
crossed = [ones, sex, dose, sex * dose]
case(
    "type II",
    "y ~ sex * dose",
    crossed,
    [term("sex.F", [1], [0, 2])],
    plain,
    permutations(n, 10),
    ["--f-test", "sex"],
    sex=[f"s{one}" for one in sex],
    dose=dose,
)
case(
    "type III",
    "y ~ sex + dose",
    crossed[:3],
    [term("sex.F", [1], [0, 2])],
    plain[:2],
    permutations(n, 6),
    ["--f-test", "sex", "--anova-type", "III"],
    sex=[f"s{one}" for one in sex],
    dose=dose,
)
case("variance groups", formula, factors, tested, plain, permutations(n, 8), [*words, "--variance-groups", "machine"],
     groups=list(site % 2), machine=[f"m{one}" for one in site % 2], **names)

with open(os.path.join(here, "cases.json"), "w") as out:
    json.dump(cases, out, indent=0)
