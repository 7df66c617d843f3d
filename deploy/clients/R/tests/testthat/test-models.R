# What a script for ModelArray relies on, apart from the numbers (test-oracle.R).

study <- function() {
  folder <- tempfile("hpcfit-test-")
  dir.create(folder)
  phenotypes <- read.csv(file.path(oracle_folder(), "data/clean.csv"))
  list(data = data_copy("data/clean.h5", folder), phenotypes = phenotypes)
}

test_that("factors keep their levels, order and contrasts", {
  s <- study()
  s$phenotypes$site <- factor(s$phenotypes$site, levels = rev(sort(unique(s$phenotypes$site))))
  result <- quietly(ModelArray.lm, FDC ~ site, s$data, s$phenotypes, "FDC", element.subset = 1:5)
  expect_true(all(paste0("site", levels(s$phenotypes$site)[-1L], ".estimate") %in% names(result)))
  contrasts(s$phenotypes$site) <- stats::contr.sum(nlevels(s$phenotypes$site))
  result <- quietly(ModelArray.lm, FDC ~ site, s$data, s$phenotypes, "FDC", element.subset = 1:5)
  expect_true("site1.estimate" %in% names(result))
  contrasts(s$phenotypes$site) <- matrix(c(0.5, 2, -1, 3, 1, 1), nrow = 3)[, 1:2]
  expect_error(quietly(ModelArray.lm, FDC ~ site, s$data, s$phenotypes, "FDC"), "The contrasts of 'site' are none of")
})

test_that("variables of the formula that are not phenotypes are looked up where it was written", {
  s <- study()
  knots <- 5
  shifted <- s$phenotypes$Age + 10
  smooth <- FDC ~ s(Age, k = knots, fx = TRUE)
  result <- quietly(ModelArray.gam, smooth, s$data, s$phenotypes, "FDC", element.subset = 1:2, full.outputs = TRUE)
  expect_equal(result$s_Age.edf, c(4, 4))
  own <- quietly(ModelArray.lm, FDC ~ shifted, s$data, s$phenotypes, "FDC", element.subset = 1:5)
  age <- quietly(ModelArray.lm, FDC ~ Age, s$data, s$phenotypes, "FDC", element.subset = 1:5)
  expect_equal(own$shifted.estimate, age$Age.estimate, tolerance = 1e-9)
})

test_that("results agree with lm in this session, in the order of element.subset", {
  s <- study()
  rhdf5_needed()
  values <- rhdf5::h5read(s$data, "scalars/FDC/values")
  names <- rhdf5::h5read(s$data, "scalars/FDC/column_names")
  by_element <- if (ncol(values) == length(names)) values else t(values)
  phenotypes <- s$phenotypes[match(names, s$phenotypes$source_file), ]
  reversed <- s$phenotypes[rev(seq_len(nrow(s$phenotypes))), ]
  result <- quietly(ModelArray.lm, FDC ~ Age * sex, s$data, reversed, "FDC", element.subset = c(7, 3))
  expect_equal(result$element_id, c(6, 2))
  for (row in 1:2) {
    phenotypes$FDC <- by_element[result$element_id[[row]] + 1, ]
    fit <- summary(stats::lm(FDC ~ Age * sex, phenotypes))$coefficients
    expect_equal(unname(unlist(result[row, grep("estimate$", names(result))])), unname(fit[, "Estimate"]), tolerance = 1e-8)
  }
})

test_that("errors are conditions with the text and the exit code of the program", {
  s <- study()
  error <- expect_error(quietly(ModelArray.lm, FDC ~ Agee, s$data, s$phenotypes, "FDC"), class = "hpcfit_error")
  expect_match(conditionMessage(error), "^'Agee' is neither a column of the cohort nor a scalar of the file\\. Did you mean 'Age'\\?")
  expect_match(conditionMessage(error), "\n        \\^\\^\\^\\^$")
  expect_identical(error$exit_code, 3L)
  expect_error(quietly(ModelArray.lm, FDC ~ Age, "none.h5", s$phenotypes, "FDC"), "'none.h5' cannot be found")
  expect_error(quietly(ModelArray.lm, FDC ~ Age, s$data, s$phenotypes, "FDC", family = binomial()), "Only the family gaussian")
  expect_error(quietly(ModelArray.lm, FDC ~ Age, s$data, s$phenotypes, "FDC", weights = 1:3), "There are 3 weights and")
  s$phenotypes$day <- as.Date("2020-01-01")
  expect_error(quietly(ModelArray.lm, FDC ~ day, s$data, s$phenotypes, "FDC"), "column 'day' of the phenotypes is of class Date")
})

