# ModelArray's functions, with its arguments. An argument that is not given is left to the program, whose defaults are ModelArray's.

ModelArray.lm <- function(formula, data, phenotypes, scalar, element.subset = NULL, full.outputs = FALSE,
                          var.terms = c("estimate", "statistic", "p.value"), var.model = c("adj.r.squared", "p.value"),
                          correct.p.value.terms = c("fdr"), correct.p.value.model = c("fdr"),
                          num.subj.lthr.abs = 10, num.subj.lthr.rel = 0.2, verbose = TRUE, pbar = TRUE, n_cores = 1,
                          on_error = "stop", ...) {
  fit_formula("lm", formula, data, phenotypes, given(), list(...))
}

ModelArray.gam <- function(formula, data, phenotypes, scalar, element.subset = NULL, full.outputs = FALSE,
                           var.smoothTerms = c("statistic", "p.value"),
                           var.parametricTerms = c("estimate", "statistic", "p.value"), var.model = c("dev.expl"),
                           changed.rsq.term.index = NULL, correct.p.value.smoothTerms = c("fdr"),
                           correct.p.value.parametricTerms = c("fdr"), num.subj.lthr.abs = 10, num.subj.lthr.rel = 0.2,
                           verbose = TRUE, pbar = TRUE, n_cores = 1, on_error = "stop", ...) {
  fit_formula("gam", formula, data, phenotypes, given(), list(...))
}

# ModelArray has no mixed models: the functions are named and called like the others.
ModelArray.lmm <- function(formula, data, phenotypes, scalar, element.subset = NULL, full.outputs = FALSE,
                           var.terms = c("estimate", "statistic", "p.value"), var.model = NULL,
                           correct.p.value.terms = c("fdr"), num.subj.lthr.abs = 10, num.subj.lthr.rel = 0.2,
                           verbose = TRUE, pbar = TRUE, n_cores = 1, on_error = "stop", ...) {
  fit_formula("lmm", formula, data, phenotypes, given(), list(...))
}

ModelArray.gamm <- function(formula, data, phenotypes, scalar, element.subset = NULL, full.outputs = FALSE,
                            var.smoothTerms = c("statistic", "p.value"),
                            var.parametricTerms = c("estimate", "statistic", "p.value"), var.model = NULL,
                            correct.p.value.smoothTerms = c("fdr"), correct.p.value.parametricTerms = c("fdr"),
                            num.subj.lthr.abs = 10, num.subj.lthr.rel = 0.2, verbose = TRUE, pbar = TRUE, n_cores = 1,
                            on_error = "stop", ...) {
  fit_formula("gamm", formula, data, phenotypes, given(), list(...))
}

ModelArray.wrap <- function(FUN, data, phenotypes, scalar, element.subset = NULL, num.subj.lthr.abs = 10,
                            num.subj.lthr.rel = 0.2, verbose = TRUE, pbar = TRUE, n_cores = 1, on_error = "stop", ...) {
  data <- data_path(data)
  own <- list(...)
  is_option <- names(own) %in% custom_options
  arguments <- own[!is_option]
  contrasts <- Filter(Negate(is.null), lapply(phenotypes, attr, "contrasts", exact = TRUE))
  file <- write_function(FUN, arguments, contrasts, files_folder(data, own[is_option]))
  options <- c(list("function" = file, function.name = "hpcfit_function"), given(), own[is_option])
  fit("custom", data, phenotypes, names(phenotypes), options)
}

# Options of the program that ModelArray does not have. Every other argument in the dots of ModelArray.wrap is one of the function.
custom_options <- c(
  "scalars", "seed", "element_timeout", "function_memory", "workers", "subset", "subjects", "analysis", "output", "overwrite", "run_dir",
  "scratch"
)

# The arguments that the caller of the calling function gave, evaluated, without those that every model has and those in the dots.
given <- function() {
  frame <- parent.frame()
  call <- match.call(sys.function(sys.parent()), sys.call(sys.parent()), expand.dots = FALSE, envir = parent.frame(2L))
  names <- setdiff(names(call)[-1L], c("formula", "FUN", "data", "phenotypes", "..."))
  stats::setNames(lapply(names, get, envir = frame), names)
}

