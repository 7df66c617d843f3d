# Writes cohort.csv, values.csv and cases.json: additive mixed models by mgcv's gam with random effects as smooths (bs = "re"), with a
# tightened control, and some of them by gamm4 with a tightened optimiser.
# Run in this folder: Rscript make_cases.R. Made with the versions that cases.json names.
suppressMessages({ library(mgcv); library(gamm4); library(jsonlite) })
set.seed(20261202)
people <- 44
visits <- rep(c(1, 2, 3, 4), c(6, 16, 14, 8))[sample(people)]   # singletons, pairs, triples, four sessions
site <- sort(c(1:5, sample(5, people - 5, TRUE)))
id <- rep(seq_len(people), visits)
n <- length(id)
visit <- ave(id, id, FUN = seq_along) - 1
cohort <- data.frame(
  id = sprintf("p%02d", id),
  number = 1000 + 7 * id,
  site = sprintf("s%d", site[id]),
  within = ave(id, site[id], FUN = function(i) match(i, unique(i))),
  visit = visit,
  Age = round(runif(people, 8, 20)[id] + visit * 1.5 + rnorm(n, 0, 0.3), 3),
  dose = round(rnorm(n), 3),
  sex = sample(c("F", "M"), people, TRUE)[id],
  scanner = sample(c("A", "B", "C"), n, TRUE),
  rater = sample(c("r1", "r2", "r3", "r4", "r5"), n, TRUE),
  w = round(runif(n, 0.3, 3), 3),
  w0 = round(runif(n, 0.3, 3), 3),
  o = round(rnorm(n, 0, 0.5), 3),
  trials = sample(3:9, n, TRUE),
  qc = sample(c(0, 1), n, TRUE, c(0.12, 0.88))
)[sample(n), ]
cohort <- cbind(source_file = sprintf("s%03d", seq_len(n)), cohort)
cohort$idm <- cohort$id
cohort$idm[c(5, 60, 61)] <- NA
cohort$w0[c(3, 41)] <- 0
write.csv(cohort, "cohort.csv", row.names = FALSE, quote = FALSE)
cohort <- read.csv("cohort.csv", stringsAsFactors = FALSE)
effect <- function(g, sd) { u <- rnorm(length(unique(g)), 0, sd); u[match(g, unique(g))] }
curve <- sin(cohort$Age / 3)
x <- 0.4 + 0.3 * curve + 0.2 * (cohort$sex == "M") + 0.1 * (cohort$scanner == "B")
t <- cohort$visit
normal <- cbind(
  x + effect(cohort$site, 0.25) + effect(cohort$id, 0.4) + effect(cohort$rater, 0.2) + rnorm(n, 0, 0.3),
  x + 0.3 * curve * (cohort$sex == "M") + effect(cohort$id, 0.4) + effect(cohort$id, 0.25) * t + 0.1 * cohort$dose^2 + rnorm(n, 0, 0.2),
  100 + 8 * (x + effect(cohort$site, 0.3) + effect(cohort$id, 0.8) + 0.1 * t + rnorm(n, 0, 0.5)),
  x + rnorm(n, 0, 0.4),                                                                      # singular
  x + effect(cohort$site, 0.2) + effect(cohort$id, 0.5) + rnorm(n, 0, 0.3)                   # missing subjects
)
normal <- signif(normal, 9)
normal[sample(n, 16), 5] <- NaN
p <- 0.6 * curve + 0.4 * (cohort$sex == "M") + effect(cohort$id, 0.7)
values <- cbind(normal, rbinom(n, cohort$trials, plogis(p)) / cohort$trials, rpois(n, exp(1 + 0.5 * p)),
                signif(rgamma(n, shape = 5, scale = exp(0.4 + 0.4 * p) / 5), 8))
