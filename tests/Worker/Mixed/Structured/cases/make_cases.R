# Writes cohort.csv, values.csv and cases.json: mixed models with several random terms and with slopes by lme4, lmerTest and performance,
# with a tightened optimiser from several starts. Run in this folder: Rscript make_cases.R. Made with the versions that cases.json names.
suppressMessages({ library(lmerTest); library(performance); library(jsonlite) })
set.seed(20261130)
people <- 66
visits <- rep(c(1, 2, 3, 4), c(6, 24, 24, 12))[sample(people)]
family <- sort(c(1:30, sample(30, people - 30, TRUE)))
site <- c(sort(c(1:7, sample(7, 23, TRUE))))[family]
id <- rep(seq_len(people), visits)
n <- length(id)
visit <- ave(id, id, FUN = seq_along) - 1
cohort <- data.frame(
  id = sprintf("p%02d", id),
  family = sprintf("f%02d", family[id]),
  site = sprintf("s%d", site[id]),
  within = ave(id, family[id], FUN = function(i) match(i, unique(i))),
  visit = visit,
  Age = round(runif(people, 8, 20)[id] + visit * 1.5 + rnorm(n, 0, 0.3), 3),
  dose = round(rnorm(n), 3),
  sex = sample(c("F", "M"), people, TRUE)[id],
  rater = sample(c("r1", "r2", "r3", "r4", "r5", "r6"), n, TRUE),
  scanner = sample(c("A", "B", "C"), n, TRUE, c(0.5, 0.3, 0.2)),
  w = round(runif(n, 0.3, 3), 3),
  o = round(rnorm(n, 0, 0.5), 3),
  qc = sample(c(0, 1), n, TRUE, c(0.15, 0.85))
)[sample(n), ]
cohort <- cbind(source_file = sprintf("s%03d", seq_len(n)), cohort)
cohort$sitem <- cohort$site
cohort$sitem[c(5, 60, 61)] <- NA
cohort$dosem <- cohort$dose
cohort$dosem[c(9, 77)] <- NA
effect <- function(g, sd) { u <- rnorm(length(unique(g)), 0, sd); u[match(g, unique(g))] }
x <- with(cohort, 0.4 + 0.03 * Age + 0.1 * (sex == "M"))
t <- cohort$visit
values <- cbind(
  x + effect(cohort$site, 0.3) + effect(cohort$family, 0.25) + effect(cohort$id, 0.4) + effect(cohort$rater, 0.2) + rnorm(n, 0, 0.3),
  x + effect(cohort$id, 0.4) + effect(cohort$id, 0.25) * t + effect(cohort$rater, 0.1) + effect(cohort$id, 0.2) * cohort$dose +
    rnorm(n, 0, 0.2),
  100 + 8 * (x + effect(cohort$site, 0.6) + effect(cohort$id, 1) * (1 + 0.3 * t) + effect(cohort$scanner, 0.3) + rnorm(n, 0, 0.5)),
  x + rnorm(n, 0, 0.4),                                                                            # singular
  x + effect(cohort$site, 0.2) + effect(cohort$id, 0.5) + effect(cohort$id, 0.2) * t + rnorm(n, 0, 0.3)  # missing subjects
)
values <- signif(values, 9)
values[sample(n, 21), 5] <- NaN
write.csv(cohort, "cohort.csv", row.names = FALSE, quote = FALSE)
write.table(format(values, digits = 17), "values.csv", sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
cohort <- read.csv("cohort.csv", stringsAsFactors = FALSE)
values <- as.matrix(read.csv("values.csv", header = FALSE))

control <- function(rhobeg) lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore", restart_edge = FALSE,
                                        optCtrl = list(rhobeg = rhobeg, rhoend = 1e-12, maxfun = 1e5))
