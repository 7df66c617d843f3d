"""Enhanced statistics of greyordinates by numpy and scipy.

usage: greyordinates.py make FOLDER FREQUENCY SUBJECTS SHUFFLES   lh.surf.gii and rh.surf.gii (10 FREQUENCY² + 2 vertices each), CIFTI images of
                                                                  their cortex and of voxels, cohort.csv, shuffles.txt
       greyordinates.py judge FOLDER H5 ANALYSIS KIND [CHECKED]   tfce, extent or mass: statistics, null maxima (of the first CHECKED shuffles)
                                                                  and p-values of the test age are those computed here
"""
import os
import sys

import h5py
import nibabel
import numpy as np
from nibabel.cifti2 import BrainModelAxis, ScalarAxis
from scipy import sparse, stats

E, H, THRESHOLD = 0.5, 2.0, 2.0


def geodesic(frequency):
    """A sphere: each triangle of an icosahedron is divided into frequency² triangles."""
    golden = (1 + 5**0.5) / 2
    corners = [(-1, golden, 0), (1, golden, 0), (-1, -golden, 0), (1, -golden, 0), (0, -1, golden), (0, 1, golden)]
    corners += [(0, -1, -golden), (0, 1, -golden), (golden, 0, -1), (golden, 0, 1), (-golden, 0, -1), (-golden, 0, 1)]
    corners = np.array(corners)
    faces = [(0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4), (11, 10, 2), (10, 7, 6), (7, 1, 8)]
    faces += [(3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9), (4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1)]
    known, points, triangles = {}, [], []
    for a, b, c in corners[np.array(faces)]:
        at = {}
        for i in range(frequency + 1):
            for j in range(frequency + 1 - i):
                point = (a * (frequency - i - j) + b * i + c * j) / frequency
                key = tuple(np.round(point, 6) + 0.0)
                if key not in known:
                    known[key] = len(points)
                    points.append(point / np.linalg.norm(point))
                at[i, j] = known[key]
        for i in range(frequency):
            for j in range(frequency - i):
                triangles.append((at[i, j], at[i + 1, j], at[i, j + 1]))
                if i + j < frequency - 1:
                    triangles.append((at[i + 1, j], at[i + 1, j + 1], at[i, j + 1]))
    return np.array(points), np.array(triangles, "i4")


def make(folder, frequency, subjects, shuffles):
    rng = np.random.default_rng(5)
    points, triangles = geodesic(frequency)
    assert len(points) == 10 * frequency**2 + 2
    cortex, places = None, []
    for name, structure, side in (("lh", "CortexLeft", -1), ("rh", "CortexRight", 1)):
        placed = (points * [30, 80, 50] + [side * 34, -15, 10]).astype("f4")
        arrays = [
            nibabel.gifti.GiftiDataArray(placed, intent="NIFTI_INTENT_POINTSET", datatype="NIFTI_TYPE_FLOAT32"),
            nibabel.gifti.GiftiDataArray(triangles, intent="NIFTI_INTENT_TRIANGLE", datatype="NIFTI_TYPE_INT32"),
        ]
        arrays[0].meta["AnatomicalStructurePrimary"] = structure
        nibabel.save(nibabel.GiftiImage(darrays=arrays), f"{folder}/{name}.surf.gii")
        wall = side * placed[:, 0] > 8  # without the medial wall
        model = BrainModelAxis.from_mask(wall, name=structure)
        cortex = model if cortex is None else cortex + model
        places.append(placed[wall])
    grid = np.zeros((12, 12, 12), bool)
    grid[3:9, 3:8, 4:8] = True
    affine = np.diag([4.0, 4, 4, 1])
    axis = cortex + BrainModelAxis.from_mask(grid, affine=affine, name="ThalamusLeft")
    places.append(np.argwhere(grid) * 4.0)
    places = np.concatenate(places)
    # Smooth fields: waves of random directions.
    waves, phases = rng.normal(scale=0.12, size=(3, 24)), rng.uniform(0, 6.28, 24)
    fields = np.sin(places @ waves + phases)
    age = rng.uniform(20, 80, subjects).round(2)
    effect = fields[:, 0] * 0.01 + fields[:, 1] * 0.01
    with open(f"{folder}/cohort.csv", "w") as cohort:
        cohort.write("source_file,scalar_name,Age\n")
        for number in range(subjects):
            data = effect * (age[number] - 50) + fields @ rng.normal(size=24) / 5 + rng.normal(scale=0.2, size=len(axis))
            name = f"{folder}/sub-{number:03d}.dscalar.nii"
            nibabel.save(nibabel.Cifti2Image(data[None].astype("f4"), (ScalarAxis(["thickness"]), axis)), name)
            cohort.write(f"{name},THICK,{age[number]}\n")
    orders = [np.arange(subjects), *(rng.permutation(subjects) for _ in range(shuffles - 1))]
    np.savetxt(f"{folder}/shuffles.txt", np.array(orders).T, "%d")


