# Writes cohort.csv, values.csv and cases.json: generalised linear models by R's glm, iterated until nothing changes.
# Run in this folder: Rscript make_cases.R. Made with the versions that cases.json names.
suppressMessages({ library(MASS); library(car); library(jsonlite) })
set.seed(20261130)
n <- 90
cohort <- data.frame(
  source_file = sprintf("s%03d", seq_len(n)),
  Age = round(runif(n, 8, 20), 3),
  sex = sample(c("F", "M"), n, TRUE),
  site = sample(c("s1", "s2", "s3"), n, TRUE),
  trials = sample(1:12, n, TRUE),
  w = round(runif(n, 0.2, 4), 3),
  exposure = round(runif(n, 0.5, 6), 3),
  qc = sample(c(0, 1), n, TRUE, c(0.15, 0.85))
)
cohort$dup <- 3 - 2 * cohort$Age
cohort$xa <- round(rnorm(n), 3)
cohort$xb <- cohort$xa
cohort$xb[c(3, 20, 41)] <- cohort$xb[c(3, 20, 41)] + 1
cohort$zero <- ifelse(seq_len(n) %% 9 == 0, 0, cohort$w)
cohort$trials0 <- ifelse(seq_len(n) %% 9 == 0, 0, cohort$trials)
cohort$motion <- round(rexp(n), 3)
cohort$motion[c(4, 30)] <- NA
x <- with(cohort, 0.12 * (Age - 14) + 0.5 * (sex == "M") - 0.4 * (site == "s2"))
# Elements of each kind: ordinary; missing subjects; strong effects; no subject of site s3; constant; separated by Age or sex;
# without the subjects that distinguish xa and xb.
elements <- 7
kinds <- list(
  binary = function(e, shift) rbinom(n, 1, plogis(shift + c(1, 1, 2.5, 1, 1, 1, 1)[e] * x)),
  proportion = function(e, shift) rbinom(n, cohort$trials, plogis(shift + c(1, 1, 2.5, 1, 1, 1, 1)[e] * x)) / cohort$trials,
  rare = function(e, shift) rbinom(n, 1, plogis(-1.2 + 0.4 * x)),
  count = function(e, shift) rpois(n, exp(1.2 + c(0.7, 0.7, 2, 0.7, 1, 0.7, 0.7)[e] * x)),
  many = function(e, shift) rnbinom(n, size = 2.5, mu = exp(2.2 + c(0.7, 0.7, 1.4, 0.7, 1, 0.7, 0.7)[e] * x)),
  amount = function(e, shift) rgamma(n, shape = 6, scale = (4 + 0.8 * c(1, 1, 2, 1, 1, 1, 1)[e] * x) / 6),
  large = function(e, shift) rnbinom(n, size = 30, mu = exp(8.4 + x))
)
values <- NULL
for (kind in names(kinds)) {
  for (e in seq_len(elements)) {
    y <- kinds[[kind]](e, 0.2)
    if (e == 2) y[sample(n, 14)] <- NaN
    if (e == 4) y[cohort$site == "s3"] <- NaN
    if (e == 5) y[] <- if (kind == "amount") 2.5 else 0
    if (e == 6 && kind %in% c("binary", "proportion", "rare")) y <- as.numeric(cohort$Age > 14.2)
    if (e == 6 && kind %in% c("count", "many")) y[cohort$sex == "F"] <- 0
    if (e == 7) y[c(3, 20, 41)] <- NaN
    values <- cbind(values, signif(y, 9))
  }
}
colnames(values) <- paste0(rep(names(kinds), each = elements), seq_len(elements))
write.csv(cohort, "cohort.csv", row.names = FALSE, quote = FALSE)
write.table(format(signif(values, 9), digits = 9, trim = TRUE), "values.csv", sep = ",", row.names = FALSE, quote = FALSE)
cohort <- read.csv("cohort.csv", stringsAsFactors = FALSE)
values <- as.matrix(read.csv("values.csv"))

# R's glm ends when the deviance changes little; from its end, Fisher's steps are repeated until the coefficients stay. With a smaller
# epsilon, glm would no longer recognise aliased columns: its tolerance is epsilon / 1000.
converged <- function(arguments) {
  arguments$control <- glm.control(maxit = 200)
  fit <- suppressWarnings(try(do.call(glm, arguments), silent = TRUE))
  if (inherits(fit, "try-error")) return(NULL)
  stays <- FALSE
  for (repeated in 1:200) {
    start <- ifelse(is.na(coef(fit)), 0, coef(fit))
    arguments$start <- start
    again <- suppressWarnings(try(do.call(glm, arguments), silent = TRUE))
    if (inherits(again, "try-error")) break
    fit <- again
    change <- max(abs(coef(fit) - start), na.rm = TRUE) / max(abs(start))
    stays <- change <= 1e-9
    if (change <= 1e-13) break
  }
  fit$stays <- stays
  fit
}

