# usage: Rscript alone.R FUNCTION.R COHORT SOURCES VALUES OUT
# R by itself: the function at every element of a dumped scalar FD, as ModelArray.wrap would call it; raw doubles, element by element, in OUT.
told <- commandArgs(TRUE)
f <- source(told[1])$value
sources <- readLines(told[3])
cohort <- read.csv(told[2])
cohort <- cohort[match(sources, cohort$source_file), ]
values <- readBin(told[4], "double", file.size(told[4]) / 8)
dim(values) <- c(length(sources), length(values) / length(sources))
out <- file(told[5], "wb")
for (element in seq_len(ncol(values))) {
    finite <- is.finite(values[, element])
    if (sum(finite) <= max(10, 0.2 * length(sources))) next
    data <- cohort[finite, ]
    data$FD <- values[finite, element]
    set.seed((1 * 1000003 + element - 1) %% 2147483647)
    writeBin(c(element - 1, unlist(f(data))), out)
}
close(out)