families <- list(binomial = 6, poisson = 7, Gamma = 8)
write.table(format(values, digits = 17, trim = TRUE), "values.csv", sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
values <- as.matrix(read.csv("values.csv", header = FALSE))

control <- gam.control(epsilon = 1e-13, mgcv.tol = 1e-12, maxit = 500, newton = list(conv.tol = 1e-12, maxHalf = 50, maxNstep = 3))
# lme4's notation and mgcv's; `interaction` avoids columns of combinations that do not occur, which change nothing but the count.
smooth_of <- c(
  "(1 | id)" = "s(id, bs = 're')", "(1 | number)" = "s(id, bs = 're')", "(1 | idm)" = "s(idm, bs = 're')",
  "(1 | site)" = "s(site, bs = 're')", "(1 | rater)" = "s(rater, bs = 're')",
  "(1 | site/within)" = "s(site, bs = 're') + s(within.site, bs = 're')", "(1 | site:sex)" = "s(site.sex, bs = 're')",
  "(visit || id)" = "s(id, visit, bs = 're') + s(id, bs = 're')", "(0 + visit | id)" = "s(id, visit, bs = 're')"
)
name_of <- c("s(id)" = "id.sd__(Intercept)", "s(idm)" = "idm.sd__(Intercept)", "s(site)" = "site.sd__(Intercept)",
             "s(rater)" = "rater.sd__(Intercept)", "s(within.site)" = "within:site.sd__(Intercept)",
             "s(site.sex)" = "site:sex.sd__(Intercept)", "s(id,visit)" = "id.sd__visit")
test_of <- c("s(id)" = "id", "s(site)" = "site", "s(rater)" = "rater")
prepare <- function(e, subset) {
  data <- cohort
  data$y <- values[, e]
  data <- data[is.finite(data$y), ]
  if (!is.null(subset)) data <- data[eval(parse(text = subset), data), ]
  for (name in c("id", "idm", "site", "sex", "rater", "scanner")) data[[name]] <- factor(data[[name]])
  data$within.site <- interaction(data$within, data$site, drop = TRUE)
  data$site.sex <- interaction(data$site, data$sex, drop = TRUE)
  data
}
fits <- list()
fit_case <- function(key, fixed, random, ml = FALSE, weights = NULL, subset = NULL, select = FALSE, gamma = 1, family = NULL, test = NULL,
                     contrast = NULL, f_test = NULL, curves = 0, gamm4 = FALSE) {
  elements <- if (is.null(family)) 1:5 else families[[family]]
  expected <- list()
  put <- function(name, e, value) {
    if (is.null(expected[[name]])) expected[[name]] <<- rep(NA_real_, length(elements))
    expected[[name]][e] <<- value
  }
  # Terms with more groups last: the correction of AIC for estimated smoothing parameters depends on the order, by some tenths.
  ordered <- random[order(random == "(1 | id)")]
  formula <- as.formula(paste("y ~", paste(c(fixed, smooth_of[ordered]), collapse = " + ")))
  worst <- 0
  for (e in seq_along(elements)) {
    data <- prepare(elements[e], subset)
    data$.w <- if (is.null(weights)) 1 else data[[weights]]
    of <- if (is.null(family)) gaussian() else do.call(family, list(link = if (family == "binomial") "logit" else "log"))
    b <- suppressWarnings(gam(formula, data = data, family = of, method = if (ml) "ML" else "REML", weights = .w,
                                                     select = select, gamma = gamma, control = control))
    worst <- max(worst, abs(b$outer.info$grad))
    s <- summary(b)
    for (r in rownames(s$p.table)) {
      name <- if (r == "(Intercept)") "Intercept" else r
      for (k in 1:4) put(paste0(name, ".", c("estimate", "std.error", "statistic", "p.value")[k]), e, s$p.table[r, k])
      q <- qt(0.975, df.residual(b))
      if (!is.null(family) && family %in% c("binomial", "poisson")) q <- qnorm(0.975)
      put(paste0(name, ".conf.low"), e, s$p.table[r, 1] - q * s$p.table[r, 2])
      put(paste0(name, ".conf.high"), e, s$p.table[r, 1] + q * s$p.table[r, 2])
    }
    random_columns <- integer()
    between <- 0
    for (i in seq_along(b$smooth)) {
      one <- b$smooth[[i]]
      if (one$label %in% names(name_of)) {
        columns <- one$first.para:one$last.para
        random_columns <- c(random_columns, columns)
        sd <- sqrt(b$sig2 / b$sp[[one$label]] * one$S.scale)
        X <- predict(b, type = "lpmatrix")[, columns, drop = FALSE]
        used <- b$prior.weights > 0
        between <- between + sd^2 * sum(X[used, ]^2) / sum(used)
        name <- if (one$label == "s(id)" && random[1] == "(1 | number)") "number.sd__(Intercept)" else name_of[[one$label]]
        put(name, e, sd)
        put(sub("sd__.*", "ngroups", name), e, length(unique(b$model[[one$term[1]]][used])))
        if (identical(test_of[one$label][[1]], test))
          for (k in 1:4) put(paste0(test, ".", c("edf", "ref.df", "statistic", "p.value")[k]), e, s$s.table[i, k])
        next
      }
      plain <- if (one$by == "NA") one$label else sub(paste0(":", one$by, ".*$"), "", one$label)
      name <- gsub("[(,]", "_", gsub(")", "", plain))
      if (one$by != "NA") name <- paste0(name, "_BY", sub("^.*:", "", one$label))
      for (k in 1:4) put(paste0(name, ".", c("edf", "ref.df", "statistic", "p.value")[k]), e, s$s.table[i, k])
    }
    put("model.adj.r.squared", e, s$r.sq)
    put("model.dev.expl", e, s$dev.expl)
    put(if (ml) "model.MLcrit" else "model.REMLcrit", e, 2 * as.numeric(b$gcv.ubre))
    put("model.scale", e, b$sig2)
    put("model.df", e, sum(b$edf))
    put("model.logLik", e, as.numeric(logLik(b)))
    put("model.AIC", e, AIC(b))
    put("model.BIC", e, BIC(b))
    put("model.deviance", e, deviance(b))
    put("model.df.residual", e, df.residual(b))
    put("model.nobs", e, sum(b$prior.weights > 0))
    if (is.null(family)) {
      put("Residual.sd__Observation", e, sqrt(b$sig2))
      X <- predict(b, type = "lpmatrix")
      explained <- var(as.vector((X %*% (coef(b) * !(seq_along(coef(b)) %in% random_columns)))[b$prior.weights > 0]))
      put("model.icc", e, between / (between + b$sig2))
      put("model.r2.marginal", e, explained / (explained + between + b$sig2))
      put("model.r2.conditional", e, (explained + between) / (explained + between + b$sig2))
    }
    put_test <- function(name, L) {
      columns <- rep(0, length(coef(b)))
      at <- names(coef(b))
      L <- if (is.list(L)) do.call(rbind, L) else matrix(L, 1, dimnames = list(NULL, names(L)))
      full <- matrix(0, nrow(L), length(at), dimnames = list(NULL, at))
      full[, colnames(L)] <- L
      list(estimate = as.vector(full %*% coef(b)), V = full %*% vcov(b) %*% t(full))
    }
    if (!is.null(contrast)) {
      test_ <- put_test("c", contrast)
      se <- sqrt(test_$V[1, 1])
      tt <- test_$estimate / se
      df <- df.residual(b)
      for (stat in list(c("estimate", test_$estimate), c("std.error", se), c("statistic", tt), c("p.value", 2 * pt(-abs(tt), df)),
                        c("conf.low", test_$estimate - qt(0.975, df) * se), c("conf.high", test_$estimate + qt(0.975, df) * se),
                        c("partial.rsq", tt^2 / (tt^2 + df)), c("partial.r", tt / sqrt(tt^2 + df)), c("cohens.f2", tt^2 / df),
                        c("cohens.d", test_$estimate / sqrt(between + b$sig2))))
        put(paste0("c.", stat[1]), e, as.numeric(stat[2]))
    }
    if (!is.null(f_test)) {
      names_ <- grep(paste0("^", f_test), names(coef(b)), value = TRUE)
      test_ <- put_test(f_test, lapply(names_, function(one) setNames(as.numeric(names_ == one), names_)))
      F <- as.vector(test_$estimate %*% solve(test_$V, test_$estimate)) / length(names_)
      df <- df.residual(b)
      for (stat in list(c("statistic", F), c("df1", length(names_)), c("df2", df), c("p.value", pf(F, length(names_), df, lower.tail = FALSE)),
                        c("partial.rsq", F * length(names_) / (F * length(names_) + df)), c("cohens.f2", F * length(names_) / df)))
        put(paste0(f_test, ".F.", stat[1]), e, as.numeric(stat[2]))
    }
    # Curves of the first smooth, at points of the whole cohort's range.
    grid <- seq(min(cohort$Age), max(cohort$Age), length.out = max(curves, 2))
    new <- data[rep(1, length(grid)), ]
    new$Age <- grid
    if (curves > 0) {
      terms <- suppressWarnings(predict(b, new, type = "terms", se.fit = TRUE, unconditional = FALSE))
      for (i in seq_along(grid)) {
        put(paste0("curve.fit.", i), e, terms$fit[i, "s(Age)"])
        put(paste0("curve.se.", i), e, terms$se.fit[i, "s(Age)"])
      }
    }
    if (gamm4) {
      lme4_of <- paste("~", paste(random, collapse = " + "))
      fit4 <- function(start) suppressMessages(suppressWarnings(gamm4(as.formula(paste("y ~", fixed)), random = as.formula(lme4_of), data = data,
        REML = !ml, control = lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore",
                                          optCtrl = list(rhobeg = start, rhoend = 1e-13, maxfun = 1e5)))))
      best <- fit4(0.2)
      components <- VarCorr(best$mer)
      for (g in intersect(c("id", "site", "rater"), names(components)))
        put(paste0("gamm4.", g, ".sd__(Intercept)"), e, unname(attr(components[[g]], "stddev"))[1])
      put("gamm4.Residual.sd__Observation", e, sigma(best$mer))
      # That of gamm4 has another constant, that of the basis of the smooth's straight line: differences between elements can be compared.
      put("gamm4.crit", e, -2 * as.numeric(logLik(best$mer)))
      s4 <- summary(best$gam)
      for (r in rownames(s4$p.table)) {
        name <- if (r == "(Intercept)") "Intercept" else r
        put(paste0("gamm4.", name, ".estimate"), e, s4$p.table[r, 1])
        put(paste0("gamm4.", name, ".std.error"), e, s4$p.table[r, 2])
      }
      terms <- predict(best$gam, new, type = "terms", se.fit = TRUE)
      for (i in seq_len(curves)) {
        put(paste0("gamm4.curve.fit.", i), e, terms$fit[i, "s(Age)"])
        put(paste0("gamm4.curve.se.", i), e, terms$se.fit[i, "s(Age)"])
      }
    }
  }
  cat(key, "gradient", worst, "\n")
  fits[[key]] <<- list(formula = paste(c(fixed, random), collapse = " + "), ml = ml, weights = weights, subset = subset, select = select,
                       gamma = gamma, family = family, link = if (is.null(family)) NULL else of$link, test = test, fTest = f_test,
                       contrast = if (is.null(contrast)) NULL else paste0("c: ", paste(sprintf("%+g * %s", contrast, names(contrast)), collapse = " ")),
                       curves = curves, first = elements[1] - 1, elements = length(elements), expected = expected)
}
fit_case("intercept", "s(Age, k = 5) + sex", "(1 | id)", test = "id", curves = 7, gamm4 = TRUE)
fit_case("intercept_ml", "s(Age, k = 5) + sex", "(1 | id)", ml = TRUE, test = "id", curves = 7, gamm4 = TRUE)
fit_case("default_k", "s(Age) + sex", "(1 | id)", curves = 5, gamm4 = TRUE)
fit_case("cr", "s(Age, bs = 'cr', k = 8)", "(1 | id)", gamm4 = TRUE, curves = 5)
fit_case("cr_ml", "s(Age, bs = 'cr', k = 8) + sex", "(1 | id)", ml = TRUE)
fit_case("ps", "s(Age, bs = 'ps', k = 7) + scanner", "(1 | id)", f_test = "scanner", contrast = c(scannerB = 1, scannerC = -1))
fit_case("ps_ml", "s(Age, bs = 'ps', k = 7) + scanner", "(1 | id)", ml = TRUE, f_test = "scanner", contrast = c(scannerB = 1, scannerC = -1))
fit_case("nested", "s(Age, k = 6) + sex", c("(1 | site)", "(1 | id)"), test = "site", gamm4 = TRUE, curves = 5)
fit_case("nested_ml", "s(Age, k = 6) + sex", c("(1 | site)", "(1 | id)"), ml = TRUE)
fit_case("slash", "s(Age, k = 5)", "(1 | site/within)")
fit_case("slash_ml", "s(Age, k = 5) + sex", "(1 | site/within)", ml = TRUE)
fit_case("crossed", "s(Age, k = 5) + sex", c("(1 | id)", "(1 | rater)"), test = "rater", gamm4 = TRUE, curves = 5)
fit_case("combined", "s(Age, k = 5) + sex", c("(1 | site:sex)", "(1 | id)"))
fit_case("slopes", "s(Age, k = 5) + sex", "(visit || id)")
fit_case("slopes_ml", "s(Age, k = 5) + sex", "(visit || id)", ml = TRUE)
fit_case("only_slopes", "s(Age, k = 5) + visit", "(0 + visit | id)")
fit_case("by_factor", "sex + s(Age, by = sex, k = 5)", "(1 | id)", test = "id")
fit_case("by_factor_ml", "sex + s(Age, by = sex, k = 5)", "(1 | id)", ml = TRUE)
fit_case("by_number", "s(Age, by = dose, k = 5) + sex", "(1 | id)")
fit_case("te", "te(Age, dose, k = c(4, 4)) + sex", "(1 | id)")
fit_case("te_ml", "te(Age, dose, k = c(4, 4))", "(1 | id)", ml = TRUE)
fit_case("ti", "ti(Age, k = 5) + ti(dose, k = 4) + ti(Age, dose, k = c(4, 4))", "(1 | id)")
fit_case("two_smooths", "s(Age, k = 5) + s(dose, k = 5) + sex", "(1 | id)")
fit_case("weights", "s(Age, k = 5) + sex", "(1 | id)", weights = "w", test = "id")
fit_case("weights_ml", "s(Age, k = 5) + sex", "(1 | id)", ml = TRUE, weights = "w")
fit_case("zero_weights", "s(Age, k = 5) + sex", "(1 | id)", weights = "w0")
fit_case("weights_nested", "s(Age, k = 5) + sex", c("(1 | site)", "(1 | id)"), weights = "w")
fit_case("offset", "s(Age, k = 5) + sex + offset(o)", "(1 | id)")
fit_case("subset", "s(Age, k = 5) + sex", "(1 | id)", subset = "qc == 1")
fit_case("pairs", "s(Age, k = 5) + sex", "(1 | id)", subset = "visit < 2")
fit_case("missing_groups", "s(Age, k = 5) + sex", "(1 | idm)")
fit_case("numbers", "s(Age, k = 5) + sex", "(1 | number)")
fit_case("select", "s(Age, k = 5) + s(dose, k = 5)", "(1 | id)", select = TRUE)
fit_case("gamma", "s(Age, k = 6) + sex", "(1 | id)", gamma = 1.4)
fit_case("no_smooth", "visit + sex", "(1 | id)", gamm4 = FALSE)
fit_case("no_smooth_ml", "visit * sex", c("(1 | site)", "(1 | id)"), ml = TRUE)
fit_case("no_intercept", "0 + sex + s(Age, k = 5)", "(1 | id)")
fit_case("poly", "poly(visit, 2) + sex + s(Age, k = 5)", "(1 | id)")
fit_case("binomial", "s(Age, k = 5) + sex", "(1 | id)", family = "binomial", weights = "trials", test = "id")
fit_case("binomial_ml", "s(Age, k = 5) + sex", "(1 | id)", family = "binomial", weights = "trials", ml = TRUE)
fit_case("poisson", "s(Age, k = 5) + sex", c("(1 | site)", "(1 | id)"), family = "poisson")
fit_case("gamma_family", "s(Age, k = 5) + sex", "(1 | id)", family = "Gamma")
versions <- sapply(c("mgcv", "gamm4", "lme4"), function(p) as.character(packageVersion(p)))
write_json(list(R = R.version.string, versions = as.list(versions), cases = fits), "cases.json", digits = NA, auto_unbox = TRUE,
           na = "null", null = "null")
