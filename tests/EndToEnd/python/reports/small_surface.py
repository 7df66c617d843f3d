"""Writes a tetrahedron as a GIfTI surface.

usage: small_surface.py FILE
"""
import sys

import nibabel
import numpy

points = nibabel.gifti.GiftiDataArray(numpy.eye(4, 3, dtype="f4"), intent="NIFTI_INTENT_POINTSET", datatype="NIFTI_TYPE_FLOAT32")
faces = numpy.array([[0, 1, 2], [0, 2, 3], [0, 3, 1], [1, 3, 2]], dtype="i4")
triangles = nibabel.gifti.GiftiDataArray(faces, intent="NIFTI_INTENT_TRIANGLE", datatype="NIFTI_TYPE_INT32")
nibabel.save(nibabel.GiftiImage(darrays=[points, triangles]), sys.argv[1])