# As MASS's glm.nb, iterated to the end: theta given the means and coefficients given theta in turn. Where counts vary no more than
# Poisson's, the likelihood increases up to theta = Inf, Poisson's fit.
converged_nb <- function(arguments, link) {
  arguments$family <- poisson(link)
  fit <- converged(arguments)
  if (is.null(fit)) return(NULL)
  w <- fit$prior.weights
  fit$theta <- Inf
  fit$theta_se <- NA
  if (min(fitted(fit)) < 1e-7 || sum(w * ((fit$y - fitted(fit))^2 - fit$y)) <= 0) return(fit)
  theta <- 1
  for (turn in 1:100) {
    before <- theta
    mu <- fitted(fit); y <- fit$y
    score <- function(th) sum(w * (digamma(th + y) - digamma(th) + log(th) + 1 - log(th + mu) - (y + th) / (mu + th)))
    information <- function(th) -sum(w * (trigamma(th + y) - trigamma(th) + 1 / th - 2 / (mu + th) + (y + th) / (mu + th)^2))
    if (score(exp(12)) >= 0) { theta <- Inf; break }
    theta <- exp(uniroot(function(u) score(exp(u)), c(-8, 12), tol = 1e-12)$root)
    for (step in 1:3) theta <- theta + score(theta) / information(theta)
    arguments$family <- negative.binomial(theta, link)
    arguments$start <- NULL
    fit <- converged(arguments)
    if (is.null(fit)) return(NULL)
    if (abs(theta - before) <= 1e-12 * theta) break
  }
  fit$theta <- theta
  fit$theta_se <- 1 / sqrt(information(theta))
  fit
}

# The fit with a covariance for which the dispersion is 1.
as_known <- function(fit) { fit$family$family <- "poisson"; fit }

