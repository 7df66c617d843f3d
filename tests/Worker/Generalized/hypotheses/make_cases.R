# Tests of terms of type II and III by car's Anova (Wald), marginal means and comparisons by emmeans, contrasts and limits by multcomp, for
# generalised linear models on the data of ../cases, which R iterates until nothing changes. Debian 12, versions in cases.json.
# Rscript make_cases.R writes cases.json into the current folder.
suppressMessages({ library(MASS); library(car); library(emmeans); library(multcomp); library(jsonlite) })
cohort <- read.csv("../cases/cohort.csv", stringsAsFactors = TRUE)
values <- as.matrix(read.csv("../cases/values.csv"))
elements <- 1:3

converged <- function(formula, family, d) {
  fit <- suppressWarnings(glm(formula, family = family, data = d, weights = .w))
  for (i in 1:60) {
    start <- coef(fit)
    fit <- suppressWarnings(glm(formula, family = family, data = d, weights = .w, start = start))
    if (max(abs(coef(fit) - start)) <= 1e-13 * max(abs(start))) break
  }
  fit
}

one <- function(e, kind, formula, family, weights, tests, means, contrasts, type) {
  d <- cohort
  d$y <- values[, paste0(kind, e)]
  d <- d[is.finite(d$y), ]
  if (type == "III") for (f in c("sex", "site")) contrasts(d[[f]]) <- "contr.sum"
  d$.w <- if (is.null(weights)) 1 else d[[weights]]
  formula <- as.formula(paste("y ~", formula))
  fit <- converged(formula, family, d)
  known <- family$family %in% c("binomial", "poisson")
  df <- df.residual(fit)
  out <- list()
  a <- Anova(fit, type = type, test.statistic = "Wald")
  for (test in tests) {
    k <- a[test, "Df"]; chisq <- a[test, "Chisq"]
    if (known) {
      out[[paste0(test, ".Chisq.statistic")]] <- chisq; out[[paste0(test, ".Chisq.df")]] <- k
      out[[paste0(test, ".Chisq.p.value")]] <- a[test, "Pr(>Chisq)"]
    } else {
      # Wald's F, as linearHypothesis has it; Anova's own F compares deviances.
      out[[paste0(test, ".F.statistic")]] <- chisq / k; out[[paste0(test, ".F.df1")]] <- k; out[[paste0(test, ".F.df2")]] <- df
      out[[paste0(test, ".F.p.value")]] <- pf(chisq / k, k, df, lower.tail = FALSE)
    }
  }
  weights_of <- list()
  if (length(means)) {
    pairs <- contrast(emmeans(fit, means, data = d), "revpairwise")
    s <- as.data.frame(summary(pairs, infer = FALSE))
    for (i in seq_len(nrow(s))) {
      name <- gsub("[^A-Za-z0-9]+", "_", as.character(s$contrast[i]))
      weights_of[[name]] <- pairs@linfct[i, ]
      out[[paste0(name, ".estimate")]] <- s$estimate[i]; out[[paste0(name, ".std.error")]] <- s$SE[i]
      out[[paste0(name, ".statistic")]] <- s$estimate[i] / s$SE[i]
    }
  }
  for (name in names(contrasts)) {
    L <- setNames(numeric(length(coef(fit))), names(coef(fit)))
    for (c in names(contrasts[[name]])) L[c] <- contrasts[[name]][[c]]
    weights_of[[name]] <- L
    # glht takes z for every glm; with an estimated dispersion t is asked for, as in summary(glm).
    g <- glht(fit, matrix(L, 1), df = if (known) 0 else df)
    s <- summary(g, test = univariate())$test
    limits <- confint(g, calpha = univariate_calpha())$confint
    out[[paste0(name, ".estimate")]] <- s$coefficients[[1]]; out[[paste0(name, ".std.error")]] <- s$sigma[[1]]
    out[[paste0(name, ".statistic")]] <- s$tstat[[1]]
    out[[paste0(name, ".conf.low")]] <- limits[, "lwr"]; out[[paste0(name, ".conf.high")]] <- limits[, "upr"]
    if (family$link %in% c("log", "logit")) out[[paste0(name, ".exp.conf.low")]] <- exp(limits[, "lwr"])
  }
  list(out = out, weights = lapply(weights_of, function(w) as.list(w[w != 0])))
}
case <- function(id, kind, formula, family, tests = character(0), means = character(0), contrasts = list(), weights = NULL, type = "II") {
  rows <- lapply(elements, one, kind, formula, family, weights, tests, means, contrasts, type)
  contrasts <- if (length(rows[[1]]$weights)) rows[[1]]$weights else setNames(list(), character(0))
  list(id = unbox(id), kind = unbox(kind), formula = unbox(formula), family = unbox(family$family), link = unbox(family$link),
       weights = unbox(if (is.null(weights)) NA else weights), type = unbox(type), tests = tests,
       contrasts = lapply(contrasts, function(c) lapply(c, unbox)),
       expected = lapply(setNames(nm = names(rows[[1]]$out)), function(n) sapply(rows, function(r) unname(r$out[[n]]))))
}
both <- c("sex", "site", "sex:site")
mixed <- list(older = list(Age = 2, sexM = -1), difference = list(sites2 = 1, sites3 = -1))
cases <- list(
  case("binomial_II", "binary", "sex * site", binomial(), both, "site"),
  case("binomial_III", "binary", "sex * site", binomial("probit"), both, type = "III"),
  case("binomial_emm", "binary", "Age + sex + site", binomial(), c("Age", "sex", "site"), "site", mixed),
  case("trials_II", "proportion", "sex * site + Age", binomial("cloglog"), c(both, "Age"), "sex", weights = "trials"),
  case("quasibinomial_II", "proportion", "sex * site", quasibinomial(), both, "site", weights = "trials"),
  case("quasibinomial_III", "proportion", "sex * site", quasibinomial(), both, weights = "w", type = "III"),
  case("poisson_II", "count", "sex * site + Age", poisson(), c(both, "Age"), "site"),
  case("poisson_III", "count", "sex * site", poisson("sqrt"), both, type = "III"),
  case("poisson_emm", "count", "Age + sex + site", poisson(), "site", c("sex", "site"), mixed),
  case("quasipoisson_II", "many", "sex * site", quasipoisson(), both, "site", weights = "w"),
  case("quasipoisson_mixed", "many", "Age + sex + site", quasipoisson(), c("Age", "site"), "sex", mixed),
  case("Gamma_II", "amount", "sex * site", Gamma("log"), both, "site"),
  case("Gamma_III", "amount", "sex * site", Gamma("inverse"), both, type = "III"),
  case("Gamma_mixed", "amount", "Age + sex + site", Gamma("log"), c("Age", "sex", "site"), "site", mixed, weights = "w"),
  case("inverse_gaussian", "amount", "Age + sex + site", inverse.gaussian("log"), c("Age", "site"), "site", mixed),
  case("gaussian_log", "amount", "Age + sex + site", gaussian("log"), c("Age", "site"), "site", mixed))
versions <- sapply(c("car", "emmeans", "multcomp"), function(name) as.character(packageVersion(name)))
writeLines(toJSON(list(versions = lapply(as.list(versions), unbox), cases = cases), digits = I(15), na = "null"), "cases.json")
cat(length(cases), "cases\n")
