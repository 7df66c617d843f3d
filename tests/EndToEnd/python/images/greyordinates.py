"""CIFTI-2 files made and judged by nibabel.

usage: greyordinates.py make FOLDER KIND               dscalar, pscalar or pconn: images, cohort.csv, odd.csv (one differs), analysis.h5
       greyordinates.py judge FOLDER KIND H5           the converted file holds what nibabel reads
       greyordinates.py judge-maps FOLDER KIND MAPS    the maps of analysis.h5 are CIFTI with the example's axes and header
"""
import os
import sys

import h5py
import nibabel as nib
import numpy as np
from nibabel.cifti2 import BrainModelAxis, ParcelsAxis, ScalarAxis

subjects = 5


def brain(left=20):
    cortex = BrainModelAxis.from_mask(np.arange(32) < left, name="CortexLeft")
    right = BrainModelAxis.from_mask(np.arange(32) % 3 == 0, name="CortexRight")
    volume = np.zeros((4, 4, 4), bool)
    volume[1:3, 2, 0:3] = True
    return cortex + right + BrainModelAxis.from_mask(volume, affine=np.diag([2, 2, 2, 1.0]), name="ThalamusLeft")


def parcels(names):
    whole = brain()
    at = np.array_split(np.arange(20), len(names))
    return ParcelsAxis.from_brain_models([(name, whole[part]) for name, part in zip(names, at)])


def axes(kind, odd=False):
    if kind == "dscalar":
        return ScalarAxis(["thickness of sub"]), brain(19 if odd else 20)
    names = ["V1", "a & b", "V3", "MT" if odd else "M1"]
    if kind == "pscalar":
        return ScalarAxis(["thickness of sub"]), parcels(names)
    return parcels(names), parcels(["x", "y", "z"])


def save(folder, name, kind, data, dtype, odd=False):
    made = nib.Cifti2Image(data.astype(dtype), axes(kind, odd))
    made.nifti_header.set_data_dtype(dtype)
    made.nifti_header["descrip"] = b"made for a test"
    nib.save(made, os.path.join(folder, name))


def make(folder, kind):
    rng = np.random.default_rng(3)
    shape = tuple(len(axis) for axis in axes(kind))
    names = [f"sub-{number}.{kind}.nii" for number in range(subjects)]
    for number, name in enumerate(names):
        save(folder, name, kind, rng.normal(size=shape), "f8" if number == 2 else "f4")
    odd = tuple(len(axis) for axis in axes(kind, odd=True))
    save(folder, f"odd.{kind}.nii", kind, rng.normal(size=odd), "f4", odd=True)
    for cohort, listed in (("cohort", names), ("odd", [*names, f"odd.{kind}.nii"])):
        with open(os.path.join(folder, cohort + ".csv"), "w") as out:
            out.write("source_file,scalar_name\n" + "".join(f"{os.path.join(folder, name)},THICK\n" for name in listed))
    elements = int(np.prod(shape))
    results = np.vstack([np.arange(elements), rng.normal(size=elements), rng.uniform(size=elements)])
    results[1, 3] = np.nan
    with h5py.File(os.path.join(folder, "analysis.h5"), "w") as file:
        group = file.create_group("results/lm")
        group["results_matrix"] = results
        group["column_names"] = [b"element_id", b"Age.estimate", b"model.p.value"]


def judge(folder, kind, path):
    with h5py.File(path, "r") as file:
        values = file["scalars/THICK/values"]
        for number in range(subjects):
            name = os.path.join(folder, f"sub-{number}.{kind}.nii")
            assert file["scalars/THICK/column_names"][number].decode() == name
            np.testing.assert_array_equal(values[number], nib.load(name).get_fdata().ravel().astype("f4"), err_msg=name)
        first, second = axes(kind)
        if kind == "dscalar":
            table = file["greyordinates"]
            assert [name.decode() for name in table.attrs["column_names"]] == ["vertex_id", "structure_id"]
            structures = np.array([name.decode() for name in table.attrs["structure_names"]])
            np.testing.assert_array_equal(table[0], np.arange(len(second)))
            np.testing.assert_array_equal(structures[table[1]], second.name)
        elif kind == "pscalar":
            assert [name.decode() for name in file["parcels/parcel_id"]] == list(second.name)
        else:
            assert [name.decode() for name in file["parcels/parcel_id_from"]] == list(first.name)
            assert [name.decode() for name in file["parcels/parcel_id_to"]] == list(second.name)


def judge_maps(folder, kind, maps, example="sub-0"):
    like = nib.load(os.path.join(folder, f"{example}.{kind}.nii"))
    with h5py.File(os.path.join(folder, "analysis.h5"), "r") as file:
        ids, estimate, p = file["results/lm/results_matrix"][()]
    expected = {"element_id": ids, "Age.estimate": estimate, "model.p.value": p, "model.1m.p.value": 1 - p, "model.p.value.neglog10": -np.log10(p)}
    assert {f"lm_{name}.{kind}.nii" for name in expected} == set(os.listdir(maps))
    for name, values in expected.items():
        there = nib.load(os.path.join(maps, f"lm_{name}.{kind}.nii"))
        np.testing.assert_allclose(there.get_fdata().ravel(), values.astype("f4"), rtol=2e-7, err_msg=name)
        assert there.header.get_axis(1) == like.header.get_axis(1)
        if kind == "pconn":
            assert there.header.get_axis(0) == like.header.get_axis(0)
        else:
            assert list(there.header.get_axis(0).name) == [name]
        assert there.header.matrix.metadata["Description"].endswith("; analysis lm"), dict(there.header.matrix.metadata)
        assert there.get_data_dtype() == np.float32
        for field in like.nifti_header:
            if field not in ("datatype", "bitpix", "descrip", "vox_offset"):
                np.testing.assert_array_equal(there.nifti_header[field], like.nifti_header[field], err_msg=field)


globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:])