fits <- list()
fit_case <- function(key, kind, formula, family, weights = NULL, subset = NULL, tests = list(), contrasts = list()) {
  expected <- list()
  status <- rep("Fitted", elements)
  put <- function(name, e, value) {
    if (is.null(expected[[name]])) expected[[name]] <<- rep(NA_real_, elements)
    expected[[name]][e] <<- value
  }
  for (e in seq_len(elements)) {
    data <- cohort
    data$y <- values[, paste0(kind, e)]
    data <- data[is.finite(data$y), ]
    levels <- function(x) length(unique(x))
    rows <- if (is.null(subset)) rep(TRUE, nrow(data)) else with(data, eval(parse(text = subset)[[1]]))
    used <- data[rows %in% TRUE, ]
    if (grepl("site", formula) && levels(used$site) < 3) { status[e] <- "EmptyFactorLevel"; next }
    is_probability <- kind %in% c("binary", "proportion", "rare")
    if (levels(used$y) == 1 && !(family$family == "poisson" && used$y[1] > 0)) { status[e] <- "ConstantResponse"; next }
    arguments <- list(formula = as.formula(paste("y ~", formula)), family = family, data = data)
    if (!is.null(weights)) arguments$weights <- data[[weights]]
    if (!is.null(subset)) arguments$subset <- rows
    is_nb <- identical(family$family, "nb")
    fit <- if (is_nb) converged_nb(arguments, family$link) else converged(arguments)
    if (is.null(fit)) { status[e] <- "NoConvergence"; next }
    mu <- fitted(fit)
    edge <- if (is_probability) pmin(mu, 1 - mu) else mu
    if (family$family != "Gamma" && min(edge) < 1e-7) { status[e] <- "Separation"; next }
    if (!fit$stays) { status[e] <- "NoConvergence"; next }
    if (anyNA(coef(fit)) && !grepl("dup", formula)) status[e] <- "RankDeficient"
    s <- if (is_nb) summary(fit, dispersion = 1) else summary(fit)
    coefficients <- coef(s)
    for (term in rownames(coefficients)) {
      name <- sub("^\\(Intercept\\)$", "Intercept", term)
      for (i in 1:4) put(paste0(name, ".", c("estimate", "std.error", "statistic", "p.value")[i]), e, coefficients[term, i])
    }
    likelihood <- !grepl("quasi", family$family)
    put("model.null.deviance", e, fit$null.deviance)
    put("model.df.null", e, fit$df.null)
    if (is_nb) {
      y <- fit$y; th <- fit$theta; w <- fit$prior.weights
      parts <- if (is.finite(th)) lgamma(th + y) - lgamma(th) - lgamma(y + 1) + th * log(th) + y * log(mu) - (th + y) * log(th + mu)
               else dpois(y, mu, log = TRUE)
      ll <- sum(w * parts)
      put("model.logLik", e, ll)
      put("model.AIC", e, -2 * ll + 2 * (fit$rank + 1))
      put("model.BIC", e, -2 * ll + log(nobs(fit)) * (fit$rank + 1))
      if (is.finite(th)) { put("model.theta", e, th); put("model.theta.std.error", e, fit$theta_se) }
    } else if (likelihood) {
      put("model.logLik", e, as.numeric(logLik(fit)))
      put("model.AIC", e, AIC(fit))
      # R's BIC counts rows of weight 0, its nobs does not.
      put("model.BIC", e, -2 * as.numeric(logLik(fit)) + log(nobs(fit)) * attr(logLik(fit), "df"))
    }
    put("model.deviance", e, deviance(fit))
    put("model.df.residual", e, df.residual(fit))
    put("model.nobs", e, nobs(fit))
    put("model.dispersion", e, sum(residuals(fit, "pearson")^2) / df.residual(fit))
    known <- family$family %in% c("binomial", "poisson", "nb")
    for (test in names(tests)) {
      h <- linearHypothesis(if (is_nb) as_known(fit) else fit, tests[[test]], test = if (known) "Chisq" else "F", singular.ok = TRUE)
      if (known) {
        put(paste0(test, ".Chisq.statistic"), e, h$Chisq[2]); put(paste0(test, ".Chisq.df"), e, h$Df[2])
        put(paste0(test, ".Chisq.p.value"), e, h[["Pr(>Chisq)"]][2])
      } else {
        put(paste0(test, ".F.statistic"), e, h$F[2]); put(paste0(test, ".F.df1"), e, h$Df[2])
        put(paste0(test, ".F.df2"), e, df.residual(fit)); put(paste0(test, ".F.p.value"), e, h[["Pr(>F)"]][2])
      }
    }
    for (contrast in names(contrasts)) {
      h <- linearHypothesis(if (is_nb) as_known(fit) else fit, paste(contrasts[[contrast]], "= 0"))
      estimate <- attr(h, "value")[1]; error <- sqrt(attr(h, "vcov")[1])
      half <- (if (known) qnorm(0.975) else qt(0.975, df.residual(fit))) * error
      put(paste0(contrast, ".estimate"), e, estimate); put(paste0(contrast, ".std.error"), e, error)
      put(paste0(contrast, ".conf.low"), e, estimate - half); put(paste0(contrast, ".conf.high"), e, estimate + half)
      if (family$link %in% c("log", "logit")) put(paste0(contrast, ".exp.conf.high"), e, exp(estimate + half))
    }
  }
  fits[[key]] <<- list(kind = kind, formula = formula, family = family$family, link = family$link, weights = weights, subset = subset,
                       tests = I(as.character(names(tests))), contrasts = I(paste0(names(contrasts), rep(": ", length(contrasts)), unlist(contrasts))),
                       status = status, expected = expected)
}
by_site <- list(site = c("sites2 = 0", "sites3 = 0"))
older <- list(older = "2*Age + sexM", s3_s2 = "sites3 - sites2")

