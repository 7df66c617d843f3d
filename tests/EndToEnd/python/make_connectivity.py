"""usage: make_connectivity.py FOLDER FIXELS DISTANCE

Makes FOLDER as MRtrix's fixelconnectivity makes it: each fixel is connected to itself by 1, and by 0.5 to the fixels at one and two
times DISTANCE from it.
"""
import os
import sys

import numpy as np

folder, fixels, distance = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def write(name, values, kind, extents=None, layout="+0,+1,+2"):
    extents = extents or f"{len(values)},1,1"
    vox = ",".join("1" for _ in extents.split(","))
    transform = "".join(f"transform: {','.join(map(str, row))}\n" for row in np.eye(3, 4))
    with open(os.path.join(folder, name), "wb") as out:
        head = f"mrtrix image\ndim: {extents}\nvox: {vox}\nlayout: {layout}\ndatatype: {kind}\n{transform}file: . 512\nEND\n"
        out.write(head.encode().ljust(512, b"\0") + values.tobytes())


os.mkdir(folder)
places = distance * np.arange(-2, 3)
connected = [[fixel + place for place in places if 0 <= fixel + place < fixels] for fixel in range(fixels)]
sizes = np.array([len(one) for one in connected])
write("index.mif", np.stack([sizes, np.cumsum(sizes) - sizes], 1).astype("<u8"), "UInt64LE", f"{fixels},1,1,2", "+1,+2,+3,+0")
write("fixels.mif", np.concatenate(connected).astype("<u4"), "UInt32LE")
write("values.mif", np.concatenate([np.where(np.array(one) == i, 1, 0.5) for i, one in enumerate(connected)]).astype("<f4"), "Float32LE")
