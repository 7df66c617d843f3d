"""usage: roll_mask.py MASK OTHER

Writes a mask of as many voxels, one cell further along the first axis.
"""
import sys

import nibabel
import numpy as np

mask = nibabel.load(sys.argv[1])
nibabel.save(nibabel.Nifti1Image(np.roll(np.asanyarray(mask.dataobj), 1, axis=0), mask.affine, mask.header), sys.argv[2])
