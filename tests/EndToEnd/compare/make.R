# usage: Rscript make.R DUMPS > expected.csv
#
# The comparisons of cases.csv by R: AIC, BIC, anova(lm, lm), lmtest's likelihood ratio by hand, mgcv's anova(gam, gam, test = "F").
# DUMPS contains, for each data file, DATA.SCALAR.csv with one row per subject and one column per element, and DATA.cohort.csv in that order:
#   for f in ../../Data/oracle/data/{clean,masked,two_scalars}.h5; do python3 dump.py $f DUMPS; done
# The elements are those of the tests: few, and with every pattern of missing subjects that the files have.
suppressMessages(library(mgcv))
dumps <- commandArgs(TRUE)[1]
folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- read.csv(file.path(folder, "cases.csv"), na.strings = "")
elements <- c(0, 1, 2, 17, 33, 48, 64, 79, 95, 110)

frame <- function(data, element) {
  d <- read.csv(file.path(dumps, paste0(data, ".cohort.csv")), stringsAsFactors = FALSE)
  for (f in list.files(dumps, paste0("^", data, "\\.[A-Za-z0-9]+\\.csv$"))) {
    name <- sub("\\.csv$", "", sub(paste0("^", data, "\\."), "", f))
    if (name == "cohort") next
    values <- as.matrix(read.csv(file.path(dumps, f), header = FALSE))[, element + 1]
    d[[name]] <- ifelse(is.finite(values), values, NA)
  }
  d
}

fit <- function(engine, formula, d, weights, method) {
  d$.weights <- if (is.na(weights)) rep(1, nrow(d)) else d[[weights]]
  formula <- as.formula(formula)
  if (engine == "lm") lm(formula, data = d, weights = .weights) else gam(formula, data = d, weights = .weights, method = method)
}

cat("case,element,aic,bic,df,residual,statistic,p\n")
for (i in seq_len(nrow(cases))) {
  case <- cases[i, ]
  for (element in if (case$engineB == "gam") elements[1:5] else elements) {
    d <- frame(case$data, element)
    values <- rep(NA, 6)
    observed <- is.finite(d[[all.vars(as.formula(case$a))[1]]])
    # An element that lacks a level of a factor, or most subjects, has no values.
    isFitted <- sum(observed) > max(10, 0.2 * nrow(d)) && all(sapply(c("sex", "site"), function(f) setequal(d[[f]][observed], d[[f]])))
    if (!isFitted) {
      cat(case$case, element, values, sep = ",")
      cat("\n")
      next
    }
    a <- fit(case$engineA, case$a, d, case$weights, case$method)
    b <- fit(case$engineB, case$b, d, case$weights, case$method)
    if (length(a$residuals) == length(b$residuals)) {
      values[1:2] <- c(AIC(b) - AIC(a), BIC(b) - BIC(a))
      small <- if (df.residual(a) > df.residual(b)) a else b
      large <- if (df.residual(a) > df.residual(b)) b else a
      if (case$test == "LRT") {
        df <- small$df.residual - large$df.residual
        ratio <- 2 * as.numeric(logLik(large) - logLik(small))
        values[3:6] <- c(df, NA, ratio, pchisq(ratio, df, lower.tail = FALSE))
      } else {
        if (case$engineB == "gam" && case$engineA == "lm") small <- fit("gam", case$a, d, case$weights, case$method)
        t <- if (case$engineB == "gam") anova(small, large, test = "F") else anova(small, large)
        if (!is.na(t$Df[2]) && t$Df[2] >= 0.1) values[3:6] <- c(t$Df[2], t[2, 1], t$F[2], t$`Pr(>F)`[2])
      }
    }
    cat(case$case, element, sprintf("%.15g", values), sep = ",")
    cat("\n")
  }
}
