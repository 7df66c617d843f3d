# Makes subset.tsv from R's fits with subset=, at some elements, under ModelArray's restriction to the subjects that are finite there:
#   LC_ALL=C.UTF-8 Rscript tests/Worker/Formulas/golden/subset.R      (from the repository's root; R 4.2.2, mgcv 1.8-41, rhdf5)
# One value a line: engine, data set, scalar, formula, weights, subset, element, column of the results, value (NA: not fitted).
suppressMessages({ library(mgcv); library(rhdf5) })
data <- "tests/Data/oracle/data"
cases <- list(
  c("lm", "masked", "FA", "FA ~ Age + sex", "", "group_code != 2"),
  c("lm", "masked", "FA", "FA ~ scale(Age) + site", "", "site != \"B\""),
  c("lm", "masked", "FA", "FA ~ poly(Age, 2) + sex", "", "IQ > 90"),
  c("lm", "masked", "FA", "FA ~ splines::ns(Age, df = 3)", "", "sex == \"F\""),
  c("lm", "masked", "FA", "FA ~ splines::bs(Age, df = 4) + motion", "w", "!(site == \"C\" & Age > 12)"),
  c("lm", "masked", "FA", "FA ~ I(Age - mean(Age)) + site", "w", "site %in% c(\"A\", \"C\") & motion < 0.4"),
  c("lm", "masked", "FA", "FA ~ factor(group_code) * Age", "", "group_code %in% c(1, 3)"),
  c("lm", "masked", "FA", "FA ~ ordered(group_code) + Age", "", "IQ < median(IQ) | site == \"A\""),
  c("lm", "masked", "FA", "FA ~ C(factor(site), contr.sum) + Age", "", "site != \"A\""),
  c("lm", "masked", "FA", "scale(FA) ~ Age + sex", "", "motion < mean(motion)"),
  c("lm", "masked", "FA", "log(FA) ~ scale(IQ, scale = FALSE)", "w", "Age >= 10"),
  c("lm", "masked", "FA", "FA ~ Age", "", "Age > 21"),
  c("lm", "masked", "FA", "FA ~ Age", "", "TRUE"),
  c("lm", "messy", "FDC", "FDC ~ scale(Age) + sex", "", "edu != \"low\""),
  c("lm", "messy", "FDC", "FDC ~ scale(Age) + sex", "w", "handed == \"R\" | is.na(handed)"),
  c("lm", "messy", "FDC", "FDC ~ Age + edu", "", "!patient & !is.na(Age)"),
  c("lm", "messy", "FDC", "FDC ~ splines::ns(Age, 3) + handed", "", "Age > 10"),
  c("gam", "masked", "FA", "FA ~ s(Age, k = 4) + site", "", "site != \"B\""),
  c("gam", "masked", "FA", "FA ~ s(Age, k = 4) + scale(IQ)", "w", "motion < 0.4"),
  c("gam", "masked", "FA", "FA ~ s(Age, bs = \"cr\", k = 5) + sex", "", "IQ > 85"),
  c("gam", "messy", "FDC", "FDC ~ s(Age, k = 4) + sex", "", "edu != \"low\""))
lines <- unlist(lapply(cases, function(case) {
  d <- read.csv(file.path(data, paste0(case[2], ".csv")))
  file <- file.path(data, paste0(case[2], ".h5"))
  values <- h5read(file, paste0("scalars/", case[3], "/values"))
  names <- h5read(file, paste0("scalars/", case[3], "/column_names"))
  if (nrow(values) != length(names)) values <- t(values)
  d <- d[match(trimws(names), d$source_file), ]
  # The condition is evaluated once, on the whole cohort.
  d$selected <- eval(parse(text = case[6]), d)
  d$wt <- if (case[5] == "") 1 else d[[case[5]]]
  some <- which(d$selected)
  elements <- order(-colSums(!is.finite(values)))
  elements <- c(elements[c(1, 10, 25, 40)], 1, 60, 101)
  unlist(lapply(unique(elements), function(e) {
    d[[case[3]]] <- values[, e]
    finite <- d[is.finite(values[, e]), ]
    head <- paste(c(case, e - 1), collapse = "\t")
    if (!(sum(finite$selected %in% TRUE) > max(10, 0.2 * length(some))))
      return(paste(head, "Intercept.estimate", "NA", sep = "\t"))
    weights <- if (case[5] == "") NULL else finite$wt
    if (case[1] == "lm") {
      fit <- lm(as.formula(case[4]), finite, subset = selected, weights = wt)
      table <- coef(summary(fit))
      all <- c(setNames(table[, 1], paste0(rownames(table), ".estimate")), setNames(table[, 2], paste0(rownames(table), ".std.error")),
        model.sigma = sigma(fit), model.nobs = nobs(fit))
    } else {
      fit <- gam(as.formula(case[4]), data = finite, subset = selected, weights = wt, method = "REML",
        control = gam.control(epsilon = 1e-12, newton = list(conv.tol = 1e-12)))
      all <- c(setNames(coef(fit)[1:nrow(summary(fit)$p.table)], paste0(rownames(summary(fit)$p.table), ".estimate")),
        s_Age.edf = summary(fit)$edf, model.AIC = AIC(fit), model.nobs = nobs(fit))
    }
    paste(head, gsub("(Intercept)", "Intercept", names(all), fixed = TRUE), sprintf("%.15g", all), sep = "\t")
  }))
}))
writeLines(lines, "tests/Worker/Formulas/golden/subset.tsv")
