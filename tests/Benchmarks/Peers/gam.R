# mgcv::gam element by element, as ModelArray.gam calls it.
# usage: Rscript gam.R values.f64 cohort.csv ELEMENTS
suppressMessages(library(mgcv))
arguments <- commandArgs(TRUE)
cohort <- read.csv(arguments[2], stringsAsFactors = TRUE)
elements <- as.integer(arguments[3])
input <- file(arguments[1], "rb")
y <- matrix(readBin(input, "double", nrow(cohort) * elements), nrow(cohort), elements)
seconds <- system.time(for (element in seq_len(elements)) {
    cohort$FDC <- y[, element]
    summary(gam(FDC ~ s(Age, k = 4, fx = FALSE) + sex + motion, data = cohort, method = "REML"))
})[["elapsed"]]
cat("fit", seconds, "\n")
