# Columns of phenotypes and arguments, as they are written for the program.

column <- function(values, used = TRUE) {
  text <- hpcfit:::json_column("x", values, used)
  if (nzchar(text)) jsonlite::fromJSON(text, simplifyVector = FALSE) else NULL
}

test_that("columns declare their types, and NA is null", {
  expect_identical(column(c(1.5, NA, Inf)), list(name = "x", type = "number", values = list(1.5, NULL, "Inf")))
  expect_identical(column(c(1L, NA)), list(name = "x", type = "integer", values = list(1L, NULL)))
  expect_identical(column(c(TRUE, NA)), list(name = "x", type = "logical", values = list(TRUE, NULL)))
  expect_identical(column(c("NA", NA, "a\"b")), list(name = "x", type = "text", values = list("NA", NULL, "a\"b")))
  expect_identical(
    column(factor(c("b", NA), levels = c("b", "a"))),
    list(name = "x", type = "factor", levels = list("b", "a"), values = list("b", NULL))
  )
  expect_identical(column(ordered("b", levels = c("b", "a")))$type, "ordered")
  coded <- factor(c("a", "b", "c"))
  attr(coded, "contrasts") <- "contr.sum"
  expect_identical(column(coded)$contrasts, "contr.sum")
  attr(coded, "contrasts") <- matrix(c(1, 0, -1), 3, dimnames = list(NULL, "ends"))
  expect_identical(column(coded)$contrasts, list(names = list("ends"), columns = list(list(1L, 0L, -1L))))
  expect_match(hpcfit:::json_column("x", 0.1 + 0.2, TRUE), "0.30000000000000004", fixed = TRUE)
})

test_that("columns of other classes are an error if the model uses them", {
  expect_null(column(as.Date("2020-01-01"), used = FALSE))
  expect_error(column(as.Date("2020-01-01")), "is of class Date")
  expect_error(column(list(1)), "is of class list")
  expect_error(column(addNA(factor(c("a", NA)))), "has the level NA")
})

test_that("arguments are options of the program", {
  line <- hpcfit:::option_line(list(correct.p.value.smoothTerms = c("fdr", "BY"), n_cores = 2, full.outputs = TRUE, select = FALSE))
  expect_identical(line, c("--correct-p-value-smooth-terms", "fdr,BY", "--threads", "2", "--full-outputs"))
  expect_identical(hpcfit:::option_line(list(element.subset = c(9, 1, 2, 3))), c("--element-subset", "1:3,9"))
  expect_identical(hpcfit:::option_line(list(knots = list(angle = c(0, 360)))), c("--knots", "angle=0,360"))
  expect_identical(hpcfit:::option_line(list(var.model = character())), c("--var-model", "none"))
  line <- hpcfit:::option_line(list(element.subset = NULL, changed.rsq.term.index = list(1, 2)))
  expect_identical(line, c("--changed-rsq-term-index", "1,2"))
  expect_error(hpcfit:::element_ranges(c(0, 1)), "whole numbers from 1 on")
})

test_that("an unknown program is reported", {
  before <- Sys.getenv("HPCFIT")
  on.exit(Sys.setenv(HPCFIT = before))
  Sys.setenv(HPCFIT = "/nowhere")
  expect_error(hpcfit_program(), "HPCFIT is '/nowhere'")
})
