"""usage: corrupt_chunk.py FILE DATASET N: overwrites the middle of the N-th stored chunk; prints the first and last element it holds, from 1."""
import sys

import h5py

path, dataset, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
with h5py.File(path, "r") as file:
    values = file[dataset]
    chunk = values.id.get_chunk_info(number)
    first, width, elements = chunk.chunk_offset[1], values.chunks[1], values.shape[1]
with open(path, "r+b") as raw:
    raw.seek(chunk.byte_offset + chunk.size // 2)
    raw.write(b"\xa5" * 64)
print(first + 1, min(first + width, elements))
