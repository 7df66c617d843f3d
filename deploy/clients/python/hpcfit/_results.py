"""The results of an analysis, read from its file when they are needed."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import h5py
import numpy as np
from numpy.typing import NDArray

from ._program import run

if TYPE_CHECKING:
    import pandas as pd
    from nibabel.nifti1 import Nifti1Image

File = Union[str, "os.PathLike[str]"]


class Results:
    """The analysis ``/results/<analysis>`` of a file.

    Columns are read when they are asked for. The file is open only while a method runs, so that other programs can write into it.
    """

    def __init__(self, file: File, analysis: str) -> None:
        self.file = Path(file)
        self.analysis = analysis
        with h5py.File(self.file, "r") as opened:
            known = list(opened.get("results", {}))
            if analysis not in known:
                raise KeyError(f"'{self.file}' has no analysis '{analysis}'; it has: {', '.join(known) or 'none'}")
            group = opened["results"][analysis]
            names = group.get("column_names")
            names = group["results_matrix"].attrs["colnames"] if names is None else names[()]
            self._columns = tuple(_text(name) for name in names)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, ``element_id`` first."""
        return list(self._columns)

    @property
    def status(self) -> NDArray[np.int16]:
        """One code per element: 0 is fitted; :attr:`status_names` names all. Files of other programs have none (:class:`KeyError`)."""
        with h5py.File(self.file, "r") as opened:
            group = opened["results"][self.analysis]
            if "element_status" not in group:
                raise KeyError(f"the analysis '{self.analysis}' of '{self.file}' has no status codes")
            codes: NDArray[np.int16] = group["element_status"][()].astype(np.int16)
            return codes

    @property
    def status_names(self) -> dict[int, str]:
        """The names of the codes in :attr:`status`, such as ``{0: "Fitted", 1: "TooFewSubjects"}``."""
        with h5py.File(self.file, "r") as opened:
            group = opened["results"][self.analysis]
            codes = _text(group["element_status"].attrs["codes"]) if "element_status" in group else ""
            return {int(code): name for code, name in (pair.split(" ", 1) for pair in codes.split(", ") if pair)}

    @property
    def record(self) -> dict[str, Any]:
        """What is known about the fit: formula, subjects, options, versions (docs/formats/results.md)."""
        with h5py.File(self.file, "r") as opened:
            group = opened["results"][self.analysis]
            record = {name: _plain(value) for name, value in group.attrs.items()}
            # Facts that are too large for an attribute are datasets.
            record.update({name: _plain(group[name][()]) for name in group if name.startswith("hpcfit_")})
            return record

    def to_numpy(self, column: str | None = None) -> NDArray[np.float64]:
        """One value per element of a column; without a name, the matrix of elements × columns. NaN where there is no value."""
        with h5py.File(self.file, "r") as opened:
            matrix = opened["results"][self.analysis]["results_matrix"]
            if column is not None:
                values: NDArray[np.float64] = matrix[self._number(column)]
                return values
            return np.ascontiguousarray(matrix[()].T)

    def __getitem__(self, column: str) -> NDArray[np.float64]:
        return self.to_numpy(column)

    def __len__(self) -> int:
        """The number of elements."""
        with h5py.File(self.file, "r") as opened:
            return int(opened["results"][self.analysis]["results_matrix"].shape[1])

    def to_pandas(self, columns: Iterable[str] | None = None) -> pd.DataFrame:
        """A data frame of all columns, or of the named ones, with a row per element. ``element_id`` counts from 0."""
        import pandas as pd

        names = self.columns if columns is None else list(columns)
        numbers = [self._number(name) for name in names]
        with h5py.File(self.file, "r") as opened:
            matrix = opened["results"][self.analysis]["results_matrix"]
            values = matrix[()].T if columns is None else np.stack([matrix[number] for number in numbers], axis=1)
        frame = pd.DataFrame(values, columns=names)
        return frame.astype({"element_id": "int64"}) if "element_id" in names else frame

    def to_nifti(self, column: str, *, mask: File | None = None) -> Nifti1Image:
        """The map of a column, for voxel data. ``mask`` is needed if the file does not store the positions of its elements."""
        import nibabel as nib

        self._number(column)
        with tempfile.TemporaryDirectory(prefix="hpcfit-") as folder:
            line = ["export", "--data", os.fspath(self.file), "--analysis", self.analysis, "--columns", column, "--output-dir", folder]
            run([*line, "--no-compress", *([] if mask is None else ["--mask", os.fspath(mask)])])
            path = os.path.join(folder, f"{self.analysis}_{column}.nii")
            image = nib.load(path)
            # The values are read before the folder is deleted.
            return nib.Nifti1Image(np.asanyarray(image.dataobj), image.affine, image.header)

    def __repr__(self) -> str:
        return f"<hpcfit.Results '{self.analysis}' of '{self.file}': {len(self)} elements, {len(self._columns)} columns>"

    def _number(self, column: str) -> int:
        if column in self._columns:
            return self._columns.index(column)
        near = difflib.get_close_matches(column, self._columns, 3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"it has: {', '.join(self._columns)}"
        raise KeyError(f"the analysis '{self.analysis}' has no column '{column}'; {hint}")


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _plain(value: Any) -> Any:
    """Texts as str, numbers as Python's, lists as lists."""
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return value.decode()
    return value.item() if isinstance(value, np.generic) and not isinstance(value, np.bytes_) else value