quiet <- function(expression) suppressMessages(suppressWarnings(expression))
# Newton steps with numerical derivatives, which find the minimum more precisely than comparisons of the criterion, away from the boundary.
polish <- function(fit, at) {
  theta <- unname(getME(fit, "theta"))
  if (any(theta[getME(fit, "lower") == 0] < 1e-3)) return(fit)
  criterion <- update(fit, devFunOnly = TRUE)
  for (step in 1:3) theta <- theta - solve(numDeriv::hessian(criterion, theta), numDeriv::grad(criterion, theta))
  better <- at(theta)
  if (logLik(better) > logLik(fit) - 1e-10) better else fit
}
fits <- list()
fit_case <- function(key, formula, reml = TRUE, weights = NULL, subset = NULL) {
  expected <- list()
  put <- function(name, e, value) {
    if (is.null(expected[[name]])) expected[[name]] <<- rep(NA_real_, ncol(values))
    expected[[name]][e] <<- value
  }
  for (e in seq_len(ncol(values))) {
    data <- cohort
    data$y <- values[, e]
    data <- data[is.finite(data$y), ]
    data$.keep <- if (is.null(subset)) TRUE else eval(parse(text = subset), data)
    data$.w <- if (is.null(weights)) 1 else data[[weights]]
    fit_from <- function(start, rhobeg) quiet(lmerTest::lmer(as.formula(paste("y ~", formula)), data, REML = reml, weights = .w,
                                                             subset = .keep, control = control(rhobeg), start = start))
    first <- fit_from(NULL, 0.2)
    theta0 <- ifelse(getME(first, "lower") == 0, 1, 0)
    fit <- first
    for (s in c(0.1, 0.5, 3)) {
      other <- fit_from(theta0 * s, 0.05)
      if (logLik(other) > logLik(fit)) fit <- other
    }
    for (again in 1:2) {
      other <- fit_from(unname(getME(fit, "theta")), 10^(-2 * again))
      if (logLik(other) >= logLik(fit)) fit <- other
    }
    fit <- polish(fit, function(theta) quiet(lmerTest::lmer(as.formula(paste("y ~", formula)), data, REML = reml, weights = .w,
      subset = .keep, control = lmerControl(optimizer = NULL, calc.derivs = FALSE, check.conv.singular = "ignore"), start = theta)))
    table <- quiet(coef(summary(fit)))
    for (r in rownames(table)) {
      name <- if (r == "(Intercept)") "Intercept" else r
      put(paste0(name, ".estimate"), e, table[r, "Estimate"])
      put(paste0(name, ".std.error"), e, table[r, "Std. Error"])
      put(paste0(name, ".df"), e, table[r, "df"])
      put(paste0(name, ".statistic"), e, table[r, "t value"])
      put(paste0(name, ".p.value"), e, table[r, "Pr(>|t|)"])
    }
    components <- VarCorr(fit)
    for (g in names(components)) {
      group <- sub("id.site", "id:site", gsub("[()]", "", sub("\\.[0-9]+$", "", g)), fixed = TRUE)
      sd <- attr(components[[g]], "stddev")
      for (i in seq_along(sd)) put(paste0(group, ".sd__", names(sd)[i]), e, unname(sd[i]))
      r <- attr(components[[g]], "correlation")
      for (i in seq_along(sd)) for (j in seq_along(sd)) if (i < j)
        put(paste0(group, ".cor__", names(sd)[i], ".", names(sd)[j]), e, r[i, j])
    }
    levels <- ngrps(fit)
    for (g in names(levels)) put(paste0(gsub("[()]", "", g), ".ngroups"), e, unname(levels[g]))
    put("Residual.sd__Observation", e, sigma(fit))
    put("model.logLik", e, as.numeric(logLik(fit)))
    put("model.AIC", e, AIC(fit))
    put("model.BIC", e, BIC(fit))
    put("model.nobs", e, nobs(fit))
    put("model.singular", e, as.numeric(isSingular(fit, tol = 1e-4)))
    put("theta.least", e, min(getME(fit, "theta")[getME(fit, "lower") == 0]))
    # As Nakagawa, Johnson, Schielzeth (2017) define them. performance is used for random intercepts; it leaves out slopes of uncorrelated
    # terms and of covariates that are not fixed effects.
    Z <- as.matrix(getME(fit, "Z"))
    random_variance <- sum((Z %*% as.matrix(getME(fit, "Lambda")))^2) * sigma(fit)^2 / nrow(Z)
    fixed_variance <- var(as.vector(getME(fit, "X") %*% fixef(fit)))
    total <- fixed_variance + random_variance + sigma(fit)^2
    of <- c(icc = random_variance / (random_variance + sigma(fit)^2), marginal = fixed_variance / total,
            conditional = (fixed_variance + random_variance) / total)
    if (!grepl("visit|dose|Age [|]", sub("^[^(]*", "", formula)) && !isSingular(fit, tol = 1e-3)) {
      r2 <- quiet(performance::r2_nakagawa(fit, tolerance = 0))
      icc <- quiet(performance::icc(fit, tolerance = 0))
      of <- c(icc = unname(icc$ICC_adjusted), marginal = unname(r2$R2_marginal), conditional = unname(r2$R2_conditional))
    }
    put("model.icc", e, of[["icc"]])
    put("model.r2.marginal", e, of[["marginal"]])
    put("model.r2.conditional", e, of[["conditional"]])
  }
  fits[[key]] <<- list(formula = formula, reml = reml, weights = weights, subset = subset, expected = expected)
}
random <- c(
  nested = "(1 | site) + (1 | id)", slash = "(1 | site/id)", coded = "(1 | family/within)", three = "(1 | site/family/id)",
  crossed = "(1 | id) + (1 | rater)", crossed_few = "(1 | rater) + (1 | scanner)", crossed_three = "(1 | id) + (1 | rater) + (1 | scanner)",
  slope = "(visit | id)", uncorrelated = "(visit || id)", only_slope = "(0 + visit | id)", age_slope = "(Age | id)",
  two_slopes = "(visit + dose || id)", two_correlated = "(1 + visit + dose | site)", slope_and_site = "(visit | id) + (1 | site)",
  site_slope = "(1 | id) + (Age | site)", slope_rater = "(dose | rater) + (1 | id)", nested_slopes = "(visit || site/id)",
  interaction = "(1 | site:sex) + (1 | id)", function_slope = "(I(visit^2) | id)"
)
for (name in names(random)) {
  fit_case(name, paste("Age + sex +", random[[name]]))
  fit_case(paste0(name, "_ml"), paste("visit + sex +", random[[name]]), reml = FALSE)
}
fit_case("nested_weights", "Age + sex + (1 | site) + (1 | id)", weights = "w")
fit_case("nested_weights_ml", "Age + sex + (1 | site) + (1 | id)", FALSE, weights = "w")
fit_case("crossed_weights", "Age * sex + (1 | id) + (1 | rater)", weights = "w")
fit_case("slope_weights", "visit + sex + (visit | id)", weights = "w")
fit_case("slope_weights_ml", "visit * sex + (visit || id)", FALSE, weights = "w")
fit_case("nested_offset", "Age + offset(o) + (1 | site/id)")
fit_case("slope_offset", "visit + offset(o) + (visit | id)", weights = "w")
fit_case("nested_subset", "Age + sex + (1 | site) + (1 | id)", subset = "qc == 1")
fit_case("slope_subset", "visit + sex + (visit | id)", subset = "qc == 1")
fit_case("slope_subset_ml", "visit + sex + (visit | id) + (1 | rater)", FALSE, subset = "qc == 1")
fit_case("missing_site", "Age + sex + (1 | sitem) + (1 | id)")
fit_case("missing_dose", "Age + sex + (dosem || id)")
fit_case("intercept", "1 + (1 | site) + (1 | id)")
fit_case("no_intercept", "0 + sex + visit + (1 | site/id)")
fit_case("poly", "poly(Age, 2) + sex + (visit | id)")
fit_case("log", "log(Age) * sex + (1 | rater) + (1 | id)")
versions <- sapply(c("lme4", "lmerTest", "performance"), function(p) as.character(packageVersion(p)))
write_json(list(R = R.version.string, versions = as.list(versions), cases = fits), "cases.json", digits = NA, auto_unbox = TRUE,
           na = "null", null = "null")
