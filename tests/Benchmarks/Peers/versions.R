cat(R.version.string, if (requireNamespace("mgcv", quietly = TRUE)) paste0("mgcv ", packageVersion("mgcv")) else "no mgcv",
    paste("BLAS", extSoftVersion()[["BLAS"]]), sep = ", ")
