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
})

# The estimates of lm in this session, in the order of the coefficients.
estimates_of <- function(s, formula, element, ...) {
  rhdf5_needed()
  values <- rhdf5::h5read(s$data, "scalars/FDC/values")
  names <- rhdf5::h5read(s$data, "scalars/FDC/column_names")
  by_element <- if (ncol(values) == length(names)) values else t(values)
  phenotypes <- s$phenotypes[match(names, s$phenotypes$source_file), ]
  phenotypes$FDC <- by_element[element, ]
  coef(stats::lm(formula, phenotypes, ...))
}

expect_estimates <- function(result, expected) {
  estimates <- result[1L, grep("\\.estimate$", names(result))]
  expect_identical(names(estimates), paste0(sub("(Intercept)", "Intercept", names(expected), fixed = TRUE), ".estimate"))
  expect_equal(unname(unlist(estimates)), unname(expected), tolerance = 1e-8)
}

test_that("any contrasts of factors are those of lm: matrices, functions, names of functions, and the argument contrasts", {
  s <- study()
  s$phenotypes$site <- factor(s$phenotypes$site)
  count <- nlevels(s$phenotypes$site)
  own <- stats::contr.helmert(count) / 3
  named <- structure(own, dimnames = list(NULL, c("early", "late")[seq_len(count - 1L)]))
  assign("contr.hpcfit", function(n, contrasts = TRUE) -stats::contr.sum(n, contrasts), globalenv())
  on.exit(rm("contr.hpcfit", envir = globalenv()))
  for (contrasts in list(own, named, own[, 1L, drop = FALSE], stats::contr.treatment(count), "contr.helmert", "contr.hpcfit")) {
    attr(s$phenotypes$site, "contrasts") <- contrasts
    result <- quietly(ModelArray.lm, FDC ~ site + Age, s$data, s$phenotypes, "FDC", element.subset = 3)
    expect_estimates(result, estimates_of(s, FDC ~ site + Age, 3))
  }
  for (contrasts in list(list(site = named), list(site = "contr.sum"), list(site = contr.hpcfit))) {
    result <- quietly(ModelArray.lm, FDC ~ site, s$data, s$phenotypes, "FDC", element.subset = 2, contrasts = contrasts)
    expect_estimates(result, estimates_of(s, FDC ~ site, 2, contrasts = contrasts))
  }
  attr(s$phenotypes$site, "contrasts") <- diag(count + 1L)
  expect_error(quietly(ModelArray.lm, FDC ~ site, s$data, s$phenotypes, "FDC"), "The contrasts of 'site' are ")
})

test_that("families are those of glm: values, functions and names", {
  s <- study()
  family_options <- getFromNamespace("family_options", "hpcfit")
  expect_identical(family_options(stats::binomial("probit"), NULL), list(family = "binomial", link = "probit"))
  expect_identical(family_options(stats::gaussian, NULL), list(family = NULL, link = NULL))
  expect_identical(family_options("nb", "sqrt"), list(family = "nb", link = "sqrt"))
  rhdf5_needed()
  expected <- local({
    values <- rhdf5::h5read(s$data, "scalars/FDC/values")
    names <- rhdf5::h5read(s$data, "scalars/FDC/column_names")
    by_element <- if (ncol(values) == length(names)) values else t(values)
    phenotypes <- s$phenotypes[match(names, s$phenotypes$source_file), ]
    phenotypes$FDC <- by_element[1, ]
    coef(stats::glm(FDC ~ Age + sex, stats::Gamma("log"), phenotypes, epsilon = 1e-13))
  })
  for (family in list(stats::Gamma("log"), "Gamma(link = \"log\")")) {
    result <- quietly(ModelArray.lm, FDC ~ Age + sex, s$data, s$phenotypes, "FDC", element.subset = 1, family = family)
    expect_estimates(result, expected)
  }
})

test_that("a user's function receives factors with their contrasts", {
  s <- study()
  s$phenotypes$site <- factor(s$phenotypes$site)
  contrasts(s$phenotypes$site) <- stats::contr.helmert(nlevels(s$phenotypes$site)) / 3
  own <- function(data) c(first = coef(lm(FDC ~ site, data))[[2L]])
  environment(own) <- globalenv()
  result <- quietly(ModelArray.wrap, own, s$data, s$phenotypes, "FDC", element.subset = 1)
  expect_equal(result$first, estimates_of(s, FDC ~ site, 1)[[2L]], tolerance = 1e-8)
})

test_that("the data may be a ModelArray object, whose slot path names the file", {
  s <- study()
  methods::setClass("ModelArray", slots = c(results = "list", sources = "list", scalars = "list", path = "character"), where = globalenv())
  on.exit(methods::removeClass("ModelArray", where = globalenv()))
  object <- methods::new("ModelArray", path = s$data)
  result <- quietly(ModelArray.lm, FDC ~ Age, object, s$phenotypes, "FDC", element.subset = 1:3)
  expect_identical(result, quietly(ModelArray.lm, FDC ~ Age, s$data, s$phenotypes, "FDC", element.subset = 1:3))
  object@path <- c(s$data, s$data)
  expect_error(quietly(ModelArray.lm, FDC ~ Age, object, s$phenotypes, "FDC"), "path of one HDF5 file")
  expect_error(quietly(ModelArray.lm, FDC ~ Age, list(s$data), s$phenotypes, "FDC"), "nor a ModelArray object")
})

test_that("results without rhdf5 are the same to the last bit", {
  s <- study()
  rhdf5_needed()
  quietly(ModelArray.lm, FDC ~ Age * sex, s$data, s$phenotypes, "FDC", analysis = "all", full.outputs = TRUE)
  table <- tempfile(fileext = ".csv")
  on.exit(unlink(table))
  hpcfit:::run_program(c("export-table", s$data, "all", "--output", table))
  expect_identical(hpcfit:::read_table(table), hpcfit:::read_hdf5(s$data, "all"))
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
  expect_error(quietly(ModelArray.lm, FDC ~ Age, s$data, s$phenotypes, "FDC", family = 3), "family is of class numeric")
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

test_that("additive mixed models have smooths and random terms", {
  s <- study()
  result <- quietly(ModelArray.gamm, FDC ~ s(Age, k = 4) + sex + (1 | site), s$data, s$phenotypes, "FDC", element.subset = 1:2)
  expect_true(all(c("s_Age.p.value", "site.sd__(Intercept)", "model.singular") %in% names(result)))
})

test_that("mixed models are those of lme4", {
  s <- study()
  result <- quietly(ModelArray.lmm, FDC ~ Age + (1 | site), s$data, s$phenotypes, "FDC", element.subset = 1:3, full.outputs = TRUE)
  expect_equal(result$Age.estimate, c(0.0180324808242526, 0.0188853513948495, 0.0222753395407259), tolerance = 1e-6)
  expect_true(all(c("site.sd__(Intercept)", "Residual.sd__Observation", "model.icc") %in% names(result)))
  by_ml <- quietly(ModelArray.lmm, FDC ~ Age + (1 | site), s$data, s$phenotypes, "FDC", element.subset = 1:3, ml = TRUE, df = "residual")
  expect_false(isTRUE(all.equal(by_ml$Age.statistic, result$Age.statistic, tolerance = 1e-3)))
})
