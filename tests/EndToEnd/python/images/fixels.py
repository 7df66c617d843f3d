"""Fixel data made by mrconvert and judged by mrdump and mrinfo.

usage: fixels.py make FOLDER                     a fixel folder, data of several types, wide.csv, cohort.csv, analysis.h5
       fixels.py like-modelarrayio FOLDER H5 [SHIFT]   the file of a wide cohort as ModelArrayIO makes it: tables by nibabel, from what mrconvert makes of the index
       fixels.py judge FOLDER SCALAR H5          the converted file holds what mrdump shows
       fixels.py judge-maps FOLDER MAPS ENDING   the maps of analysis.h5 are fixel data to MRtrix, with the example's header
"""
import filecmp
import os
import subprocess
import sys

import h5py
import nibabel as nib
import numpy as np

shape = (5, 4, 3)
affine = np.array([[-2, 0.1, 0, 90], [0, 2, 0.2, -126], [0.05, 0, 2, -72], [0, 0, 0, 1.0]])


def mrtrix(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def dump(path):
    """All values, the first axis fastest."""
    plain = os.path.join(os.path.dirname(path), "plain.mif")  # mrdump follows the file's own order
    mrtrix("mrconvert", "-quiet", "-force", path, plain, "-strides", ",".join(str(axis + 1) for axis in range(len(size(path)))))
    values = np.array(mrtrix("mrdump", "-quiet", plain).split(), float)
    os.remove(plain)
    return values


def size(path):
    return [int(n) for n in mrtrix("mrinfo", "-quiet", "-size", path).split()]


def save(folder, name, data, *options, place=np.eye(4)):
    made = os.path.join(folder, "made.nii")
    nib.save(nib.Nifti2Image(data, place), made)
    mrtrix("mrconvert", "-quiet", "-force", made, os.path.join(folder, name), *options)
    os.remove(made)


def make(folder):
    rng = np.random.default_rng(2)
    counts = rng.integers(0, 4, shape)
    first = np.zeros(shape, int)
    # MRtrix numbers fixels with the first axis fastest.
    order = counts.ravel(order="F")
    first.T.flat[:] = np.where(order > 0, np.cumsum(order) - order, 0)
    save(folder, "index.mif", np.stack([counts, first], 3).astype("i4"), "-datatype", "uint32", "-strides", "-2,-1,3,4", place=affine)
    fixels = int(counts.sum())
    directions = rng.normal(size=(fixels, 3, 1)).astype("f4")
    save(folder, "directions.mif", directions / np.linalg.norm(directions, axis=1, keepdims=True))

    kinds = ["float32", "float64be", "float32be", "uint16le", "int32be", "uint8"]
    names = {"FD": [], "FC": []}
    for number, kind in enumerate(kinds):
        for scalar in names:
            data = rng.uniform(0, 200, (fixels, 1, 1))
            name = f"sub-{number}_{scalar}.mif" + (".gz" if number % 2 else "")
            options = {"uint16le": ["-scaling", "1.5,0.25"], "int32be": ["-strides", "-1,2,3"]}.get(kind, [])
            save(folder, name, data.astype("f4") if "float" in kind else data.round().astype("i4"), "-datatype", kind, *options)
            names[scalar].append(name)
    with open(os.path.join(folder, "wide.csv"), "w") as out:
        out.write("subject_id,FD,FC\n" + "".join(f"sub-{i},{fd},{fc}\n" for i, (fd, fc) in enumerate(zip(names["FD"], names["FC"]))))
    with open(os.path.join(folder, "cohort.csv"), "w") as out:
        out.write("scalar_name,source_file\n" + "".join(f"{scalar},{name}\n" for scalar in names for name in names[scalar]))
    with open(os.path.join(folder, "absolute.csv"), "w") as out:
        out.write("scalar_name,source_file\n" + "".join(f"FD,{os.path.join(folder, name)}\n" for name in names["FD"]))
    with h5py.File(os.path.join(folder, "analysis.h5"), "w") as file:
        group = file.create_group("results/lm")
        matrix = np.vstack([np.arange(fixels), rng.normal(size=fixels), rng.uniform(size=fixels)])
        matrix[1, 3] = np.nan
        group["results_matrix"] = matrix
        group["column_names"] = np.array(["element_id", "Age.estimate", "Age.p.value"], dtype=h5py.string_dtype())


def like_modelarrayio(folder, path, shift="0"):
    index, directions = os.path.join(folder, "io_index.nii"), os.path.join(folder, "io_directions.nii")
    mrtrix("mrconvert", "-quiet", "-force", os.path.join(folder, "index.mif"), index)
    mrtrix("mrconvert", "-quiet", "-force", os.path.join(folder, "directions.mif"), directions)
    counts, first = np.moveaxis(nib.load(index).get_fdata(), 3, 0)
    order = np.argsort(first[counts > 0])
    cells = np.column_stack(np.nonzero(counts > 0))[order]
    voxel = np.repeat(np.arange(len(cells)), counts[counts > 0][order].astype(int))
    fixels = np.column_stack([np.arange(len(voxel)), voxel, nib.load(directions).get_fdata()[:, :, 0]])
    cells[0, 2] += int(shift)
    with h5py.File(path, "w") as file:
        file["scalars/FD/values"] = np.arange(len(voxel), dtype="f4")[None]
        file["scalars/FD/column_names"] = np.array(["sub-0"], dtype=h5py.string_dtype())
        file["fixels"], file["voxels"] = fixels.T, np.column_stack([np.arange(len(cells)), cells]).T
        file["fixels"].attrs["column_names"] = ["fixel_id", "voxel_id", "x", "y", "z"]
        file["voxels"].attrs["column_names"] = ["voxel_id", "i", "j", "k"]


def judge(folder, scalar, path):
    with h5py.File(path, "r") as file:
        values = file[f"scalars/{scalar}/values"]
        names = [name.decode() for name in file[f"scalars/{scalar}/column_names"]]
        assert names == [f"sub-{i}_{scalar}.mif" + (".gz" if i % 2 else "") for i in range(6)], names
        for row, name in zip(values, names):
            np.testing.assert_allclose(row, dump(os.path.join(folder, name)), rtol=1e-5, err_msg=name)
        fixels, voxels = file["fixels"], file["voxels"]
        assert [name.decode() for name in fixels.attrs["column_names"]] == ["fixel_id", "voxel_id", "x", "y", "z"]
        assert [name.decode() for name in voxels.attrs["column_names"]] == ["voxel_id", "i", "j", "k"]
        np.testing.assert_array_equal(fixels[0], np.arange(values.shape[1]))
        np.testing.assert_allclose(fixels[2:].ravel(), dump(os.path.join(folder, "directions.mif")), rtol=1e-5)
        # Each fixel's voxel, looked up in the index image as MRtrix shows it.
        counts, first = dump(os.path.join(folder, "index.mif")).reshape((*shape, 2), order="F").transpose(3, 0, 1, 2)
        np.testing.assert_array_equal(voxels[0], np.arange((counts > 0).sum()))
        i, j, k = voxels[1:][:, fixels[1].astype(int)]
        begin = first[i, j, k]
        assert (begin <= fixels[0]).all() and (fixels[0] < begin + counts[i, j, k]).all()
        assert (np.diff(first[tuple(voxels[1:])]) > 0).all()


def judge_maps(folder, maps, ending, example="sub-0_FD.mif"):
    with h5py.File(os.path.join(folder, "analysis.h5"), "r") as file:
        matrix = file["results/lm/results_matrix"][()]
    p = matrix[2]
    for name, expected in (("element_id", matrix[0]), ("Age.estimate", matrix[1]), ("Age.p.value", p), ("Age.1m.p.value", 1 - p), ("Age.p.value.neglog10", -np.log10(p))):
        path = os.path.join(maps, f"lm_{name}{ending}")
        np.testing.assert_allclose(dump(path), expected, rtol=1e-5, err_msg=path)
        like = os.path.join(folder, example)
        assert size(path) == size(like) == [matrix.shape[1], 1, 1], size(path)
        assert mrtrix("mrinfo", "-quiet", "-datatype", path).strip() == "Float32LE"
        assert mrtrix("mrinfo", "-quiet", "-transform", path) == mrtrix("mrinfo", "-quiet", "-transform", like)
        again = os.path.join(maps, "again.nii")
        mrtrix("mrconvert", "-quiet", "-force", path, again)
        np.testing.assert_allclose(nib.load(again).get_fdata().ravel(), expected.astype("f4"), rtol=1e-6)
        os.remove(again)
    for name in ("index.mif", "directions.mif"):
        assert filecmp.cmp(os.path.join(folder, name), os.path.join(maps, name), shallow=False), name


globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:])
