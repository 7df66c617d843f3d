"""Makes nibabel-headers.json: NIfTI images whose headers are set out unusually or wrong, and what nibabel 5.0 reads from each.

usage: /usr/bin/python3 nibabel-headers.py > nibabel-headers.json
"""
import base64
import io
import json
import logging

import nibabel as nib
import numpy as np

nib.imageglobals.logger.setLevel(logging.CRITICAL)
shape = (4, 3, 2)
nan, inf = float("nan"), float("inf")
quarter = {"qform_code": 1, "sform_code": 0, "pixdim": [1, 2, 3, 4, 1, 1, 1, 1], "quatern_b": 0, "quatern_c": 0, "quatern_d": np.sqrt(0.5), "qoffset_x": 5, "qoffset_y": 6, "qoffset_z": 7}
cases = {
    "sform": {},
    "sform and other qform": {**quarter, "sform_code": 4},
    "qform": quarter,
    "qform, mirrored": {**quarter, "pixdim": [-1, 2, 3, 4, 1, 1, 1, 1]},
    "qform without sign": {**quarter, "pixdim": [0, 2, 3, 4, 1, 1, 1, 1]},
    "qform, negative size": {**quarter, "pixdim": [1, -2, 3, 4, 1, 1, 1, 1]},
    "qform, size of 0": {**quarter, "pixdim": [1, 0, 3, 4, 1, 1, 1, 1]},
    "qform, long": {**quarter, "quatern_b": 0.9},
    "sizes alone": {"qform_code": 0, "sform_code": 0, "pixdim": [1, 2, 3, 4, 1, 1, 1, 1]},
    "sizes negative and 0": {"qform_code": 0, "sform_code": 0, "pixdim": [1, -2, 3, 0, 1, 1, 1, 1]},
    "slope": {"scl_slope": 2, "scl_inter": -1},
    "slope alone": {"scl_slope": 0.5, "scl_inter": 0},
    "slope of 0": {"scl_slope": 0, "scl_inter": 5},
    "slope NaN": {"scl_slope": nan, "scl_inter": 5},
    "slope infinite": {"scl_slope": inf, "scl_inter": 5},
    "both NaN": {"scl_slope": nan, "scl_inter": nan},
    "intercept NaN": {"scl_slope": 2, "scl_inter": nan},
    "intercept infinite": {"scl_slope": 2, "scl_inter": -inf},
    "one volume of four axes": {"dim": [4, 4, 3, 2, 1, 1, 1, 1]},
    "unused extents of 0": {"dim": [3, 4, 3, 2, 0, 0, 0, 0]},
    "bitpix": {"bitpix": 64},
    "offset in the header": {"vox_offset": 340},
}


def expected(data, klass):
    try:
        image = klass.from_bytes(data)
        return {"affine": image.affine[:3].ravel().tolist(), "values": image.get_fdata().reshape(shape).ravel().tolist()}
    except Exception as refusal:
        return {"refusal": str(refusal)}


made = []
for version, klass, image, begin, order in ((1, nib.Nifti1Header, nib.Nifti1Image, 352, "<"), (2, nib.Nifti2Header, nib.Nifti2Image, 544, ">")):
    for case, fields in cases.items():
        header = klass(endianness=order)
        header.set_data_dtype(np.dtype("i2").newbyteorder(order))
        header.set_data_shape(shape)
        header.set_sform(np.diag([-2.0, 2, 2, 1]) + 1e-3, 1)
        header.set_data_offset(begin)
        for field, value in fields.items():
            header.structarr[field] = value
        data = header.structarr.tobytes() + bytes(4) + np.arange(1, 25, dtype="i2").astype(order + "i2").tobytes()
        made.append({"name": f"{case}, NIfTI-{version}", "file": base64.b64encode(data).decode(), **expected(data, image)})
print("[\n" + ",\n".join(json.dumps(case) for case in made) + "\n]")
