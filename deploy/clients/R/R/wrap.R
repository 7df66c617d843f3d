# A function of this session as a file that the program's interpreters of R load.

# Writes the function with the objects of the workspace that it uses, its further arguments, and the contrasts of factors; returns the path.
write_function <- function(FUN, arguments, contrasts, folder) {
  if (is.character(FUN)) FUN <- match.fun(FUN)
  if (!is.function(FUN)) fail("FUN is not a function.")
  packages <- setdiff(.packages(), base_packages)
  saved <- list(FUN = FUN, arguments = arguments, contrasts = contrasts, workspace = workspace_of(FUN), packages = packages)
  objects <- write_by_content(folder, "function", ".rds", function(path) saveRDS(saved, path, compress = FALSE))
  text <- c(
    sprintf("saved <- readRDS(%s)", deparse(objects)),
    "for (package in rev(saved$packages)) library(package, character.only = TRUE)",
    "list2env(saved$workspace, globalenv())",
    "hpcfit_function <- function(data) {",
    "  for (name in names(saved$contrasts)) attr(data[[name]], \"contrasts\") <- saved$contrasts[[name]]",
    "  do.call(saved$FUN, c(list(data), saved$arguments))",
    "}"
  )
  write_by_content(folder, "function", ".R", function(path) writeLines(text, path))
}

base_packages <- c(
  "base", "stats", "graphics", "grDevices", "utils", "datasets", "methods", "autoloads", "hpcfit", "ModelArray", "testthat"
)

# The objects of the workspace whose names occur in the function, and in those of them that are functions.
workspace_of <- function(FUN) {
  found <- list()
  open <- all.names(body(FUN), unique = TRUE)
  while (length(open) > 0L) {
    name <- open[[1L]]
    open <- open[-1L]
    if (nzchar(name) && !name %in% names(found) && exists(name, globalenv(), inherits = FALSE)) {
      found[[name]] <- get(name, globalenv(), inherits = FALSE)
      if (is.function(found[[name]])) open <- union(open, all.names(body(found[[name]]), unique = TRUE))
    }
  }
  found
}
