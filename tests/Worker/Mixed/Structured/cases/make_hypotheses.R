# Writes hypotheses.json: contrasts and F tests with Satterthwaite's degrees of freedom of models in cohort.csv and values.csv, by lmerTest with
# a tightened optimiser. Run in this folder: Rscript make_hypotheses.R.
suppressMessages({ library(lmerTest); library(jsonlite) })
cohort <- read.csv("cohort.csv", stringsAsFactors = TRUE)
values <- as.matrix(read.csv("values.csv", header = FALSE))
control <- function(rhobeg) lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore", restart_edge = FALSE,
                                        optCtrl = list(rhobeg = rhobeg, rhoend = 1e-12, maxfun = 1e5))
models <- c(nested = "Age + scanner + sex + (1 | site) + (1 | id)", slope = "visit + scanner + sex + (visit | id)",
            crossed = "Age + scanner + sex + (1 | id) + (1 | rater)", weights = "Age + scanner + (1 | site/id)")
result <- list()
for (name in names(models)) for (e in c(1, 3, 5)) {
  data <- cohort
  data$y <- values[, e]
  data <- data[is.finite(data$y), ]
  data$.w <- if (name == "weights") data$w else 1
  fit <- NULL
  for (rhobeg in c(0.2, 1e-2, 1e-4))
    fit <- suppressMessages(suppressWarnings(lmerTest::lmer(as.formula(paste("y ~", models[[name]])), data, weights = .w,
      control = control(rhobeg), start = if (is.null(fit)) NULL else unname(getME(fit, "theta")))))
  l <- setNames(numeric(length(fixef(fit))), names(fixef(fit)))
  l["scannerB"] <- 1
  l["scannerC"] <- -1
  one <- contest1D(fit, l)
  f <- anova(fit, type = 3)["scanner", ]
  total <- sqrt(sum((as.matrix(getME(fit, "Z")) %*% as.matrix(getME(fit, "Lambda")))^2) / nobs(fit) + 1) * sigma(fit)
  result[[length(result) + 1]] <- list(
    formula = models[[name]], weights = if (name == "weights") "w" else NULL, element = e - 1,
    expected = list("b-c.estimate" = one$Estimate, "b-c.std.error" = one$`Std. Error`, "b-c.df" = one$df, "b-c.statistic" = one$`t value`,
                    "b-c.p.value" = one$`Pr(>|t|)`, "b-c.cohens.d" = one$Estimate / total,
                    "b-c.partial.rsq" = one$`t value`^2 / (one$`t value`^2 + one$df),
                    "scanner.F.statistic" = f$`F value`, "scanner.F.df1" = f$NumDF, "scanner.F.df2" = f$DenDF,
                    "scanner.F.p.value" = f$`Pr(>F)`))
}
write_json(result, "hypotheses.json", digits = NA, auto_unbox = TRUE, null = "null")
