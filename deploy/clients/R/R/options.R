# R's arguments as options of the program: correct.p.value.smoothTerms is --correct-p-value-smooth-terms.

option_line <- function(options) unlist(Map(option_words, option_name(names(options)), options), use.names = FALSE)

option_name <- function(names) {
  names[names == "n_cores"] <- "threads"
  paste0("--", tolower(gsub("[._]", "-", gsub("([a-z])([A-Z])", "\\1-\\2", names))))
}

option_words <- function(name, value) {
  if (is.null(value)) return(character())
  if (is.logical(value) && length(value) == 1L) return(if (isTRUE(value)) name else character())
  if (name == "--element-subset" && is.numeric(value)) return(c(name, element_ranges(sort(unique(value)))))
  if (name == "--knots" && is.list(value)) {
    return(as.vector(rbind(name, vapply(names(value), function(of) paste0(of, "=", list_text(value[[of]])), ""))))
  }
  if (name %in% c("--contrast", "--f-test")) {
    texts <- unlist(value)
    named <- nzchar(names(texts))
    if (length(named) > 0L) texts[named] <- paste0(names(texts)[named], ": ", texts[named])
    return(as.vector(rbind(name, texts)))
  }
  if (name == "--column" && length(value) > 1L) return(as.vector(rbind(name, value)))
  c(name, list_text(unlist(value)))
}

# An empty list is the word none.
list_text <- function(values) {
  if (length(values) == 0L) return("none")
  if (is.numeric(values)) values <- format_number(values)
  paste(values, collapse = ",")
}

format_number <- function(values) vapply(values, function(value) {
  short <- sprintf("%.15g", value)
  if (as.numeric(short) == value) short else sprintf("%.17g", value)
}, "")

# Elements, counted from 1, as 1:1000,2001.
element_ranges <- function(elements) {
  is_whole <- !is.na(elements) & elements >= 1 & elements == floor(elements)
  if (!all(is_whole)) fail("element.subset has values that are not whole numbers from 1 on.")
  starts <- c(TRUE, diff(elements) != 1)
  first <- elements[starts]
  last <- elements[c(which(starts)[-1L] - 1L, length(elements))]
  paste(ifelse(first == last, sprintf("%.0f", first), sprintf("%.0f:%.0f", first, last)), collapse = ",")
}
