# The data frame of phenotypes as a cohort in JSON, whose columns declare their types (docs/formats/cohort-json.md).

# Writes the phenotypes into folder, under a name that depends on their content, and returns the path.
write_cohort <- function(phenotypes, folder, used) {
  columns <- vapply(names(phenotypes), function(name) json_column(name, phenotypes[[name]], name %in% used), "")
  text <- sprintf("{\"format\":1,\"columns\":[%s]}", paste(columns[nzchar(columns)], collapse = ",\n"))
  write_by_content(folder, "cohort", ".json", function(path) {
    file <- file(path, "wb")
    on.exit(close(file))
    writeLines(enc2utf8(text), file, useBytes = TRUE)
  })
}

# Writes a file whose name contains the checksum of its content: equal contents, equal files.
write_by_content <- function(folder, prefix, suffix, write) {
  dir.create(folder, showWarnings = FALSE, recursive = TRUE)
  if (file.access(folder, 2L) != 0L) fail(sprintf("The folder '%s' cannot be written; name another with scratch = \"FOLDER\".", folder))
  new <- tempfile(paste0(".", prefix), folder)
  on.exit(unlink(new))
  write(new)
  path <- file.path(folder, sprintf("%s-%s%s", prefix, substr(tools::md5sum(new), 1L, 16L), suffix))
  if (!file.rename(new, path)) fail(sprintf("'%s' cannot be written.", path))
  path
}

# One column; an empty text for a column of another type that the model does not use.
json_column <- function(name, values, is_used) {
  kind <- column_kind(values)
  if (is.na(kind)) {
    if (!is_used) return("")
    fail(sprintf(
      "The column '%s' of the phenotypes is of class %s; numbers, logical values, texts and factors can be used. %s",
      name, paste(class(values), collapse = "/"), "Convert it, for example with as.numeric()."
    ))
  }
  levels <- if (is.factor(values)) sprintf("\"levels\":[%s],", paste(json_text(levels(values)), collapse = ",")) else ""
  if (anyNA(levels(values))) fail(sprintf("The factor '%s' of the phenotypes has the level NA; a missing value has no level.", name))
  contrasts <- if (is.factor(values)) contrasts_json(name, values) else ""
  values <- paste(json_values(values, kind), collapse = ",")
  sprintf("{\"name\":%s,\"type\":\"%s\",%s%s\"values\":[%s]}", json_text(name), kind, levels, contrasts, values)
}

column_kind <- function(values) {
  if (is.ordered(values)) return("ordered")
  if (is.factor(values)) return("factor")
  if (is.object(values) && !inherits(values, "AsIs") || !is.null(dim(values))) return(NA_character_)
  switch(typeof(values), double = "number", integer = "integer", logical = "logical", character = "text", NA_character_)
}

json_values <- function(values, kind) {
  text <- switch(kind,
    number = ifelse(is.infinite(values), ifelse(values > 0, "\"Inf\"", "\"-Inf\""), sprintf("%.17g", values)),
    integer = sprintf("%d", values),
    logical = ifelse(values, "true", "false"),
    json_text(as.character(values))
  )
  text[is.na(values)] <- "null"
  text
}

json_text <- function(texts) {
  quoted <- function(text) as.character(jsonlite::toJSON(text, auto_unbox = TRUE))
  vapply(enc2utf8(as.character(texts)), quoted, "", USE.NAMES = FALSE)
}
