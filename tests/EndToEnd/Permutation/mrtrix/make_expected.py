"""Makes expected.json and connectivity/ with MRtrix's programs (Debian: mrtrix3 3.0.3, python3-nibabel, r-base-core).

usage: /usr/bin/python3 make_expected.py

Three studies of the same 16 subjects and design, shuffled by the same file: a vector of numbers (vectorstats), voxels of a ragged mask
(mrclusterstats) and fixels with the connectivity that fixelconnectivity makes from a made-up tractogram (fixelcfestats). Tested are two
contrasts, each with both signs, and the F test of a factor; all other columns are nuisance. The vector is also tested with two groups of
variances, and with missing values.
"""
import json
import os
import subprocess
import sys

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../.."))
from mrtrix import connect_fixels, load, path, run, save, save_fixels, text

subjects, shuffles = 16, 24
rng = np.random.default_rng(41)


def numbers(name):
    with open(path(name)) as file:
        words = [line.replace(",", " ").split() for line in file if not line.startswith("#")]
    return np.array([float(word) for line in words for word in line])


group = np.arange(subjects) % 2
age = rng.normal(size=subjects).round(3)
site = np.arange(subjects) // 2 % 3
columns = np.column_stack([np.ones(subjects), group, age, site == 1, site == 2]).astype(float)
np.savetxt(path("design.txt"), columns, "%g")
np.savetxt(path("contrasts.txt"), [[0, 1, 0, 0, 0], [0, -1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, -1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]], "%d")
np.savetxt(path("ftests.txt"), [[0, 0, 0, 0, 1, 1]], "%d")
orders = np.column_stack([np.arange(subjects), *(rng.permutation(subjects) for _ in range(shuffles - 1))])
np.savetxt(path("permutations.txt"), orders, "%d")
np.savetxt(path("variances.txt"), group + 1, "%d")
model = ["design.txt", "contrasts.txt"]
shuffling = ["-ftests", "ftests.txt", "-permutations", "permutations.txt"]
#: In MRtrix's numbering: contrasts from 1, then F tests.
tests = {"g": ("t1", "t2"), "a": ("t3", "t4"), "site.F": ("F1", None)}


def effects(values, where):
    """Adds effects of all variables, each at other elements."""
    values += np.outer(group - 0.5, 3 * where(0)) + np.outer(age, 1.5 * where(1)) + np.outer((site == 2) - 0.3, 3 * where(2))
    return values.astype("f4")


def result(read, enhanced):
    """What a study stored, per test: statistics, and for both signs the enhanced map, the null maxima and both kinds of 1 - p."""

    def one(number, opposite):
        kind = "tvalue" if number[0] == "t" else "Fvalue"
        signs = {"positive": number} | ({"negative": opposite} if opposite else {})
        return {
            "statistic": text(read(f"{kind}_{number}")),
            "z": text(read(f"Zstat_{number}")),
            "enhanced": {sign: text(read(f"{enhanced}_{name}")) for sign, name in signs.items()} if enhanced else {},
            "maxima": {sign: read(f"null_dist_{name}").tolist() for sign, name in signs.items()},
            "corrected": {sign: text(read(f"fwe_1mpvalue_{name}")) for sign, name in signs.items()},
            "uncorrected": {sign: text(read(f"uncorrected_pvalue_{name}")) for sign, name in signs.items()},
        }

    return {test: one(*names) for test, names in tests.items()}


expected = {
    "group": group.tolist(),
    "age": age.tolist(),
    "site": ["ABC"[one] for one in site],
    "permutations": orders.tolist(),
}

