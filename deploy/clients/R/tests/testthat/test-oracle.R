# Answers of ModelArray, for calls that differ from a script for ModelArray in nothing but the data.

phenotypes_of <- function(case) {
  check <- if (is.null(case$cohort_read$check_names)) TRUE else case$cohort_read$check_names
  phenotypes <- read.csv(file.path(oracle_folder(), case$cohort), check.names = check)
  for (step in case$cohort_prep) {
    values <- phenotypes[[step$from]]
    levels <- if (is.null(step$levels)) sort(unique(values)) else unlist(step$levels)
    phenotypes[[step$column]] <- switch(step$op,
      ordered = ordered(values, levels = levels),
      factor = factor(values, levels = levels),
      character = as.character(values)
    )
  }
  phenotypes
}

arguments_of <- function(case, phenotypes) {
  arguments <- case$args
  if (!is.null(arguments$weights_column)) arguments$weights <- phenotypes[[arguments$weights_column]]
  arguments$weights_column <- NULL
  for (name in grep("^(var|correct)", names(arguments), value = TRUE)) arguments[[name]] <- as.character(unlist(arguments[[name]]))
  arguments$knots <- lapply(arguments$knots, unlist)
  arguments[lengths(arguments) > 0L | startsWith(names(arguments), "var") | startsWith(names(arguments), "correct")]
}

expect_answer <- function(model, id, tolerance, answer = "expected.csv") {
  folder <- test_folder()
  case <- jsonlite::fromJSON(file.path(oracle_folder(), model, id, "case.json"), simplifyVector = FALSE)
  phenotypes <- phenotypes_of(case)
  expected <- read.csv(file.path(oracle_folder(), model, id, answer), check.names = FALSE, na.strings = c("NaN", "NA"))
  call <- c(
    list(formula = as.formula(case$formula), data = data_copy(case$data, folder), phenotypes = phenotypes, scalar = case$scalar),
    list(element.subset = expected$element_id + 1, verbose = FALSE, pbar = FALSE, n_cores = 1),
    arguments_of(case, phenotypes)
  )
  result <- do.call(if (model == "lm") ModelArray.lm else ModelArray.gam, call)
  expect_identical(names(result), names(expected))
  result[] <- lapply(result, function(column) replace(column, is.nan(column), NA))
  expected[] <- lapply(expected, as.numeric)
  # identical() but for the numbers, which R's ModelArray rounds differently in the last bits.
  expect_true(all(vapply(result, function(column) is.double(column) && is.null(attributes(column)), NA)))
  rounded <- result
  for (name in names(expected)) rounded[[name]] <- expected[[name]]
  expect_true(identical(rounded, expected))
  # Tables of gam hold a part of the elements, over all of which p-values were corrected.
  compared <- if (model == "gam") grep("\\.fdr$", names(expected), invert = TRUE, value = TRUE) else names(expected)
  for (name in compared) expect_equal(result[[name]], expected[[name]], tolerance = tolerance, label = paste(id, name))
}

test_folder <- function() {
  folder <- tempfile("hpcfit-test-")
  dir.create(folder)
  folder
}

linear <- c("lm_simple", "lm_contr_sum", "lm_ordered_poly", "lm_weights_full", "lm_messy_backtick", "lm_subset_unsorted", "lm_padjust_many")
for (id in linear) {
  local({
    id <- id
    test_that(paste("the result is that of ModelArray:", id), {
      expect_answer("lm", id, 1e-9)
    })
  })
}

for (id in c("gam_by_ordered_fx", "gam_ti_fx", "gam_bs_cc_knots")) {
  local({
    id <- id
    test_that(paste("the result is that of ModelArray:", id), {
      expect_answer("gam", id, 1e-5, "tight.csv")
    })
  })
}
