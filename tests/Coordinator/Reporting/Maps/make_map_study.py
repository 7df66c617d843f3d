"""Writes a small study with effects in known places, and what nibabel reports about its grid.

usage: make_map_study.py FOLDER KIND ORIENTATION [COUNT]

KIND: voxels or fixels. ORIENTATION: axis codes such as LAS, followed by "-oblique" for a grid that is rotated against the scanner, or "none"
for a file that does not store where its grid is. COUNT: the number of fixels, in smaller voxels than otherwise; or 1 for a single voxel
with a single element. The head is an ellipsoid around (0, 0, 0) mm. In every element the statistic is noise below
1, except around (-16, 20, 12) mm (left, front, top), where it reaches +9, and around the opposite point, where it reaches -9. The first
fixel of a voxel points along the scanner's x axis, others anywhere; only first fixels have the effect.

Writes FOLDER/data.h5 (tables /voxels and /fixels) and FOLDER/statistic (float64, one value per element), and prints JSON.
"""
import json
import sys

import h5py
import nibabel
import numpy

folder, kind, orientation = sys.argv[1:4]
wanted = int(sys.argv[4]) if len(sys.argv) > 4 else 0
rng = numpy.random.default_rng(7)
edge = 4.0 if wanted < 2 else 1.0
shape = numpy.ceil(numpy.array([76, 96, 72]) / edge).astype(int)


def rotation(axis, degrees):
    angle = numpy.radians(degrees)
    matrix = numpy.eye(3)
    one, other = [a for a in range(3) if a != axis]
    matrix[one, one] = matrix[other, other] = numpy.cos(angle)
    matrix[one, other], matrix[other, one] = -numpy.sin(angle), numpy.sin(angle)
    return matrix


linear = edge * numpy.eye(3)
if orientation.endswith("-oblique"):
    linear = rotation(2, 20) @ rotation(0, -12) @ linear
affine = numpy.eye(4)
affine[:3, :3] = linear
affine[:3, 3] = -linear @ (shape - 1) / 2
image = nibabel.Nifti1Image(numpy.zeros(shape, numpy.float32), affine)
codes = "RAS" if orientation == "none" else orientation[:3]
image = image.as_reoriented(nibabel.orientations.ornt_transform(nibabel.io_orientation(affine), nibabel.orientations.axcodes2ornt(codes)))
affine = image.affine

cells = numpy.indices(image.shape).reshape(3, -1)
places = affine[:3, :3] @ cells + affine[:3, 3:]
inside = ((places / numpy.array([[34], [44], [32]])) ** 2).sum(0) <= 1
cells, places = cells[:, inside], places[:, inside]
effect = numpy.array([-16.0, 20, 12])
nearest = int(((places.T - effect) ** 2).sum(1).argmin())
if wanted == 1:
    cells, places, nearest = cells[:, [nearest]], places[:, [nearest]], 0
centre = places[:, nearest]


def bump(at):
    return numpy.exp(-((places.T - at) ** 2).sum(1) / (2 * 6.0**2))


signal = 10 * (bump(centre) - bump(-effect))
voxels = cells.shape[1]
voxel_of = numpy.arange(voxels)
element = nearest
if kind == "fixels":
    counts = rng.integers(1, 4, voxels) if wanted == 0 else numpy.full(voxels, 1 + wanted // voxels)
    voxel_of = numpy.repeat(voxel_of, counts)
    first = numpy.r_[True, voxel_of[1:] != voxel_of[:-1]]
    if wanted:
        voxel_of, first = voxel_of[:wanted], first[:wanted]
    directions = rng.normal(size=(3, voxel_of.size))
    directions /= numpy.linalg.norm(directions, axis=0)
    directions[:, first] = [[1], [0], [0]]
    signal = numpy.where(first, signal[voxel_of], 0)
    element = int(numpy.searchsorted(voxel_of, nearest))
statistic = signal + rng.uniform(-0.9, 0.9, signal.size)
statistic.astype("<f8").tofile(f"{folder}/statistic")

with h5py.File(f"{folder}/data.h5", "w") as data:
    table = data.create_dataset("voxels", data=numpy.vstack([numpy.arange(voxels), cells]).astype("int64"))
    table.attrs["column_names"] = ["voxel_id", "i", "j", "k"]
    if orientation != "none":
        table.attrs["shape"] = numpy.array(image.shape, "int64")
        table.attrs["affine"] = affine
    if kind == "fixels":
        table = data.create_dataset("fixels", data=numpy.vstack([numpy.arange(voxel_of.size), voxel_of, directions]))
        table.attrs["column_names"] = ["fixel_id", "voxel_id", "x", "y", "z"]

# A template: larger than the grid, in another orientation and resolution, with values that grow from left to right; and one 170 mm away.
ramp = nibabel.Nifti1Image(numpy.zeros((60, 60, 60), numpy.float32), numpy.array([[-3.0, 0, 0, 90], [0, 3, 0, -90], [0, 0, 3, -90], [0, 0, 0, 1]]))
ramp = nibabel.Nifti1Image((100 + (90 - 3 * numpy.indices(ramp.shape)[0])).astype("float32"), ramp.affine)
nibabel.save(ramp, f"{folder}/template.nii.gz")
away = ramp.affine.copy()
away[0, 3] += 170
nibabel.save(nibabel.Nifti1Image(ramp.get_fdata().astype("float32"), away), f"{folder}/elsewhere.nii.gz")

print(
    json.dumps(
        {
            "elements": int(statistic.size),
            "voxel": [int(i) for i in cells[:, nearest]],
            "millimetres": [float(x) for x in centre],
            "element": element,
            "codes": "".join(nibabel.aff2axcodes(affine)),
            "canonical": [int(n) for n in nibabel.as_closest_canonical(image).shape],
        }
    )
)
