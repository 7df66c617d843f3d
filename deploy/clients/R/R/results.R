# Results: reading them from their file, and writing them into another.

# The analysis as a data frame with a row per element.
read_results <- function(file, analysis) {
  if (requireNamespace("rhdf5", quietly = TRUE)) return(read_hdf5(file, analysis))
  table <- tempfile(fileext = ".csv")
  on.exit(unlink(table))
  run_program(c("export-table", file, analysis, "--output", table))
  utils::read.csv(table, check.names = FALSE, colClasses = "numeric")
}

read_hdf5 <- function(file, analysis) {
  group <- paste0("results/", analysis)
  # rhdf5 reverses dimensions: elements x columns.
  values <- rhdf5::h5read(file, paste0(group, "/results_matrix"))
  colnames(values) <- rhdf5::h5read(file, paste0(group, "/column_names"))
  rhdf5::h5closeAll()
  as.data.frame(values, check.names = FALSE)
}

writeResults <- function(fn.output, df.output, analysis_name = "myAnalysis", overwrite = TRUE) {
  fit <- attr(df.output, "hpcfit")
  if (is.null(fit)) fail("df.output is not a result of ModelArray.lm, ModelArray.gam or ModelArray.wrap of this package.")
  if (!identical(fit$fingerprint, fingerprint(df.output))) {
    fail("df.output was changed after the fit. Only results of the fit itself can be written: they are stored with a record of it.")
  }
  is_data <- file.exists(fn.output) && normalizePath(fn.output) == normalizePath(fit$data)
  if (file.exists(fn.output) && !is_data) require_replaceable(path.expand(fn.output), analysis_name)
  target <- c("--analysis", analysis_name, if (!is_data) c("--output", path.expand(fn.output)), if (isTRUE(overwrite)) "--overwrite")
  run_program(c(fit$line, target, "--json"))
  invisible(NULL)
}

# Another file is replaced as a whole, so it must hold nothing but an earlier version of the same analysis.
require_replaceable <- function(file, analysis) {
  inspected <- jsonlite::fromJSON(paste(run_program(c("inspect", file, "--json")), collapse = "\n"), simplifyVector = FALSE)
  analyses <- vapply(inspected$analyses, function(one) one$name, "")
  if (length(inspected$scalars) > 0L || !identical(analyses, analysis)) {
    fail(sprintf("'%s' is not the data file of the fit, and holds more than the analysis '%s'. Give the data file or a new file.", file, analysis))
  }
}

# Sums that change if a value, a row or a name is changed.
fingerprint <- function(values) {
  row <- seq_len(nrow(values))
  list(names(values), vapply(values, function(column) sum(is.na(column), column * sqrt(row), na.rm = TRUE), 0))
}
