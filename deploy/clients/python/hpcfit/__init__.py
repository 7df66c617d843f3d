"""Linear, additive and custom models at every element of a ModelArray HDF5 file, fitted by the program ``hpcfit``.

>>> import hpcfit
>>> fit = hpcfit.lm("FDC ~ Age + sex", "data.h5", cohort)      # a path, or a pandas DataFrame
>>> fit.to_pandas()
"""

from ._models import custom, gam, gamm, lm, lmm
from ._options import CustomOptions, GamOptions, LinearOptions, MixedGamOptions, MixedOptions
from ._program import HpcFitError, HpcFitWarning, ProgramNotFoundError, find_program
from ._results import Results

__all__ = [
    "CustomOptions",
    "GamOptions",
    "HpcFitError",
    "HpcFitWarning",
    "LinearOptions",
    "MixedGamOptions",
    "MixedOptions",
    "ProgramNotFoundError",
    "Results",
    "custom",
    "find_program",
    "gam",
    "gamm",
    "lm",
    "lmm",
]