test_that("the data file is changed by writeResults only, which refuses changed results", {
  s <- study()
  rhdf5_needed()
  before <- tools::md5sum(s$data)
  result <- quietly(ModelArray.lm, FDC ~ Age, s$data, s$phenotypes, "FDC")
  expect_identical(tools::md5sum(s$data), before)
  changed <- result
  changed$Age.estimate[[3]] <- 0
  expect_error(writeResults(s$data, changed, "results_age"), "changed after the fit")
  expect_error(writeResults(s$data, data.frame(a = 1), "results_age"), "is not a result of")
  expect_identical(tools::md5sum(s$data), before)
  writeResults(s$data, result, "results_age")
  matrix <- rhdf5::h5read(s$data, "results/results_age/results_matrix")
  expect_identical(matrix[, match("Age.estimate", rhdf5::h5read(s$data, "results/results_age/column_names"))], result$Age.estimate)
  expect_identical(as.character(rhdf5::h5readAttributes(s$data, "results/results_age")$hpcfit_formula), "FDC ~ Age")
})

test_that("writeResults replaces no file that holds anything else", {
  s <- study()
  result <- quietly(ModelArray.lm, FDC ~ Age, s$data, s$phenotypes, "FDC", element.subset = 1:3)
  other <- file.path(dirname(s$data), "other.h5")
  file.copy(s$data, other)
  before <- tools::md5sum(other)
  expect_error(writeResults(other, result, "results_age"), "holds more than the analysis 'results_age'")
  expect_identical(tools::md5sum(other), before)
  new <- file.path(dirname(s$data), "new.h5")
  writeResults(new, result, "results_age")
  writeResults(new, result, "results_age")
  expect_error(writeResults(new, result, "results_other"), "holds more than the analysis 'results_other'")
})

test_that("a function is called with the objects of the workspace that it uses", {
  s <- study()
  assign("hpcfit_test_scale", 2, globalenv())
  assign("hpcfit_test_double", function(x) hpcfit_test_scale * x, globalenv())
  on.exit(rm("hpcfit_test_scale", "hpcfit_test_double", envir = globalenv()))
  own <- function(data, add) data.frame(n = nrow(data), value = hpcfit_test_double(mean(data$FDC)) + add)
  environment(own) <- globalenv()
  result <- quietly(ModelArray.wrap, own, s$data, s$phenotypes, "FDC", element.subset = 1:2, add = 10)
  age <- quietly(ModelArray.lm, FDC ~ 1, s$data, s$phenotypes, "FDC", element.subset = 1:2)
  expect_equal(result$n, rep(nrow(s$phenotypes), 2))
  expect_equal(result$value, 2 * age$Intercept.estimate + 10, tolerance = 1e-8)
})

test_that("an interrupt ends the program before R continues", {
  s <- study()
  slow <- function(data) {
    Sys.sleep(5)
    c(v = 1)
  }
  environment(slow) <- globalenv()
  system2("sh", c("-c", shQuote(sprintf("sleep 4; kill -INT %d", Sys.getpid()))), wait = FALSE)
  outcome <- tryCatch(quietly(ModelArray.wrap, slow, s$data, s$phenotypes, "FDC"), interrupt = function(i) "interrupted")
  expect_identical(outcome, "interrupted")
  runs <- system2("sh", c("-c", shQuote(sprintf("ps -eo args | grep -F %s | grep -v grep | wc -l", shQuote(s$data)))), stdout = TRUE)
  expect_identical(trimws(runs), "0")
})

test_that("messages are shown when they are wanted", {
  s <- study()
  messages <- capture_messages(ModelArray.lm(FDC ~ Age, s$data, s$phenotypes, "FDC", element.subset = 1:2))
  expect_match(messages, "model +lm  FDC ~ Age", all = FALSE)
  expect_silent(quietly(ModelArray.lm, FDC ~ Age, s$data, s$phenotypes, "FDC", element.subset = 1:2))
})