# A vector. Its last 6 elements have missing values in the second study.
vector = effects(rng.normal(size=(subjects, 60)), lambda k: (np.arange(60) // 5 % 6 == k).astype(float))


def vector_study(values, *options, files=model, names=None):
    for subject in range(subjects):
        np.savetxt(path(f"vector-{subject}.txt"), values[subject], "%.9g")
    with open(path("list.txt"), "w") as out:
        out.writelines(f"vector-{subject}.txt\n" for subject in range(subjects))
    run("vectorstats", "list.txt", *files, "v_", *(options or shuffling))
    return lambda name: numbers(f"v_{name}.csv")


expected["vector"] = {"values": text(vector), "plain": result(vector_study(vector), None)}
# MRtrix's maxima are z; the statistics with these z, by R.
for test, one in expected["vector"]["plain"].items():
    of_tail = f"qf(p, 2, {subjects - 5}" if test.endswith(".F") else f"qt(p, {subjects - 5}"
    for sign, maxima in one["maxima"].items():
        code = f"p <- pnorm(c({','.join(map(repr, maxima))}), lower.tail = FALSE, log.p = TRUE); writeLines(format({of_tail}, lower.tail = FALSE, log.p = TRUE), digits = 17))"
        lines = subprocess.run(["Rscript", "-e", code], check=True, capture_output=True, text=True).stdout.split()
        one["maxima"][sign] = [float(line) for line in lines]
# v and G are stored under the names of t and F. MRtrix's z has other degrees of freedom than those of Winkler et al. (2014): Welch's for v,
# and whole numbers for G. So theirs are computed here, and z by R.
read = vector_study(vector, *shuffling, "-variance", "variances.txt")
residuals = vector - columns @ np.linalg.lstsq(columns, vector, rcond=None)[0]
free = 1 - np.diag(columns @ np.linalg.pinv(columns))
traces = np.array([free[group == one].sum() for one in (0, 1)])
weights = traces[:, None] / np.array([(residuals[group == one] ** 2).sum(0) for one in (0, 1)])
sizes = np.array([(group == one).sum() for one in (0, 1)])[:, None]
spread = ((1 - sizes * weights / (sizes * weights).sum(0)) ** 2 / traces[:, None]).sum(0)


def by_r(statistics, degrees, function):
    table = ",".join(f"c({','.join(map(repr, map(float, one)))})" for one in (statistics, degrees))
    code = f"z <- function(s, d) {{ p <- {function}; -qnorm(p, log.p = TRUE) }}; writeLines(format(z({table}), digits = 17))"
    return [float(line) for line in subprocess.run(["Rscript", "-e", code], check=True, capture_output=True, text=True).stdout.split()]


expected["vector"]["variances"] = {
    "g": by_r(read("tvalue_t1"), 1 / spread, "pt(s, d, lower.tail = FALSE, log.p = TRUE)"),
    "a": by_r(read("tvalue_t3"), 1 / spread, "pt(s, d, lower.tail = FALSE, log.p = TRUE)"),
    "site.F": by_r(read("Fvalue_F1"), 8 / 3 / spread, "pf(s, 2, d, lower.tail = FALSE, log.p = TRUE)"),
}
missing = vector[:, :12].copy()
missing[2, 1] = missing[5, 4] = missing[11, 4] = missing[15, 9] = np.nan
expected["vector"]["missing"] = {"values": text(missing), **result(vector_study(missing), None)}

# Voxels of a ragged mask.
shape = (8, 7, 6)
mask = rng.uniform(size=shape) < 0.85
save("mask.mif", mask.astype("u1"), "-datatype", "bit")
cells = np.argwhere(mask)
noise = rng.normal(size=(subjects, *shape))
noise += sum(np.roll(noise, step, axis) for axis in (1, 2, 3) for step in (-1, 1)) / 3
centres = [np.array([2, 2, 2]), np.array([5, 4, 3]), np.array([4, 1, 4])]
voxels = effects(noise[:, mask], lambda k: np.exp(-((cells - centres[k]) ** 2).sum(1) / 5))
for subject in range(subjects):
    image = np.zeros(shape, "f4")
    image[mask] = voxels[subject]
    save(f"voxel-{subject}.mif", image)
with open(path("list.txt"), "w") as out:
    out.writelines(f"voxel-{subject}.mif\n" for subject in range(subjects))
expected["voxels"] = {"cells": cells.T.tolist(), "values": text(voxels)}
for name, options, enhanced in [
    ("tfce", [], "tfce"),
    ("tfce26", ["-connectivity"], "tfce"),
    ("cluster", ["-threshold", "1.5"], "clustersize"),
]:
    run("mrclusterstats", "list.txt", *model, "mask.mif", "m_", *shuffling, *options)
    expected["voxels"][name] = result(
        lambda file: numbers(f"m_{file}.txt") if file.startswith("null_dist") else load(f"m_{file}.mif")[mask], enhanced
    )

# Fixels: one along x in every voxel, in some another along y; streamlines along rows and columns.
shape = (7, 5, 4)
counts = np.where(rng.uniform(size=shape) < 0.3, 2, 1)
fixels = int(counts.sum())
first = save_fixels(counts)
connect_fixels(rng, shape, 400, here)
place = np.zeros(fixels, int)
place[first.ravel()] = np.indices(shape)[0].ravel()
place[(first + 1)[counts == 2]] = np.indices(shape)[0][counts == 2]
values = effects(rng.normal(size=(subjects, fixels)), lambda k: (place % 3 == k) * 0.7)
for subject in range(subjects):
    save(f"fixels/fixel-{subject}.mif", values[subject].reshape(-1, 1, 1))
with open(path("list.txt"), "w") as out:
    out.writelines(f"fixel-{subject}.mif\n" for subject in range(subjects))
run("fixelcfestats", "fixels", "list.txt", *model, "connectivity", "f", *shuffling)
expected["fixels"] = {
    "values": text(values),
    "cfe": result(lambda file: numbers(f"f/{file}.txt") if file.startswith("null_dist") else load(f"f/{file}.mif").ravel(), "cfe"),
}

with open(os.path.join(here, "expected.json"), "w") as out:
    json.dump(expected, out, indent=0)