for (link in c("logit", "probit", "cauchit", "cloglog")) {
  fit_case(paste0("binary_", link), "binary", "Age + sex + site", binomial(link), tests = by_site, contrasts = older)
  fit_case(paste0("proportion_", link), "proportion", "Age * sex", binomial(link), weights = "trials")
}
fit_case("rare_log", "rare", "sex", binomial("log"))
fit_case("rare_logit", "rare", "Age", binomial())
fit_case("binary_intercept", "binary", "1", binomial())
fit_case("binary_no_intercept", "binary", "0 + sex + xa", binomial())
fit_case("binary_site_only", "binary", "site - 1", binomial("probit"))
fit_case("binary_dup", "binary", "Age + dup + sex", binomial())
fit_case("binary_twins", "binary", "xa + xb + sex", binomial())
fit_case("binary_offset", "binary", "sex + offset(log(exposure))", binomial())
fit_case("binary_subset", "binary", "Age + sex", binomial(), subset = "qc == 1")
fit_case("binary_motion", "binary", "motion + sex", binomial("cloglog"))
fit_case("proportion_trials0", "proportion", "Age + site", binomial(), weights = "trials0", tests = by_site)
fit_case("proportion_poly", "proportion", "poly(Age, 2) + sex", binomial(), weights = "trials")
fit_case("quasibinomial_logit", "proportion", "Age + sex", quasibinomial(), weights = "trials")
fit_case("quasibinomial_probit", "proportion", "Age + site", quasibinomial("probit"), weights = "w", tests = by_site)
fit_case("quasibinomial_unweighted", "proportion", "Age + sex + site", quasibinomial("cloglog"), contrasts = older)
for (link in c("log", "sqrt")) {
  fit_case(paste0("count_", link), "count", "Age + sex + site", poisson(link), tests = by_site, contrasts = older)
  fit_case(paste0("quasicount_", link), "count", "Age * sex", quasipoisson(link), weights = "w")
}
fit_case("count_identity", "count", "sex", poisson("identity"))
fit_case("quasicount_identity", "count", "xa + sex", quasipoisson("identity"))
fit_case("count_offset", "count", "Age + sex + offset(log(exposure))", poisson())
fit_case("count_zero_weights", "count", "Age + site", poisson(), weights = "zero", tests = by_site)
fit_case("count_twins", "count", "xa + xb", poisson())
fit_case("count_dup", "count", "dup + Age + site", poisson(), tests = by_site)
fit_case("count_subset", "count", "poly(Age, 3) + sex", poisson(), subset = "qc == 1 & Age > 9")
fit_case("count_no_intercept", "count", "0 + Age + sex", poisson())
fit_case("count_no_intercept_offset", "count", "0 + xa + offset(log(exposure))", poisson())
fit_case("many_poisson", "many", "Age + sex + site", poisson())
fit_case("many_quasi", "many", "Age + sex + site + motion", quasipoisson(), tests = by_site, contrasts = older)
for (link in c("inverse", "identity", "log")) {
  fit_case(paste0("amount_", link), "amount", "Age + sex + site", Gamma(link), tests = by_site, contrasts = older)
  fit_case(paste0("amount_weights_", link), "amount", "sex + xa", Gamma(link), weights = "w")
}
fit_case("amount_offset", "amount", "Age + offset(log(exposure))", Gamma("log"))
fit_case("amount_twins", "amount", "xa + xb + Age", Gamma("log"))
for (link in c("1/mu^2", "inverse", "identity", "log"))
  fit_case(paste0("ig_", gsub("[^a-z]", "", link)), "amount", "Age + sex", inverse.gaussian(link))
fit_case("ig_weights", "amount", "site", inverse.gaussian("log"), weights = "w", tests = by_site)
for (link in c("log", "inverse"))
  fit_case(paste0("normal_", link), "amount", "Age + sex", gaussian(link), weights = if (link == "log") "w" else NULL)

nb <- function(link = "log") list(family = "nb", link = link)
fit_case("nb_log", "many", "Age + sex + site", nb(), tests = by_site, contrasts = older)
fit_case("nb_weights", "many", "Age * sex", nb(), weights = "w")
fit_case("nb_sqrt", "many", "sex + site", nb("sqrt"), tests = by_site)
fit_case("nb_identity", "many", "sex", nb("identity"))
fit_case("nb_offset", "many", "Age + sex + offset(log(exposure))", nb())
fit_case("nb_subset", "many", "poly(Age, 2) + sex", nb(), subset = "qc == 1")
fit_case("nb_dup", "many", "Age + dup + motion", nb())
fit_case("nb_twins", "many", "xa + xb", nb())
fit_case("nb_no_intercept", "many", "0 + site", nb())
fit_case("nb_counts", "count", "Age + sex", nb())
fit_case("nb_intercept", "count", "1", nb())
fit_case("nb_large", "large", "Age + sex", nb())

versions <- sapply(c("MASS", "car"), function(name) as.character(packageVersion(name)))
writeLines(toJSON(list(R = R.version.string, versions = as.list(versions), cases = fits), digits = 15, auto_unbox = TRUE, null = "null",
                  na = "null"), "cases.json")
cat(length(fits), "cases\n")
for (key in names(fits)) cat(key, fits[[key]]$status, "\n")
