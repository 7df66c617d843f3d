# Makes functions.tsv from R's own answers:
#   LC_ALL=C.UTF-8 Rscript tests/Worker/Formulas/golden/functions.R      (from the repository's root; R 4.2.2)
# One expression over functions.csv a line: its kind, levels and values, or ERROR.
options(digits = 17, warn = -1)
here <- "tests/Worker/Formulas/golden"
d <- read.csv(file.path(here, "functions.csv"))
expressions <- readLines(file.path(here, "functions.txt"))
expressions <- expressions[nzchar(expressions) & !startsWith(expressions, "#")]
texts <- function(v) paste(ifelse(is.na(v), "NA", paste0("'", v, "'")), collapse = "|")
answer <- function(e) {
  v <- eval(parse(text = e)[[1]], d)
  if (is.matrix(v)) { m <- paste(sprintf("%.17g", v), collapse = ","); return(paste("matrix", paste(colnames(v), collapse = "|"), m, sep = "\t")) }
  if (length(v) == 1) v <- rep(v, nrow(d))
  stopifnot(length(v) == nrow(d))
  if (is.factor(v)) paste(if (is.ordered(v)) "ordered" else "factor", texts(levels(v)), texts(as.character(v)), sep = "\t")
  else if (is.character(v)) paste("text", "", texts(v), sep = "\t")
  else paste(if (is.logical(v)) "logical" else "number", "", paste(sprintf("%.17g", v), collapse = ","), sep = "\t")
}
writeLines(vapply(expressions, function(e) paste(e, tryCatch(answer(e), error = function(m) "ERROR\t\t"), sep = "\t"), ""), file.path(here, "functions.tsv"))
