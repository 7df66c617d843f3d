"""The script one writes by hand for the same lm: h5py + numpy + scipy, one projection per stripe of chunks, p-values, fdr, gzip write.

usage: script.py data.h5 cohort.csv results.h5
Prints what it took, phase by phase, as "name seconds" lines.
"""
import csv
import sys
import time

import h5py
import numpy as np
from scipy import stats


def fdr(p):
    order = np.argsort(p)[::-1]
    ranked = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(ranked, 1)
    return adjusted


def main(data, cohort, results):
    with open(cohort) as file:
        rows = list(csv.DictReader(file))
    x = np.column_stack([
        np.ones(len(rows)),
        [float(row["Age"]) for row in rows],
        [row["sex"] == "M" for row in rows],
        [float(row["motion"]) for row in rows],
    ])
    n, k = x.shape
    q, r = np.linalg.qr(x)
    r_inverse = np.linalg.inv(r)
    unscaled = np.sqrt((r_inverse**2).sum(axis=1))[:, None]

    started = time.perf_counter()
    parts = []
    with h5py.File(data, "r") as file:
        values = file["scalars/FDC/values"]
        step = values.chunks[1]
        for first in range(0, values.shape[1], step):
            y = values[:, first:first + step].astype(np.float64)
            projection = q.T @ y
            residual = ((y - q @ projection) ** 2).sum(axis=0)
            estimate = r_inverse @ projection
            sigma2 = residual / (n - k)
            t = estimate / (unscaled * np.sqrt(sigma2))
            p = 2 * stats.t.sf(np.abs(t), n - k)
            model = (projection[1:] ** 2).sum(axis=0)
            adjusted = 1 - (residual / (residual + model)) * (n - 1) / (n - k)
            f = stats.f.sf(model / (k - 1) / sigma2, k - 1, n - k)
            parts.append(np.stack([column for c in range(k) for column in (estimate[c], t[c], p[c])] + [adjusted, f]))
    columns = np.concatenate(parts, axis=1)
    fitted = time.perf_counter()

    corrected = np.stack([fdr(columns[3 * c + 2]) for c in range(k)] + [fdr(columns[-1])])
    table = np.concatenate([np.arange(columns.shape[1], dtype=float)[None], columns, corrected])
    done = time.perf_counter()
    with h5py.File(results, "w") as file:
        file.create_dataset("results/lm/results_matrix", data=table, compression="gzip", compression_opts=1, shuffle=True,
                            chunks=(1, min(table.shape[1], 131072)))
    written = time.perf_counter()
    print(f"fit {fitted - started:.4f}\ncorrect {done - fitted:.4f}\nwrite {written - done:.4f}")


if sys.argv[1] == "--versions":
    np.dot(np.ones((2, 2)), np.ones((2, 2)))
    blas = sorted({line.split()[-1] for line in open("/proc/self/maps") if "blas" in line and ".so" in line})
    print(f"Python {sys.version.split()[0]}, h5py {h5py.__version__}, numpy {np.__version__}, BLAS {blas[0] if blas else 'inside numpy'}")
else:
    main(*sys.argv[1:])
