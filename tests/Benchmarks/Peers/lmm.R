# lme4's refit element by element: the fastest way to fit a mixed model per element in R.
# usage: Rscript lmm.R values.f64 cohort.csv ELEMENTS FORMULA ROWS_PER_GROUP ROWS_PER_SITE
suppressMessages(library(lme4))
arguments <- commandArgs(TRUE)
cohort <- read.csv(arguments[2], stringsAsFactors = TRUE)
elements <- as.integer(arguments[3])
formula <- as.formula(arguments[4])
cohort$id <- factor(ceiling(seq_len(nrow(cohort)) / as.integer(arguments[5])))
cohort$site <- factor(ceiling(seq_len(nrow(cohort)) / as.integer(arguments[6])))
cohort$rater <- factor(seq_len(nrow(cohort)) %% 7)
cohort$wave <- seq_len(nrow(cohort)) %% 3
input <- file(arguments[1], "rb")
y <- matrix(readBin(input, "double", nrow(cohort) * elements), nrow(cohort), elements)
cohort$FDC <- y[, 1]
control <- lmerControl(calc.derivs = FALSE, check.conv.singular = "ignore")
first <- suppressWarnings(lmer(formula, cohort, control = control))
seconds <- system.time(for (element in seq_len(elements)) suppressMessages(suppressWarnings(refit(first, y[, element]))))[["elapsed"]]
cat("fit", seconds, "\n")
