"""Volumes made and judged by nibabel and h5py.

usage: volumes.py make FOLDER                  images of every type, byte order and version, masks, cohort.csv, analysis.h5
       volumes.py large FOLDER                 a volume of 64 x 64 x 64 and its mask
       volumes.py judge FOLDER H5 DTYPE        the converted file holds what nibabel reads
       volumes.py judge-maps FOLDER MAPS       the maps of analysis.h5 lie where nibabel expects them
       volumes.py judge-run FOLDER RESULTS ANALYSIS MAPS    the maps hold what a run wrote
       volumes.py judge-column FOLDER MAP H5 COLUMN
"""
import os
import sys

import h5py
import nibabel as nib
import numpy as np

shape = (7, 6, 5)
affine = np.array([[-2, 0.1, 0, 90], [0, 2, 0.2, -126], [0.05, 0, 2, -72], [0, 0, 0, 1.0]])
kinds = [(t, version, order, slope) for t in ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8")
         for version, order, slope in ((1, "<", None), (2, ">", (0.25, -3.5)))]


def image(data, version, order, slope):
    header = (nib.Nifti1Header if version == 1 else nib.Nifti2Header)(endianness=order)
    header.set_data_dtype(data.dtype.newbyteorder(order))
    header.set_xyzt_units("mm", "sec")
    header["descrip"] = b"made for a test"
    made = (nib.Nifti1Image if version == 1 else nib.Nifti2Image)(data, affine, header)
    made.set_sform(affine, 2)
    made.set_qform(affine, 1)
    if slope:
        made.header.set_slope_inter(*slope)
    return made


def save(folder, name, data, version=1, order="<", slope=None):
    # nibabel would rescale the data to fit; the file is put together by hand: header, then stored samples.
    made = image(data, version, order, slope)
    header = made.header.copy()
    header.set_data_offset(352 if version == 1 else 544)
    raw = header.binaryblock
    if slope:
        fields = header.structarr.copy()
        fields["scl_slope"], fields["scl_inter"] = slope
        raw = fields.tobytes()
    raw += bytes(4) + data.astype(data.dtype.newbyteorder(order)).tobytes(order="F")
    opener = nib.openers.Opener(os.path.join(folder, name), "wb")
    opener.write(raw)
    opener.close()


