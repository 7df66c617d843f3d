# Writes cohort.csv, values.csv and cases.json: generalized additive models by mgcv with a tightened control.
# Run in this folder: Rscript make_cases.R. Made with the versions that cases.json names.
suppressMessages({ library(mgcv); library(jsonlite) })
set.seed(20261129)
n <- 140
cohort <- data.frame(
  source_file = sprintf("s%03d", seq_len(n)),
  Age = round(runif(n, 8, 22), 3),
  motion = round(rexp(n), 4),
  sex = sample(c("F", "M"), n, TRUE),
  site = sample(c("a", "b", "c", "d", "e", "f"), n, TRUE),
  score = round(rnorm(n), 4),
  trials = sample(1:8, n, TRUE),
  w = round(runif(n, 0.3, 2.5), 3),
  w0 = round(runif(n, 0.3, 2.5), 3),
  exposure = round(rnorm(n, 0, 0.3), 4),
  qc = sample(c(0, 1), n, TRUE, c(0.1, 0.9))
)
cohort$w0[c(5, 60)] <- 0
write.csv(cohort, "cohort.csv", row.names = FALSE, quote = FALSE)
cohort <- read.csv("cohort.csv")
shift <- c(a = -0.6, b = 0.2, c = 0.5, d = 0, e = -0.2, f = 0.4)[cohort$site]
f <- with(cohort, sin(Age / 2.5) + 0.4 * (sex == "M") + shift + 0.3 * score^2 - 0.3)
g <- with(cohort, 0.1 * (Age - 15) + 0.5 * shift)
# Three elements of every kind of response: a curved effect, a straight one, and one with missing subjects.
predictors <- cbind(f, g, f)
responses <- list(
  binary = apply(predictors, 2, function(p) rbinom(n, 1, plogis(1.3 * p))),
  proportion = apply(predictors, 2, function(p) rbinom(n, cohort$trials, plogis(p)) / cohort$trials),
  count = apply(predictors, 2, function(p) rpois(n, exp(1 + 0.7 * p))),
  overdispersed = apply(predictors, 2, function(p) rnbinom(n, mu = exp(1.2 + 0.7 * p), size = 1.8)),
  positive = apply(predictors, 2, function(p) signif(rgamma(n, shape = 4, scale = exp(0.4 + 0.5 * p) / 4), 8)),
  any = apply(predictors, 2, function(p) signif(exp(0.5 + 0.4 * p) + rnorm(n, 0, 0.3), 8))
)
values <- do.call(cbind, responses)
values[sample(n, 12), seq(3, ncol(values), 3)] <- NaN
write.table(format(values, digits = 17, trim = TRUE), "values.csv", sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
values <- as.matrix(read.csv("values.csv", header = FALSE))

control <- gam.control(epsilon = 1e-13, mgcv.tol = 1e-12, maxit = 500, newton = list(conv.tol = 1e-11, maxHalf = 50))
fits <- list()
fit_case <- function(key, response, formula, family, link, method = "REML", weights = NULL, subset = NULL, select = FALSE, gamma = 1, sp = NULL, starts = NULL) {
  expected <- list()
  put <- function(name, e, value) {
    if (is.null(expected[[name]])) expected[[name]] <<- rep(NA_real_, 3)
    expected[[name]][e] <<- value
  }
  first <- 3 * (match(response, names(responses)) - 1)
  for (e in 1:3) {
    data <- cohort
    data$y <- values[, first + e]
    data <- data[is.finite(data$y), ]
    if (!is.null(subset)) data <- data[eval(parse(text = subset), data), ]
    for (name in c("sex", "site")) data[[name]] <- factor(data[[name]])
    data$.w <- if (is.null(weights)) 1 else data[[weights]]
    named <- do.call(family, list(link = link))
    b <- suppressWarnings(gam(as.formula(paste("y ~", formula)), data = data, family = named, method = method, weights = .w,
                              select = select, gamma = gamma, sp = sp, control = control))
    # The criterion can have several minima: the best from several starts.
    for (start in starts) {
      other <- suppressWarnings(gam(as.formula(paste("y ~", formula)), data = data, family = named, method = method, weights = .w,
                                    control = control, in.out = list(sp = start, scale = 1)))
      if (other$gcv.ubre < b$gcv.ubre - 1e-6) b <- other
    }
    s <- summary(b)
    for (r in rownames(s$p.table)) {
      name <- if (r == "(Intercept)") "Intercept" else r
      for (k in 1:4) put(paste0(name, ".", c("estimate", "std.error", "statistic", "p.value")[k]), e, s$p.table[r, k])
    }
    for (i in seq_along(b$smooth)) {
      label <- b$smooth[[i]]$label
      by <- b$smooth[[i]]$by
      plain <- sub(paste0(":", by, ".*$"), "", label)
      name <- gsub("[(,]", "_", gsub(")", "", plain))
      if (by != "NA") name <- paste0(name, "_BY", sub("^.*:", "", label))
      for (k in 1:4) put(paste0(name, ".", c("edf", "ref.df", "statistic", "p.value")[k]), e, s$s.table[i, k])
    }
    put("model.adj.r.squared", e, s$r.sq)
    put("model.dev.expl", e, s$dev.expl)
    put("model.sp.criterion", e, as.numeric(b$gcv.ubre))
    put("model.scale", e, b$sig2)
    put("model.df", e, sum(b$edf))
    put("model.logLik", e, as.numeric(logLik(b)))
    put("model.AIC", e, AIC(b))
    put("model.BIC", e, BIC(b))
    put("model.deviance", e, deviance(b))
    put("model.df.residual", e, df.residual(b))
    put("model.nobs", e, sum(data$.w > 0))
  }
  gradient <- if (is.null(b$outer.info$grad)) 0 else max(abs(b$outer.info$grad))
  cat(key, " gradient ", gradient, "\n")
  fits[[key]] <<- list(response = response, formula = formula, family = family, link = link, method = method, weights = weights, subset = subset,
                       select = select, gamma = gamma, sp = sp, expected = lapply(expected, function(column) ifelse(is.finite(column), column, NA)))
}

fit_case("logit", "binary", "sex + s(Age)", "binomial", "logit")
fit_case("logit_ml", "binary", "sex + s(Age)", "binomial", "logit", method = "ML")
fit_case("logit_two", "binary", "s(Age, k = 8) + s(score, bs = 'cr', k = 6)", "binomial", "logit")
fit_case("probit", "binary", "sex + s(Age, bs = 'cr')", "binomial", "probit")
fit_case("cloglog", "binary", "s(Age, bs = 'ps', k = 8) + score", "binomial", "cloglog", method = "ML")
fit_case("cauchit", "binary", "s(Age, k = 6)", "binomial", "cauchit")
fit_case("trials", "proportion", "sex + s(Age) + s(site, bs = 're')", "binomial", "logit", weights = "trials",
         starts = list(c(0.1, 1), c(1, 10)))
fit_case("trials_ml", "proportion", "sex + s(Age) + s(site, bs = 're')", "binomial", "logit", method = "ML", weights = "trials")
fit_case("trials_by", "proportion", "sex + s(Age, by = sex, k = 7)", "binomial", "logit", weights = "trials")
fit_case("quasibinomial", "proportion", "sex + s(Age)", "quasibinomial", "logit", weights = "trials")
fit_case("quasibinomial_ml", "proportion", "sex + s(Age) + score", "quasibinomial", "probit", method = "ML", weights = "trials")
fit_case("poisson", "count", "sex + s(Age)", "poisson", "log")
fit_case("poisson_ml", "count", "sex + s(Age) + s(score)", "poisson", "log", method = "ML")
fit_case("poisson_offset", "count", "sex + s(Age) + offset(exposure)", "poisson", "log")
fit_case("poisson_weights", "count", "sex + s(Age) + s(site, bs = 're')", "poisson", "log", weights = "w")
fit_case("poisson_sqrt", "count", "sex + s(Age, k = 8)", "poisson", "sqrt")
fit_case("poisson_sqrt_ml", "count", "s(Age, bs = 'cr', k = 8) + s(site, bs = 're')", "poisson", "sqrt", method = "ML")
fit_case("poisson_te", "count", "te(Age, score, k = c(5, 4))", "poisson", "log")
fit_case("poisson_te_ml", "count", "sex + ti(Age, k = 5) + ti(score, k = 4) + ti(Age, score, k = 4)", "poisson", "log", method = "ML")
fit_case("poisson_subset", "count", "sex + s(Age)", "poisson", "log", subset = "qc == 1")
fit_case("poisson_zero_weights", "count", "sex + s(Age)", "poisson", "log", weights = "w0")
fit_case("poisson_none", "count", "sex + score", "poisson", "log")
fit_case("poisson_fx", "count", "sex + s(Age, k = 5, fx = TRUE)", "poisson", "log")
fit_case("poisson_select", "count", "sex + s(Age, k = 7) + s(motion, k = 5)", "poisson", "log", select = TRUE)
fit_case("poisson_gamma", "count", "sex + s(Age)", "poisson", "log", gamma = 1.4)
fit_case("poisson_sp", "count", "sex + s(Age) + s(score)", "poisson", "log", sp = c(0.5, -1))
fit_case("poisson_no_intercept", "count", "sex + s(Age) - 1 + offset(exposure)", "poisson", "log")
fit_case("quasipoisson", "overdispersed", "sex + s(Age)", "quasipoisson", "log")
fit_case("quasipoisson_ml", "overdispersed", "sex + s(Age) + s(site, bs = 're')", "quasipoisson", "log", method = "ML", weights = "w")
fit_case("Gamma_log", "positive", "sex + s(Age)", "Gamma", "log")
fit_case("Gamma_log_ml", "positive", "sex + s(Age) + s(score)", "Gamma", "log", method = "ML")
fit_case("Gamma_weights", "positive", "sex + s(Age) + s(site, bs = 're')", "Gamma", "log", weights = "w")
fit_case("Gamma_zero_weights", "positive", "sex + s(Age) + offset(exposure)", "Gamma", "log", weights = "w0")
fit_case("Gamma_inverse", "positive", "sex + s(Age, k = 6)", "Gamma", "inverse")
fit_case("Gamma_identity", "positive", "sex + s(Age, k = 6)", "Gamma", "identity")
fit_case("Gamma_gamma", "positive", "sex + s(Age)", "Gamma", "log", gamma = 1.4)
fit_case("nb", "overdispersed", "sex + s(Age)", "nb", "log")
fit_case("nb_ml", "overdispersed", "sex + s(Age) + s(site, bs = 're')", "nb", "log", method = "ML")
fit_case("nb_weights", "overdispersed", "sex + s(Age) + s(score) + offset(exposure)", "nb", "log", weights = "w")
fit_case("nb_sqrt", "overdispersed", "sex + s(Age, k = 6)", "nb", "sqrt")
fit_case("inverse_gaussian", "positive", "sex + s(Age)", "inverse.gaussian", "log")
fit_case("gaussian_log", "any", "sex + s(Age)", "gaussian", "log")
write(toJSON(list(R = R.version.string, mgcv = as.character(packageVersion("mgcv")), cases = fits), digits = NA, auto_unbox = TRUE,
             na = "null", null = "null"), "cases.json")
