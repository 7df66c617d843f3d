"""MRtrix's programs (Debian: mrtrix3 3.0.3, python3-nibabel) for the scripts that make expected values with them.

They run in one temporary folder, which is removed at the end of the script.
"""
import atexit
import base64
import os
import shutil
import subprocess
import tempfile

import nibabel as nib
import numpy as np

_folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, _folder)


def path(*names):
    """A file of the folder."""
    return os.path.join(_folder, *names)


def run(*command):
    """Runs a program in the folder, on one thread."""
    subprocess.run([*command, "-quiet", "-force", "-nthreads", "0"], check=True, cwd=_folder)


def save(name, data, *options):
    """Stores an array as an image of voxels of 2 mm."""
    nib.save(nib.Nifti1Image(data, np.diag([2, 2, 2, 1.0])), path("made.nii"))
    run("mrconvert", "made.nii", name, *options)


def load(name):
    """The values of an image."""
    run("mrconvert", name, "plain.nii", "-strides", "1,2,3")
    return np.asarray(nib.load(path("plain.nii")).dataobj)


def text(values):
    """An array as float32 in base64, as expected.json stores it."""
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def save_fixels(counts):
    """Makes the folder fixels: in each voxel one fixel along x, and where counts is 2 another one along y.

    Returns the number of each voxel's first fixel.
    """
    order = counts.ravel(order="F")
    first = np.zeros(counts.shape, int)
    first.T.flat[:] = np.cumsum(order) - order
    os.mkdir(path("fixels"))
    save("fixels/index.mif", np.stack([counts, first], 3).astype("i4"), "-datatype", "uint32", "-strides", "2,3,4,1")
    directions = np.zeros((int(counts.sum()), 3, 1), "f4")
    directions[first.ravel(), 0] = 1
    directions[(first + 1)[counts == 2], 1] = 1
    save("fixels/directions.mif", directions)
    return first


def connect_fixels(rng, shape, streamlines, target):
    """Makes the folder connectivity from streamlines along rows and columns, and copies it to target."""
    lines = []
    for _ in range(streamlines):
        axis = int(rng.uniform() < 0.5)
        points = np.empty((40, 3), "f4")
        points[:, axis] = np.linspace(*np.sort(rng.uniform(-1, 2 * shape[axis], 2)), 40)
        for other in {0, 1, 2} - {axis}:
            points[:, other] = np.linspace(*(rng.uniform(0, 2 * (shape[other] - 1)) + rng.uniform(-2, 2, 2)), 40)
        lines.append(points)
    nib.streamlines.save(nib.streamlines.Tractogram(lines, affine_to_rasmm=np.eye(4)), path("lines.tck"))
    run("fixelconnectivity", "fixels", "lines.tck", "connectivity")
    shutil.copytree(path("connectivity"), os.path.join(target, "connectivity"), dirs_exist_ok=True)