def make(folder):
    rng = np.random.default_rng(1)
    rows = ["scalar_name,source_file,source_mask_file,age"]
    mask = (rng.uniform(size=shape) > 0.5).astype("i2") * 3
    save(folder, "mask.nii.gz", mask)
    for number, (kind, version, order, slope) in enumerate(kinds):
        dtype = np.dtype(kind)
        if dtype.kind == "f":
            data = rng.normal(size=shape).astype(dtype)
            data[0, 0, 0] = np.nan
        else:
            limits = np.iinfo(dtype)
            data = rng.integers(max(limits.min, -2**50), min(limits.max, 2**50), shape, endpoint=True).astype(dtype)
        name = f"sub-{number:02d}_{kind}.nii" + (".gz" if number % 3 else "")
        own = ""
        if number % 4 == 1:
            own = f"sub-{number:02d}_mask.nii.gz"
            save(folder, own, (rng.uniform(size=shape) > 0.2).astype("u1"))
        save(folder, name, data, version, order, slope)
        rows.append(f"FA,{name},{own},{20 + number}")
    open(os.path.join(folder, "cohort.csv"), "w").write("\n".join(rows) + "\n")

    elements = int((mask > 0).sum())
    names = ["element_id", "Age.estimate", "sex F/M.p.value", "s_Age.p.value.fdr", "Age.p.value", "Age.p.value.neglog10"]
    results = np.vstack([np.arange(elements), rng.normal(size=elements), rng.uniform(size=(2, elements)), rng.uniform(size=(2, elements))])
    results[2, :3] = [1e-50, 1e-9, 1]
    results[5] = -np.log10(results[4])
    results[1, 4] = np.nan
    order = rng.permutation(elements)[: elements // 2]
    with h5py.File(os.path.join(folder, "analysis.h5"), "w") as file:
        for name, matrix in (("lm", results), ("part of it", results[:, order])):
            group = file.create_group(f"results/{name}")
            group["results_matrix"] = matrix
            group["column_names"] = [one.encode() for one in names]


def large(folder):
    cube = (64, 64, 64)
    save(folder, "large.nii", np.random.default_rng(1).normal(size=cube).astype("f4"))
    save(folder, "large-mask.nii", np.ones(cube, "u1"))


def masked(folder):
    return nib.load(os.path.join(folder, "mask.nii.gz")).get_fdata() > 0


def judge(folder, path, dtype):
    mask = masked(folder)
    rows = [line.split(",") for line in open(os.path.join(folder, "cohort.csv")).read().split()[1:]]
    with h5py.File(path, "r") as file:
        values = file["scalars/FA/values"]
        assert values.dtype == np.dtype(dtype), values.dtype
        assert [name.decode() for name in file["scalars/FA/column_names"]] == [row[1] for row in rows]
        assert values.chunks[0] == len(rows), values.chunks
        for number, row in enumerate(rows):
            expected = nib.load(os.path.join(folder, row[1])).get_fdata()
            if row[2]:
                expected[~(nib.load(os.path.join(folder, row[2])).get_fdata() > 0)] = np.nan
            np.testing.assert_array_equal(values[number], expected[mask].astype(dtype), err_msg=row[1])
        voxels = file["voxels"]
        assert [name.decode() for name in voxels.attrs["column_names"]] == ["voxel_id", "i", "j", "k"]
        np.testing.assert_array_equal(voxels[0], np.arange(mask.sum()))
        np.testing.assert_array_equal(voxels[1:], np.nonzero(mask))


def judge_maps(folder, maps):
    mask, like = masked(folder), nib.load(os.path.join(folder, "mask.nii.gz"))
    file = h5py.File(os.path.join(folder, "analysis.h5"), "r")
    seen = set()
    for analysis, prefix in (("lm", "lm"), ("part of it", "part_of_it")):
        matrix = file[f"results/{analysis}/results_matrix"][()]
        names = [name.decode().replace(" ", "_").replace("/", "_") for name in file[f"results/{analysis}/column_names"]]
        ids = matrix[0].astype(int)
        expected = {name: row for name, row in zip(names, matrix)}
        for name in [one for one in names if "p.value" in one and not one.endswith("neglog10")]:
            expected[name.replace("p.value", "1m.p.value")] = 1 - expected[name]
            expected.setdefault(name + ".neglog10", -np.log10(expected[name]))
        for name, row in expected.items():
            path = os.path.join(maps, f"{prefix}_{name}.nii.gz")
            seen.add(os.path.basename(path))
            there = nib.load(path)
            full = np.full(mask.sum(), np.nan)
            full[ids] = row
            np.testing.assert_allclose(there.get_fdata()[mask], full.astype("f4"), rtol=2e-7, err_msg=path)
            # A background of 0 in a map of p-values would be the strongest result.
            is_p = "p.value" in name and "1m.p.value" not in name and not name.endswith("neglog10")
            assert (there.get_fdata()[~mask] == (1 if is_p else 0)).all(), path
            assert str(there.header["descrip"].astype(str)).endswith(f"; analysis {analysis}"), there.header["descrip"]
            assert there.get_data_dtype() == np.float32
            for field in like.header:
                if field not in ("datatype", "bitpix", "descrip"):
                    np.testing.assert_array_equal(there.header[field], like.header[field], err_msg=field)
    assert seen == set(os.listdir(maps)), seen ^ set(os.listdir(maps))


def judge_column(folder, path, data, column):
    with h5py.File(data, "r") as file:
        np.testing.assert_array_equal(nib.load(path).get_fdata()[masked(folder)], file["scalars/FA/values"][int(column)].astype("f4"))


def judge_run(folder, results, analysis, maps):
    with h5py.File(results, "r") as file:
        matrix = file[f"results/{analysis}/results_matrix"][()]
        names = [name.decode() for name in file[f"results/{analysis}/column_names"]]
    mask = masked(folder)
    for name, row in zip(names, matrix):
        expected = np.full(mask.sum(), np.nan)
        expected[matrix[0].astype(int)] = row
        there = nib.load(os.path.join(maps, f"{analysis}_{name}.nii.gz")).get_fdata()[mask]
        np.testing.assert_array_equal(there, expected.astype("f4"), err_msg=name)
    assert np.isfinite(matrix[names.index("age.estimate")]).any()


def judge_stored(folder, results, analysis, with_mask, without, with_nan):
    """Maps without a mask image are those with it; statuses; the background; what a map shows."""
    mask, like = masked(folder), nib.load(os.path.join(folder, "mask.nii.gz"))
    assert set(os.listdir(with_mask)) == set(os.listdir(without)) == set(os.listdir(with_nan))
    for name in os.listdir(with_mask):
        one, other, third = (nib.load(os.path.join(maps, name)) for maps in (with_mask, without, with_nan))
        np.testing.assert_array_equal(one.get_fdata(), other.get_fdata(), err_msg=name)
        np.testing.assert_array_equal(one.get_fdata()[mask], third.get_fdata()[mask], err_msg=name)
        np.testing.assert_allclose(other.affine, like.affine, rtol=1e-6)
        np.testing.assert_allclose(other.header.get_zooms(), np.sqrt((like.affine[:3, :3] ** 2).sum(axis=0)), rtol=1e-6)
        if not name.endswith("element_status.nii.gz"):
            assert np.isnan(third.get_fdata()[~mask]).all(), name
    with h5py.File(results, "r") as file:
        codes, ids = file[f"results/{analysis}/element_status"][()], file[f"results/{analysis}/results_matrix"][0].astype(int)
    status = nib.load(os.path.join(without, f"{analysis}_element_status.nii.gz"))
    assert status.get_data_dtype() == np.int16
    expected = np.full(mask.sum(), 255)
    expected[ids] = codes
    np.testing.assert_array_equal(np.asarray(status.dataobj)[mask], expected)
    assert (np.asarray(status.dataobj)[~mask] == 255).all()
    shown = str(nib.load(os.path.join(without, f"{analysis}_age.1m.p.value.nii.gz")).header["descrip"].astype(str))
    assert shown == "1 - age.p.value; FA ~ age", shown


def judge_threshold(folder, results, analysis, maps):
    """Where age.p.value < 0.3 fails, maps have the background; ids and statuses are complete."""
    mask = masked(folder)
    with h5py.File(results, "r") as file:
        matrix = file[f"results/{analysis}/results_matrix"][()]
        names = [name.decode() for name in file[f"results/{analysis}/column_names"]]
    shown = matrix[names.index("age.p.value")] < 0.3
    assert 0 < shown.sum() < shown.size
    for name, background in (("age.estimate", 0), ("age.p.value", 1)):
        image = nib.load(os.path.join(maps, f"{analysis}_{name}.nii.gz"))
        expected = np.full(mask.sum(), background, float)
        expected[matrix[0].astype(int)] = np.where(shown, matrix[names.index(name)], background)
        np.testing.assert_array_equal(image.get_fdata()[mask], expected.astype("f4"), err_msg=name)
        assert str(image.header["descrip"].astype(str)) == f"{name} where age.p.value < 0.3; FA ~ age"
    ids = nib.load(os.path.join(maps, f"{analysis}_element_id.nii.gz")).get_fdata()[mask]
    np.testing.assert_array_equal(ids[matrix[0].astype(int)], matrix[0])


globals()[sys.argv[1].replace("-", "_")](*sys.argv[2:])