def mesh(folder):
    """Edges between greyordinates and the size of each, from the files as nibabel reads them."""
    axis = nibabel.load(f"{folder}/sub-000.dscalar.nii").header.get_axis(1)
    names, sizes, edges = np.array(axis.name), np.ones(len(axis)), []
    for file, structure in (("lh", "CIFTI_STRUCTURE_CORTEX_LEFT"), ("rh", "CIFTI_STRUCTURE_CORTEX_RIGHT")):
        points, triangles = nibabel.load(f"{folder}/{file}.surf.gii").agg_data()
        corners = points.astype("f8")[triangles]
        areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
        of_vertex = np.bincount(triangles.ravel(), np.repeat(areas / 3, 3), len(points))
        element = np.full(len(points), -1)
        own = np.where(names == structure)[0]
        element[axis.vertex[own]] = own
        sizes[own] = of_vertex[axis.vertex[own]]
        pairs = element[np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])]
        edges.append(pairs[(pairs >= 0).all(1)])
    voxels = np.where(axis.volume_mask)[0]
    cells = axis.voxel[voxels]
    apart = np.abs(cells[:, None] - cells[None]).sum(2)
    edges.append(voxels[np.argwhere(apart == 1)])
    return np.concatenate(edges), sizes


def components(keep, edges):
    """The component of each kept element, from 0; -1 for others."""
    numbers = np.full(len(keep), -1)
    numbers[keep] = np.arange(keep.sum())
    inside = numbers[edges[keep[edges].all(1)]]
    graph = sparse.coo_matrix((np.ones(len(inside), bool), (inside[:, 0], inside[:, 1])), shape=(keep.sum(),) * 2)
    labels = np.full(len(keep), -1)
    labels[keep] = sparse.csgraph.connected_components(graph, directed=False)[1]
    return labels


def enhance_sign(values, edges, sizes, kind):
    """Of positive values; others are 0."""
    enhanced = np.zeros(len(values))
    heights = np.unique(values[values > 0]) if kind == "tfce" else [THRESHOLD]
    below = 0.0
    for height in heights:
        keep = values >= height if kind == "tfce" else values > height
        labels = components(keep, edges)
        weights = sizes[keep] * ((values[keep] - height) if kind == "mass" else 1)
        extents = np.bincount(labels[keep], weights) if keep.any() else weights
        if kind == "tfce":
            enhanced[keep] += extents[labels[keep]] ** E * (float(height) ** (H + 1) - below ** (H + 1)) / (H + 1)
        else:
            enhanced[keep] = extents[labels[keep]]
        below = float(height)
    return enhanced


def enhance(statistics, edges, sizes, kind):
    values = statistics.astype("f4")
    return enhance_sign(values, edges, sizes, kind) - enhance_sign(-values, edges, sizes, kind)


def statistics(responses, age):
    """t of the slope, by least squares."""
    x = age - age.mean()
    centred = responses - responses.mean(0)
    slope = x @ centred / (x @ x)
    residuals = centred - np.outer(x, slope)
    return slope / np.sqrt((residuals**2).sum(0) / (len(age) - 2) / (x @ x))


def judge(folder, file, analysis, kind, checked=None):
    ending = "tfce" if kind == "tfce" else "cluster"
    with h5py.File(file) as stored:
        values = stored["scalars/THICK/values"][()].astype("f8")
        group = stored[f"results/{analysis}"]
        names = [name.decode() if isinstance(name, bytes) else name for name in group["column_names"][()].ravel()]
        column = dict(zip(names, group["results_matrix"][()]))
        maxima = group[f"null_maxima_{ending}"][:, 0, :]
    cohort = np.genfromtxt(f"{folder}/cohort.csv", delimiter=",", names=True, dtype=None, encoding=None)
    age, orders = cohort["Age"], np.loadtxt(f"{folder}/shuffles.txt", dtype=int).T
    if values.shape[0] != len(age):
        values = values.T
    edges, sizes = mesh(folder)
    for shuffle, order in enumerate(orders[: None if checked is None else int(checked)]):
        t = statistics(values[order], age)
        if kind != "tfce":
            t = np.sign(t) * stats.norm.isf(stats.t.sf(np.abs(t), len(age) - 2))
        enhanced = enhance(t, edges, sizes, kind)
        if shuffle == 0:
            np.testing.assert_allclose(column[f"age.{ending}"], enhanced, rtol=2e-5, atol=1e-5)
            assert np.count_nonzero(enhanced) > 20, "nothing is enhanced"
        np.testing.assert_allclose(maxima[shuffle], [enhanced.max(), (-enhanced).max()], rtol=2e-5)
    largest = maxima.max(1)
    share = (largest[:, None] >= np.abs(column[f"age.{ending}"]) * (1 - 1e-9)).mean(0)
    np.testing.assert_allclose(column[f"age.p.value.fwe.{ending}"], share, atol=1e-12)
    print(f"{len(sizes)} greyordinates, {np.count_nonzero(column['age.' + ending])} with {ending}, least p {share.min():.4g}")


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    make(rest[0], *map(int, rest[1:])) if verb == "make" else judge(*rest)
