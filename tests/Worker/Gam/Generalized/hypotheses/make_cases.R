# Tests of parametric terms and contrasts of generalized additive models, with the data of ../cases: mgcv's estimates and covariance
# (Bayesian, as its anova), z and chi-square where the scale is known, otherwise t and F with the residual degrees of freedom.
# Debian 12, mgcv 1.8-41. Rscript make_cases.R writes cases.json into the current folder.
suppressMessages({ library(mgcv); library(jsonlite) })
cohort <- read.csv("../cases/cohort.csv", stringsAsFactors = TRUE)
values <- as.matrix(read.csv("../cases/values.csv", header = FALSE))
responses <- c("binary", "proportion", "count", "overdispersed", "positive", "any")
control <- gam.control(epsilon = 1e-13, mgcv.tol = 1e-12, maxit = 500, newton = list(conv.tol = 1e-11, maxHalf = 50))

# b'V^-1 b of some coefficients.
wald <- function(b, V, i) if (length(i) == 0) 0 else drop(b[i] %*% solve(V[i, i, drop = FALSE], b[i]))

one <- function(e, response, formula, family, link, method, weights, tests, contrasts, coding, type) {
  d <- cohort
  d$y <- values[, 3 * (match(response, responses) - 1) + e]
  d <- d[is.finite(d$y), ]
  for (f in names(coding)) contrasts(d[[f]]) <- coding[[f]]
  d$.w <- if (is.null(weights)) 1 else d[[weights]]
  fit <- suppressWarnings(gam(as.formula(paste("y ~", formula)), data = d, weights = .w, method = method,
                              family = do.call(family, list(link = link)), control = control))
  known <- family %in% c("binomial", "poisson", "nb")
  b <- coef(fit); V <- vcov(fit); df <- fit$df.residual
  parametric <- attr(fit$pterms, "term.labels")
  columns <- lapply(setNames(seq_along(parametric), parametric), function(i) which(fit$assign == i))
  out <- list()
  for (test in tests) {
    # Type II: given the terms that do not contain it; those that do are tested away, as car's Anova does from a covariance.
    above <- if (type == "III") character(0) else
      parametric[sapply(parametric, function(p) p != test && all(strsplit(test, ":")[[1]] %in% strsplit(p, ":")[[1]]))]
    relatives <- unlist(columns[above])
    w <- wald(b, V, c(columns[[test]], relatives)) - wald(b, V, relatives)
    k <- length(columns[[test]])
    if (known) {
      out[[paste0(test, ".Chisq.statistic")]] <- w; out[[paste0(test, ".Chisq.df")]] <- k
      out[[paste0(test, ".Chisq.p.value")]] <- pchisq(w, k, lower.tail = FALSE)
    } else {
      out[[paste0(test, ".F.statistic")]] <- w / k; out[[paste0(test, ".F.df1")]] <- k; out[[paste0(test, ".F.df2")]] <- df
      out[[paste0(test, ".F.p.value")]] <- pf(w / k, k, df, lower.tail = FALSE)
    }
    # Without relatives it is the test of mgcv's anova.
    if (length(relatives) == 0) {
      a <- anova(fit)$pTerms.table[test, ]
      stopifnot(abs(a[[2]] - (if (known) w else w / k)) <= 1e-8 * abs(a[[2]]), abs(a[["p-value"]] - rev(unlist(out))[1]) <= 1e-8)
    }
  }
  for (name in names(contrasts)) {
    L <- setNames(numeric(length(b)), names(b)); for (c in names(contrasts[[name]])) L[c] <- contrasts[[name]][[c]]
    estimate <- sum(L * b); se <- sqrt(drop(L %*% V %*% L))
    out[[paste0(name, ".estimate")]] <- estimate; out[[paste0(name, ".std.error")]] <- se
    out[[paste0(name, ".statistic")]] <- estimate / se
    out[[paste0(name, ".p.value")]] <- if (known) 2 * pnorm(-abs(estimate / se)) else 2 * pt(-abs(estimate / se), df)
  }
  out
}
case <- function(id, response, formula, family, link, tests, contrasts = list(), method = "REML", weights = NULL, coding = list(), type = "II") {
  rows <- lapply(1:3, one, response, formula, family, link, method, weights, tests, contrasts, coding, type)
  list(id = unbox(id), response = unbox(response), formula = unbox(formula), family = unbox(family), link = unbox(link), method = unbox(method),
       weights = unbox(if (is.null(weights)) NA else weights), type = unbox(type), tests = tests,
       contrasts = lapply(if (length(contrasts)) contrasts else setNames(list(), character(0)), function(c) lapply(c, unbox)),
       expected = lapply(setNames(nm = names(rows[[1]])), function(n) sapply(rows, function(r) unname(r[[n]]))))
}
sum_to_zero <- list(sex = "contr.sum", site = "contr.sum")
bc <- list(b_c = list(siteb = 1, sitec = -1))
older <- list(M_score = list(sexM = 1, score = -0.5))
cases <- list(
  case("binomial", "binary", "sex + site + s(Age, k = 6)", "binomial", "logit", c("sex", "site"), bc),
  case("binomial_ml", "binary", "sex * score + s(Age, k = 6)", "binomial", "probit", c("sex", "score", "sex:score"), older, method = "ML"),
  case("trials", "proportion", "sex + site + s(Age, bs = 'cr', k = 7)", "binomial", "logit", c("sex", "site"), bc, weights = "trials"),
  case("trials_III", "proportion", "sex * site + s(Age, k = 5)", "binomial", "logit", c("sex", "site", "sex:site"), weights = "trials",
       coding = sum_to_zero, type = "III"),
  case("quasibinomial", "proportion", "sex + score + s(Age, k = 6)", "quasibinomial", "logit", c("sex", "score"), older, weights = "trials"),
  case("poisson", "count", "sex + site + s(Age, k = 8)", "poisson", "log", c("sex", "site"), bc),
  case("poisson_II", "count", "sex * site + s(Age, k = 5)", "poisson", "log", c("sex", "site", "sex:site"), bc),
  case("poisson_offset", "count", "sex + score + s(Age, k = 5) + offset(exposure)", "poisson", "sqrt", c("sex", "score"), older),
  case("poisson_re", "count", "sex + score + s(Age, k = 5) + s(site, bs = 're')", "poisson", "log", c("sex", "score"), older, weights = "w"),
  case("quasipoisson", "overdispersed", "sex * score + s(Age, k = 6)", "quasipoisson", "log", c("sex", "score", "sex:score"), older),
  case("nb", "overdispersed", "sex + site + s(Age, k = 6)", "nb", "log", c("sex", "site"), bc),
  case("nb_ml", "overdispersed", "sex + score + s(Age, k = 5)", "nb", "log", c("sex", "score"), older, method = "ML", weights = "w"),
  case("Gamma", "positive", "sex + site + s(Age, k = 6)", "Gamma", "log", c("sex", "site"), bc),
  case("Gamma_II", "positive", "sex * site + s(Age, k = 5)", "Gamma", "log", c("sex", "site", "sex:site"), bc, method = "ML"),
  case("Gamma_III", "positive", "sex * site + s(Age, k = 5)", "Gamma", "log", c("sex", "site", "sex:site"), weights = "w",
       coding = sum_to_zero, type = "III"),
  case("Gamma_inverse", "positive", "sex + score + s(Age, k = 6)", "Gamma", "inverse", c("sex", "score"), older),
  case("inverse_gaussian", "positive", "sex + score + s(Age, k = 5)", "inverse.gaussian", "log", c("sex", "score"), older),
  case("gaussian_log", "any", "sex + site + s(Age, k = 5)", "gaussian", "log", c("sex", "site"), bc))
writeLines(toJSON(cases, digits = I(15), na = "null"), "cases.json")
cat(length(cases), "cases\n")
