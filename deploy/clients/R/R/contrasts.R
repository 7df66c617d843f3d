# Contrasts: of factors, as R's attribute, and as an argument of the model.

known_contrasts <- c("contr.treatment", "contr.sum", "contr.helmert", "contr.poly", "contr.SAS")

# The contrasts of a factor as JSON: the name of a function that the program knows, or else a matrix; an empty text if there are none.
contrasts_json <- function(name, values) {
  contrasts <- attr(values, "contrasts", exact = TRUE)
  if (is.null(contrasts)) return("")
  if (is.character(contrasts) && length(contrasts) == 1L && contrasts %in% known_contrasts) {
    return(sprintf("\"contrasts\":\"%s\",", contrasts))
  }
  matrix <- contrast_matrix(contrasts, name, nlevels(values))
  columns <- apply(matrix, 2L, function(column) sprintf("[%s]", paste(sprintf("%.17g", column), collapse = ",")))
  names <- if (is.null(colnames(matrix))) "" else sprintf("\"names\":[%s],", paste(json_text(colnames(matrix)), collapse = ","))
  sprintf("\"contrasts\":{%s\"columns\":[%s]},", names, paste(columns, collapse = ","))
}

# The matrix that a function, the name of one, or a matrix means for a number of levels.
contrast_matrix <- function(contrasts, name, count) {
  if (is.character(contrasts)) contrasts <- get(contrasts, mode = "function")
  matrix <- as.matrix(if (is.function(contrasts)) contrasts(count) else contrasts)
  if (is.numeric(matrix) && nrow(matrix) == count && all(is.finite(matrix)) && ncol(matrix) < count) return(matrix)
  fail(sprintf(
    "The contrasts of '%s' are %d x %d %s values; a row of finite numbers for each of its %d levels and at most %d columns were expected.",
    name, nrow(matrix), ncol(matrix), typeof(matrix), count, count - 1L
  ))
}

# The argument contrasts of a model. Those that the program knows by name are an option; others are set on the factors of the phenotypes.
with_contrasts <- function(given, phenotypes) {
  is_known <- vapply(given, function(one) is.character(one) && length(one) == 1L && one %in% known_contrasts, NA)
  for (name in names(given)[!is_known]) {
    if (is.null(phenotypes[[name]])) {
      fail(sprintf("contrasts are given for '%s', which is not a column of the phenotypes; only named functions can be used there.", name))
    }
    values <- if (is.factor(phenotypes[[name]])) phenotypes[[name]] else factor(phenotypes[[name]])
    attr(values, "contrasts") <- contrast_matrix(given[[name]], name, nlevels(values))
    phenotypes[[name]] <- values
  }
  known <- given[is_known]
  list(phenotypes = phenotypes, option = if (length(known) > 0L) paste(sprintf("%s=%s", names(known), unlist(known)), collapse = ","))
}
