# The tests of models need the program, rhdf5, and reference cases of ModelArray, which a checkout has in tests/Data/oracle.

oracle_folder <- function() {
  oracle <- Sys.getenv("HPCFIT_TEST_ORACLE")
  skip_if(!nzchar(oracle), "HPCFIT_TEST_ORACLE does not name the folder of reference cases")
  oracle
}

# A copy of a reference file in a folder of the test, because runs are stored next to the data file.
data_copy <- function(name, folder) {
  path <- file.path(folder, basename(name))
  file.copy(file.path(oracle_folder(), name), path)
  path
}

quietly <- function(f, ...) f(..., verbose = FALSE, pbar = FALSE, n_cores = 1)

rhdf5_needed <- function() skip_if_not_installed("rhdf5")
