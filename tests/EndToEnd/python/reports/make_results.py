"""Files of results for every kind of element, as HpcFit and other programs leave them.

usage: make_results.py FOLDER NAME

Writes voxels.h5, fixels.h5 and greyordinates.h5 with the analyses found (an effect around one place), nothing (none), nan (every value is
NaN), one (a single element), NAME (which is also the name of its term), permuted (with p-values of enhanced statistics and the maxima of 200 shuffles), and custom (columns without p-values); and surfaces lh.surf.gii and
rh.surf.gii.
"""
import sys

import h5py
import nibabel
import numpy as np

folder, name = sys.argv[1:3]
rng = np.random.default_rng(21)
shape = (8, 9, 7)
cells = np.indices(shape).reshape(3, -1)
affine = np.array([[-4.0, 0, 0, 14], [0, 4, 0, -16], [0, 0, 4, -12], [0, 0, 0, 1]])


def surface(side, structure):
    """A dome of vertices over a grid, as a surface of one hemisphere."""
    y, z = np.meshgrid(np.linspace(-60, 60, 25), np.linspace(-40, 40, 17), indexing="ij")
    x = side * (10 + 40 * np.sqrt(np.clip(1 - (y / 70) ** 2 - (z / 50) ** 2, 0, 1)))
    corner = (np.arange(24)[:, None] * 17 + np.arange(16)).ravel()
    faces = np.concatenate([np.stack([corner, corner + 17, corner + 1], 1), np.stack([corner + 1, corner + 17, corner + 18], 1)])
    points = nibabel.gifti.GiftiDataArray(np.stack([x, y, z], -1).reshape(-1, 3).astype("f4"), "NIFTI_INTENT_POINTSET", "NIFTI_TYPE_FLOAT32")
    points.meta["AnatomicalStructurePrimary"] = structure
    triangles = nibabel.gifti.GiftiDataArray(faces.astype("i4"), "NIFTI_INTENT_TRIANGLE", "NIFTI_TYPE_INT32")
    nibabel.save(nibabel.GiftiImage(darrays=[points, triangles]), f"{folder}/{'lh' if side < 0 else 'rh'}.surf.gii")


def table(file, path, columns, kind, **attributes):
    made = file.create_dataset(path, data=np.stack(list(columns.values())).astype(kind))
    made.attrs["column_names"] = list(columns)
    for key, value in attributes.items():
        made.attrs[key] = value


def places(file, kind):
    """The tables of a kind; returns the number of elements."""
    voxels = {"voxel_id": np.arange(cells.shape[1]), **dict(zip("ijk", cells))}
    grid = {"shape": np.array(shape, "int64"), "affine": affine}
    if kind != "greyordinates":
        table(file, "voxels", voxels, "int64", **grid)
    if kind == "fixels":
        count = 2 * cells.shape[1]
        directions = rng.normal(size=(3, count))
        ids = {"fixel_id": np.arange(count), "voxel_id": np.arange(count) // 2}
        table(file, "fixels", {**ids, **dict(zip("xyz", directions / np.linalg.norm(directions, axis=0)))}, "f8")
        return count
    if kind == "voxels":
        return cells.shape[1]
    structures = np.repeat([0, 1, 2], [425, 425, cells.shape[1]])
    none = np.full(850, -1)
    names = [f"CIFTI_STRUCTURE_{one}" for one in ("CORTEX_LEFT", "CORTEX_RIGHT", "THALAMUS_LEFT")]
    ids = {"vertex_id": np.arange(len(structures)), "structure_id": structures}
    table(file, "greyordinates", ids, "int64", structure_names=names, surface_vertices=np.array([425, 425, 0]), **grid)
    vertex = np.r_[np.arange(425), np.arange(425), np.full(cells.shape[1], -1)]
    table(file, "greyordinate_positions", {"vertex": vertex, **{axis: np.r_[none, at] for axis, at in zip("ijk", cells)}}, "int64")
    return len(structures)


def analysis(file, label, columns, statuses):
    group = file.create_group(f"results/{label}")
    group["results_matrix"] = np.stack(list(columns.values()))
    group["column_names"] = [one.encode() for one in columns]
    group["element_status"] = statuses.astype("int16")


def tested(rows, effect, term="Age"):
    statistic = rng.normal(size=len(rows)) + effect
    p = 2 * np.exp(-0.717 * np.abs(statistic) - 0.416 * statistic**2) / 2  # about that of a normal variable
    order = np.argsort(p)[::-1]
    fdr = np.empty(len(rows))
    fdr[order] = np.minimum(1, np.minimum.accumulate(p[order] * len(rows) / np.arange(len(rows), 0, -1)))
    values = {"estimate": statistic / 10, "statistic": statistic, "p.value": p, "p.value.fdr": fdr}
    return {"element_id": rows.astype(float), **{f"{term}.{key}": value for key, value in values.items()}}


surface(-1, "CortexLeft")
surface(1, "CortexRight")
for kind in ("voxels", "fixels", "greyordinates"):
    with h5py.File(f"{folder}/{kind}.h5", "w") as file:
        count = places(file, kind)
        rows = np.arange(count)
        fitted = np.zeros(count)
        effect = np.where(np.abs(rows - count // 3) < 6, 12.0, 0)
        analysis(file, "found", tested(rows, effect), fitted)
        weak = tested(rows, 0)
        weak["Age.p.value.fdr"] = np.full(count, 0.8)
        analysis(file, "nothing", weak, fitted)
        analysis(file, "nan", {key: value if key == "element_id" else np.full(count, np.nan) for key, value in weak.items()}, fitted + 1)
        one = tested(rows[[count // 3]], np.array([9.0]))
        analysis(file, "one", one, fitted[:1])
        analysis(file, name, tested(rows, effect, name), fitted)
        permuted = tested(rows, effect)
        permuted["Age.tfce"] = np.sign(permuted["Age.statistic"]) * permuted["Age.statistic"] ** 2
        permuted["Age.p.value.perm.tfce"] = np.clip(permuted["Age.p.value"], 1 / 200, 1)
        permuted["Age.p.value.fwe.tfce"] = np.where(effect > 0, 1 / 200, 0.7)
        analysis(file, "permuted", permuted, fitted)
        maxima = rng.uniform(5, 20, (200, 1, 2))
        maxima[0, 0] = np.nanmax(permuted["Age.tfce"]), 3
        made = file.create_dataset("results/permuted/null_maxima_tfce", data=maxima)
        made.attrs["columns"] = ["Age.tfce"]
        made.attrs["signs"] = ["positive", "negative"]
        analysis(file, "custom", {"element_id": rows.astype(float), "mean": rng.normal(size=count), "n": np.full(count, 12.0)}, fitted)
