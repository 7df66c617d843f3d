"""Prints random affines (rotated, mirrored, sheared, of unequal cells) with the axis codes that nibabel derives from them, as JSON.

usage: orient.py COUNT
"""
import json
import sys

import nibabel
import numpy

rng = numpy.random.default_rng(11)
made = []
for number in range(int(sys.argv[1])):
    linear = numpy.linalg.qr(rng.normal(size=(3, 3)))[0]
    if number % 3 == 0:
        # Nearly along the axes, as most images are.
        linear = numpy.eye(3)[rng.permutation(3)] * rng.choice([-1, 1], 3) @ numpy.linalg.qr(numpy.eye(3) + rng.normal(scale=0.1, size=(3, 3)))[0]
    if number % 5 == 0:
        linear = linear @ (numpy.eye(3) + rng.normal(scale=0.2, size=(3, 3)))
    affine = numpy.eye(4)
    affine[:3, :3] = linear * rng.uniform(0.5, 3, 3)
    affine[:3, 3] = rng.normal(scale=50, size=3)
    made.append({"affine": affine[:3].ravel().tolist(), "codes": "".join(nibabel.aff2axcodes(affine))})
print(json.dumps(made))