fit_formula <- function(model, formula, data, phenotypes, options, further) {
  data <- data_path(data)
  family <- Filter(Negate(is.null), family_options(further$family, further$link))
  further <- c(further[setdiff(names(further), c("family", "link"))], family)
  if (is.numeric(further$weights)) {
    phenotypes[["hpcfit_weights"]] <- check_weights(further$weights, phenotypes)
    further$weights <- "hpcfit_weights"
  }
  resolved <- with_environment(formula, phenotypes, data)
  variables <- c(all.vars(resolved$formula), "source_file", further$weights)
  coded <- with_contrasts(further$contrasts, resolved$phenotypes)
  further$contrasts <- coded$option
  fit(model, data, coded$phenotypes, variables, c(list(formula = formula_text(resolved$formula)), options, further))
}

# The options of a family as R's glm takes it: a name, a function such as binomial, or its value. None for the normal distribution.
family_options <- function(family, link) {
  if (is.null(family)) return(list(family = NULL, link = link))
  if (is.function(family)) family <- family()
  if (is.character(family) && length(family) == 1L) return(list(family = if (family != "gaussian") family, link = link))
  if (!inherits(family, "family")) fail(sprintf("family is of class %s; a family such as binomial() was expected.", class(family)[[1L]]))
  name <- family$family
  if (grepl("^negative binomial", name, ignore.case = TRUE)) {
    if (grepl("[0-9]", name)) fail(sprintf("The family %s has a fixed theta; hpcfit estimates it: family = \"nb\".", name))
    name <- "nb"
  }
  if (name == "gaussian" && family$link == "identity") return(list(family = NULL, link = link))
  list(family = name, link = if (is.null(link)) family$link else link)
}

check_weights <- function(weights, phenotypes) {
  if (length(weights) != nrow(phenotypes)) {
    fail(sprintf("There are %d weights and %d rows of phenotypes; one weight per row was expected.", length(weights), nrow(phenotypes)))
  }
  weights
}

# Runs the program and returns the results as a data frame, in the order of element.subset.
fit <- function(model, data, phenotypes, used, options) {
  if (!is.data.frame(phenotypes)) fail(sprintf("phenotypes is of class %s; a data frame was expected.", class(phenotypes)[[1L]]))
  subset <- options$element.subset
  progress <- !identical(options$verbose, FALSE) && !identical(options$pbar, FALSE)
  cohort <- write_cohort(phenotypes, files_folder(data, options), used)
  own <- list(model = model, data = data, phenotypes = cohort)
  line <- c("run", option_line(c(own, options[setdiff(names(options), c("verbose", "pbar"))])))
  result <- run_line(line, options, progress)
  values <- result$values
  if (is.numeric(subset)) values <- values[match(subset - 1, values$element_id), , drop = FALSE]
  rownames(values) <- NULL
  remember(values, line, data)
  values
}

# Runs the line, with results in a temporary file unless the options name a place for them.
run_line <- function(line, options, progress) {
  target <- character()
  if (is.null(options$analysis)) {
    output <- tempfile("hpcfit-", fileext = ".h5")
    on.exit(unlink(output))
    target <- c("--analysis", "results", if (is.null(options$output)) c("--output", output))
  }
  result <- jsonlite::fromJSON(paste(run_program(c(line, target, "--json"), progress), collapse = "\n"))
  for (text in result$warnings) warning(text, call. = FALSE)
  list(values = read_results(result$file, result$analysis))
}

# A ModelArray object has the path of its file.
data_path <- function(data) {
  if (isS4(data) && "path" %in% methods::slotNames(data)) data <- methods::slot(data, "path")
  if (!is.character(data) || length(data) != 1L || is.na(data)) fail("data is neither the path of one HDF5 file nor a ModelArray object.")
  path.expand(data)
}

# Where cohorts and functions are kept, which a run that is resumed needs: next to its run directory.
files_folder <- function(data, options) {
  if (!file.exists(data)) fail(sprintf("'%s' cannot be found.", data))
  names(options) <- gsub(".", "_", names(options), fixed = TRUE)
  if (!is.null(options$scratch)) return(path.expand(options$scratch))
  if (!is.null(options$run_dir)) return(dirname(path.expand(options$run_dir)))
  paste0(normalizePath(data), ".hpcfit")
}
