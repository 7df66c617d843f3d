"""Makes expected.json and connectivity/ with MRtrix's programs (Debian: mrtrix3 3.0.3, python3-nibabel).

usage: /usr/bin/python3 make_expected.py

A group comparison of 14 made-up subjects. Its only nuisance column is the intercept, so that a permutation of the residuals is a permutation
of the images: the map of each permutation is that of a study with permuted images, and MRtrix's null distribution of the whole study has the
maximum of each.
"""
import json
import os
import sys

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../.."))
from mrtrix import connect_fixels, load, path, run, save, save_fixels, text

subjects, shuffles = 14, 8
rng = np.random.default_rng(20)
np.savetxt(path("design.txt"), np.column_stack([np.ones(subjects), np.arange(subjects) % 2]), "%d")
np.savetxt(path("positive.txt"), [[0, 1]], "%d")
np.savetxt(path("negative.txt"), [[0, -1]], "%d")
orders = [np.arange(subjects), *(rng.permutation(subjects) for _ in range(shuffles - 1))]
np.savetxt(path("permutations.txt"), np.column_stack(orders), "%d")


def listed(name, images, order):
    with open(path(name), "w") as out:
        out.write("".join(images[i] + "\n" for i in order))
    return name


# Fixels: one along x in every voxel, in some another along y; streamlines along rows and columns.
shape = (8, 6, 4)
counts = np.where(rng.uniform(size=shape) < 0.4, 2, 1)
fixels = int(counts.sum())
first = save_fixels(counts)
connect_fixels(rng, shape, 600, here)

effect = np.repeat(np.array([i // 2 % 2 for i in range(shape[0])])[:, None], shape[1] * shape[2], 1).reshape(shape)
images = []
for subject in range(subjects):
    values = rng.normal(size=fixels)
    values[first.ravel()] += (subject % 2) * 1.5 * (effect.ravel() * 2 - 1)
    images.append(f"fixel-{subject}.mif")
    save("fixels/" + images[-1], values.astype("f4").reshape(-1, 1, 1))


def fixel_study(name, images, contrast, *options):
    run("fixelcfestats", "fixels", listed("list.txt", images[0], images[1]), "design.txt", contrast, "connectivity", name, *options)


fixel_study("all", (images, range(subjects)), "positive.txt", "-permutations", "permutations.txt")
fixel_study("negated", (images, range(subjects)), "negative.txt", "-permutations", "permutations.txt")
maps = []
for order in orders:
    fixel_study("one", (images, order), "positive.txt", "-notest")
    maps.append(load("one/Zstat.mif").ravel())
result = {
    "fixels": fixels,
    "cfe": {
        "maps": [text(one) for one in maps],
        "positive": text(load("all/cfe.mif").ravel()),
        "negative": text(load("negated/cfe.mif").ravel()),
        "maxima": np.loadtxt(path("all/null_dist.txt")).tolist(),
        "minima": np.loadtxt(path("negated/null_dist.txt")).tolist(),
    },
}

# Voxels of a ragged mask.
shape = (9, 8, 7)
mask = rng.uniform(size=shape) < 0.85
save("mask.mif", mask.astype("u1"), "-datatype", "bit")
cells = np.argwhere(mask)
centre = np.array([3, 3, 3])
blob = np.exp(-((np.indices(shape).T - centre) ** 2).sum(-1).T / 6)
images = []
for subject in range(subjects):
    noise = rng.normal(size=shape)
    smooth = sum(np.roll(noise, step, axis) for axis in range(3) for step in (-1, 1)) / 3 + noise
    images.append(f"voxel-{subject}.mif")
    save(images[-1], (smooth + (subject % 2) * (4 * blob - 0.8)).astype("f4"))
result["cells"] = cells.T.tolist()


def voxel_study(name, order, contrast, *options):
    run("mrclusterstats", listed("list.txt", images, order), "design.txt", contrast, "mask.mif", name, *options)


result["voxels"] = {}
maps = []
for order in orders:
    voxel_study("one_", order, "positive.txt", "-notest")
    maps.append(load("one_Zstat.mif")[mask])
result["voxels"]["maps"] = [text(one) for one in maps]
for name, options, output in [
    ("tfce6", [], "tfce"),
    ("tfce26", ["-connectivity"], "tfce"),
    ("cluster6", ["-threshold", "1.5"], "clustersize"),
    ("cluster26", ["-threshold", "1.5", "-connectivity"], "clustersize"),
]:
    voxel_study("all_", range(subjects), "positive.txt", "-permutations", "permutations.txt", *options)
    voxel_study("negated_", range(subjects), "negative.txt", "-permutations", "permutations.txt", *options)
    result["voxels"][name] = {
        "positive": text(load(f"all_{output}.mif")[mask]),
        "negative": text(load(f"negated_{output}.mif")[mask]),
        "maxima": np.loadtxt(path("all_null_dist.txt")).tolist(),
        "minima": np.loadtxt(path("negated_null_dist.txt")).tolist(),
    }
with open(os.path.join(here, "expected.json"), "w") as out:
    json.dump(result, out, indent=0)
