# What the formula needs that the phenotypes do not contain.

formula_text <- function(formula) paste(deparse(formula, width.cutoff = 500L), collapse = " ")

# Variables of the formula that are neither phenotypes nor scalars are looked up where the formula was written, as R does: single values
# are inserted, vectors with one value per subject become columns. Other variables are left to the program, which names them.
with_environment <- function(formula, phenotypes, data) {
  environment <- environment(formula)
  if (is.null(environment)) environment <- parent.frame(2L)
  names <- setdiff(all.vars(formula), c(names(phenotypes), "."))
  names <- names[vapply(names, function(name) is_value(get0(name, environment)), NA)]
  if (length(names) > 0L) names <- setdiff(names, scalar_names(data))
  for (name in names) {
    value <- get0(name, environment)
    if (length(value) == 1L) {
      formula <- do.call(substitute, list(formula, stats::setNames(list(value), name)))
    } else if (length(value) == nrow(phenotypes)) {
      phenotypes[[name]] <- value
    }
  }
  list(formula = formula, phenotypes = phenotypes)
}

is_value <- function(value) is.atomic(value) && !is.null(value) && is.null(dim(value))

scalar_names <- function(data) {
  inspected <- jsonlite::fromJSON(paste(run_program(c("inspect", data, "--json")), collapse = "\n"), simplifyVector = FALSE)
  vapply(inspected$scalars, function(scalar) scalar$name, "")
}
