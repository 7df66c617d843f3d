"""A study of greyordinates with effects of age in known places, and where nibabel finds them.

usage: greyordinates.py FOLDER

Writes lh.surf.gii and rh.surf.gii (ellipsoids of 2,562 vertices, without a medial wall), 40 CIFTI images of both and of a block of voxels,
and cohort.csv. Thickness grows with age around the vertex that is in front and at the top of the left surface, shrinks around the vertex that
is at the back and at the bottom of the right one, and grows in one voxel of the thalamus. Prints these places as JSON, from the files as
nibabel reads them.
"""
import json
import sys

import nibabel
import numpy
from nibabel.cifti2 import BrainModelAxis, ScalarAxis

folder = sys.argv[1]
rng = numpy.random.default_rng(11)
subjects = 40


def sphere(levels=4):
    """An icosahedron whose triangles are divided into four, several times."""
    golden = (1 + 5**0.5) / 2
    points = [(-1, golden, 0), (1, golden, 0), (-1, -golden, 0), (1, -golden, 0), (0, -1, golden), (0, 1, golden)]
    points += [(0, -1, -golden), (0, 1, -golden), (golden, 0, -1), (golden, 0, 1), (-golden, 0, -1), (-golden, 0, 1)]
    points = [numpy.array(point) / numpy.linalg.norm(point) for point in points]
    faces = [(0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4), (11, 10, 2), (10, 7, 6), (7, 1, 8)]
    faces += [(3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9), (4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1)]
    for _ in range(levels):
        middles = {}

        def middle(one, other):
            key = (min(one, other), max(one, other))
            if key not in middles:
                point = points[one] + points[other]
                points.append(point / numpy.linalg.norm(point))
                middles[key] = len(points) - 1
            return middles[key]

        faces = [
            face
            for a, b, c in faces
            for face in ((a, middle(a, b), middle(a, c)), (b, middle(b, c), middle(a, b)), (c, middle(a, c), middle(b, c)), (middle(a, b), middle(b, c), middle(a, c)))
        ]
    return numpy.array(points), numpy.array(faces, dtype="i4")


def save(name, structure, side):
    points, faces = sphere()
    points = points * [30, 80, 50] + [side * 34, -15, 10]
    arrays = [
        nibabel.gifti.GiftiDataArray(points.astype("f4"), intent="NIFTI_INTENT_POINTSET", datatype="NIFTI_TYPE_FLOAT32"),
        nibabel.gifti.GiftiDataArray(faces, intent="NIFTI_INTENT_TRIANGLE", datatype="NIFTI_TYPE_INT32"),
    ]
    arrays[0].meta["AnatomicalStructurePrimary"] = structure
    nibabel.save(nibabel.GiftiImage(darrays=arrays), f"{folder}/{name}.surf.gii")
    return nibabel.load(f"{folder}/{name}.surf.gii").agg_data("pointset")


left, right = save("lh", "CortexLeft", -1), save("rh", "CortexRight", 1)
# The medial wall has no greyordinates.
walls = {"CortexLeft": left[:, 0] < -8, "CortexRight": right[:, 0] > 8}
cortex = BrainModelAxis.from_mask(walls["CortexLeft"], name="CortexLeft") + BrainModelAxis.from_mask(walls["CortexRight"], name="CortexRight")
grid = numpy.zeros((20, 24, 20), bool)
grid[6:14, 8:16, 7:13] = True
affine = numpy.array([[-4.0, 0, 0, 40], [0, 4, 0, -60], [0, 0, 4, -40], [0, 0, 0, 1]])
axis = cortex + BrainModelAxis.from_mask(grid, affine=affine, name="ThalamusLeft")

places = numpy.full((len(axis), 3), numpy.nan)
names = numpy.array(axis.name)
for structure, points in (("CIFTI_STRUCTURE_CORTEX_LEFT", left), ("CIFTI_STRUCTURE_CORTEX_RIGHT", right)):
    places[names == structure] = points[axis.vertex[names == structure]]
voxels = names == "CIFTI_STRUCTURE_THALAMUS_LEFT"
places[voxels] = nibabel.affines.apply_affine(affine, axis.voxel[voxels])


def strongest(structure, corner):
    """The greyordinate of a structure that lies furthest in a direction, and the distances of all of its greyordinates from it."""
    of = names == structure
    best = int(numpy.where(of, places @ corner, -numpy.inf).argmax())
    return best, numpy.where(of, numpy.linalg.norm(places - places[best], axis=1), numpy.inf)


front, near_front = strongest("CIFTI_STRUCTURE_CORTEX_LEFT", numpy.array([-0.6, 1, 1.2]))
back, near_back = strongest("CIFTI_STRUCTURE_CORTEX_RIGHT", numpy.array([0.6, -1, -1.2]))
deep = int(numpy.where(voxels)[0][100])
slope = 0.06 * numpy.exp(-((near_front / 12) ** 2)) - 0.06 * numpy.exp(-((near_back / 12) ** 2))
slope[deep] = 0.08

age = rng.uniform(20, 80, subjects)
with open(f"{folder}/cohort.csv", "w") as cohort:
    cohort.write("source_file,scalar_name,Age\n")
    for number in range(subjects):
        data = 2.5 + slope * (age[number] - 50) + rng.normal(scale=0.3, size=len(axis))
        data[3 if number < 35 else 4] = numpy.nan
        name = f"{folder}/sub-{number}.dscalar.nii"
        nibabel.save(nibabel.Cifti2Image(data[None].astype("f4"), (ScalarAxis(["thickness"]), axis)), name)
        cohort.write(f"{name},THICK,{age[number]:.3f}\n")

print(
    json.dumps(
        {
            name: {
                "element": element,
                "millimetres": [float(x) for x in places[element]],
                "vertex": int(axis.vertex[element]),
                "voxel": [int(x) for x in axis.voxel[element]],
            }
            for name, element in (("front", front), ("back", back), ("deep", deep))
        }
    )
)
