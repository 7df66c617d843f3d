# Writes predictions.json: random effects with their conditional standard deviations, fitted values and predictions of the fixed effects of
# models in cohort.csv and values.csv, by lme4 at an optimum polished by Newton steps. Run in this folder: Rscript make_predictions.R.
suppressMessages({ library(lme4); library(jsonlite) })
cohort <- read.csv("cohort.csv", stringsAsFactors = FALSE)
values <- as.matrix(read.csv("values.csv", header = FALSE))
quiet <- function(expression) suppressMessages(suppressWarnings(expression))
control <- lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore", restart_edge = FALSE,
                       optCtrl = list(rhobeg = 0.05, rhoend = 1e-12, maxfun = 1e5))
result <- list()
one <- function(element, formula, reml = TRUE, weights = NULL) {
  data <- cohort
  data$y <- values[, element + 1]
  data <- data[is.finite(data$y), ]
  data$.w <- if (is.null(weights)) 1 else data[[weights]]
  fit_at <- function(control, start) quiet(lmer(as.formula(paste("y ~", formula)), data, REML = reml, weights = .w, control = control,
                                                start = start))
  fit <- fit_at(control, NULL)
  theta <- unname(getME(fit, "theta"))
  criterion <- update(fit, devFunOnly = TRUE)
  for (step in 1:4) theta <- theta - solve(numDeriv::hessian(criterion, theta), numDeriv::grad(criterion, theta))
  fit <- fit_at(lmerControl(optimizer = NULL, calc.derivs = FALSE, check.conv.singular = "ignore"), theta)
  effects <- as.data.frame(ranef(fit, condVar = TRUE))
  rows <- match(data$source_file, cohort$source_file) - 1
  result[[length(result) + 1]] <<- list(
    element = element, formula = formula, reml = reml, weights = weights, theta = I(theta),
    group = as.character(effects$grpvar), term = as.character(effects$term), level = as.character(effects$grp),
    estimate = effects$condval, sd = effects$condsd,
    row = rows, fixed = unname(predict(fit, re.form = NA)), fitted = unname(fitted(fit)))
}
one(0, "Age + sex + (1 | id)")
one(4, "Age + sex + offset(o) + (1 | id)", weights = "w")
one(0, "Age + sex + (1 | site) + (1 | id)")
one(4, "Age + sex + (1 | site) + (1 | id)", FALSE)
one(1, "visit + sex + (visit | id)")
one(1, "visit + sex + (visit || id)", weights = "w")
one(1, "visit + sex + offset(o) + (visit | id) + (1 | rater)", FALSE)
one(2, "Age + sex + (1 | id) + (Age | site)", weights = "w")
one(2, "visit + (0 + visit | id)")
write_json(result, "predictions.json", digits = NA, auto_unbox = TRUE, null = "null")
