# Expected values of contrasts, F tests, effect sizes and robust standard errors.
# Debian 12: r-cran-car, -multcomp, -emmeans, -effectsize, -sandwich, -clubsandwich, -jsonlite, -estimability; R 4.2.2.
# Rscript make_cases.R writes cohort.csv, values.csv and cases.json into the current folder.
suppressMessages({
  library(car); library(multcomp); library(emmeans); library(effectsize); library(sandwich); library(clubSandwich)
  library(jsonlite); library(estimability)
})

# ---- data: made from integers, so that every machine has the same ----
n <- 60; i <- 0:(n - 1)
cohort <- data.frame(
  Age = 20 + (i * 37) %% 43 + (i %% 7) / 8,
  motion = ((i * 29) %% 31) / 16 - 1,
  sex = ifelse((i * 11) %% 5 < 2, "M", "F"),
  site = c("a", "b", "c")[(i * 7) %% 3 + 1],
  group = c("young", "old", "mid", "old")[(i * 13) %% 4 + 1],
  w = 0.5 + (i %% 5) / 4,
  w0 = ifelse(i %% 10 == 3, 0, 0.5 + (i %% 5) / 4),
  family = sprintf("f%02d", c(0, 0, 0, 1, 1, 2, 3, 3, 3, 3)[i %% 10 + 1] + 4 * (i %/% 10)),
  stringsAsFactors = FALSE)
cohort$half <- cohort$Age / 2
cohort$clinic <- paste0(cohort$site, (i %/% 3) %% 2)          # nested in site
noise <- function(k) ((i * i * 7919 + i * k * 104729 + k * 31) %% 1009) / 1009 - 0.5
values <- sapply(1:7, function(k)
  (if (k == 4) 500 else 3) + (if (k == 4) 0.1 else 1) *
    (0.02 * k * cohort$Age + 0.5 * (cohort$sex == "M") + 0.3 * k * (cohort$group == "old") + noise(k) * (1 + 0.5 * (cohort$site == "b"))))
values[c(5, 17, 40), 2] <- NA
values[c(1, 2, 3, 8, 13, 21, 22, 30, 31, 44, 45, 58), 3] <- NA
values[cohort$site == "c" & cohort$sex == "M", 5] <- NA         # an empty cell
values[cohort$Age > 45, 6] <- NA
values[cohort$site == "c", 7] <- NA                             # an empty level
values <- signif(values, 12)
write.csv(cohort, "cohort.csv", row.names = FALSE, quote = FALSE)
write.csv(values, "values.csv", row.names = FALSE, quote = FALSE, na = "")

# ---- what each package answers, per element ----
plain <- function(name) if (name == "(Intercept)") "Intercept" else name

tests_of <- function(estimate, se, df, level) {
  t <- estimate / se
  p <- 2 * pt(-abs(t), df)
  q <- qt(1 - (1 - level) / 2, df)
  list(estimate = estimate, std.error = se, statistic = t, p.value = p, conf.low = estimate - q * se, conf.high = estimate + q * se)
}

# F of a set of columns, type II: the models with and without them, both without the terms that contain any of them.
compare_models <- function(fit, terms) {
  labels <- attr(terms(fit), "term.labels"); factors <- attr(terms(fit), "factors")
  variables <- lapply(labels, function(l) rownames(factors)[factors[, l] > 0])
  contains <- sapply(seq_along(labels), function(o) !(labels[o] %in% terms) &&
    any(sapply(match(terms, labels), function(t) all(variables[[t]] %in% variables[[o]]))))
  assign <- fit$qr$assign; if (is.null(assign)) assign <- fit$assign
  X <- model.matrix(fit); y <- model.response(model.frame(fit)); w <- weights(fit); if (is.null(w)) w <- rep(1, nrow(X))
  keep <- w > 0; X <- X[keep, , drop = FALSE] * sqrt(w[keep]); y <- y[keep] * sqrt(w[keep])
  tested <- fit$assign %in% match(terms, labels); out <- fit$assign %in% which(contains)
  rss <- function(cols) { q <- qr(X[, cols, drop = FALSE], tol = 1e-7); list(rss = if (any(cols)) sum(qr.resid(q, y)^2) else sum(y^2), rank = if (any(cols)) q$rank else 0) }
  large <- rss(!out); small <- rss(!out & !tested)
  r <- large$rank - small$rank
  if (r == 0) return(list(F = NaN, r = NaN))
  list(F = (small$rss - large$rss) / r / (deviance(fit) / df.residual(fit)), r = r)
}

element <- function(case, k) {
  d <- cohort; d$y <- values[, k]
  d <- d[!is.na(d$y), ]      # as ModelArray: poly and ns are built from the element's own rows
  d$site <- if (isTRUE(case$emptyLevel)) factor(d$site, levels = c("a", "b", "c", "d")) else d$site
  sumCoded <- NULL
  f <- as.formula(paste("y ~", case$formula))
  # sandwich does not handle weights of 0: these rows are not in the fit.
  if (!is.null(case$se) && !is.null(case$weights)) d <- d[d[[case$weights]] > 0, ]
  w <- if (is.null(case$weights)) NULL else d[[case$weights]]
  d$.w <- w
  coding <- lapply(case$coding, identity)
  make <- function(data, coding) {
    if (is.null(w)) lm(f, data, contrasts = if (length(coding)) coding else NULL)
    else lm(f, data, weights = .w, contrasts = if (length(coding)) coding else NULL)
  }
  fit <- make(d, coding)
  df <- df.residual(fit); level <- if (is.null(case$level)) 0.95 else case$level
  b <- coef(fit); ok <- !is.na(b)
  V <- vcov(fit, complete = FALSE)
  R <- V
  if (!is.null(case$se)) R <- vcovHC(fit, type = case$se)
  if (!is.null(case$cluster)) {
    cl <- factor(d[[case$cluster]])
    R <- vcovCR(fit, cluster = cl, type = "CR2")
  }
  out <- list()
  add <- function(name, stat, value) out[[paste0(name, ".", stat)]] <<- value
  effects <- function(name, L) {
    # L: one weight per coefficient
    est <- if (all(ok)) TRUE else is.estble(L, nonest.basis(fit), 1e-8)
    s <- c("estimate", "std.error", "statistic", "p.value")
    if (isTRUE(case$effects)) s <- c(s, "conf.low", "conf.high")
    if (!est) { for (x in s) add(name, x, NaN); if (isTRUE(case$effects)) for (x in c("partial.rsq", "partial.r", "cohens.f2")) add(name, x, NaN); return(invisible()) }
    l <- L[ok]
    if (!is.null(case$cluster)) {
      # linear_contrast fails with weights, so the test of one row gives its degrees of freedom.
      wt <- Wald_test(fit, constraints = matrix(l, 1), vcov = R, test = "HTZ")
      v <- tests_of(sum(l * b[ok]), sqrt(drop(l %*% as.matrix(R) %*% l)), wt$df_denom, level)
      stopifnot(abs(v$statistic^2 - wt$Fstat) < 1e-9 * wt$Fstat, abs(v$p.value - wt$p_val) < 1e-9)
      add(name, "df", wt$df_denom)
    } else if (all(ok)) {
      g <- glht(fit, linfct = matrix(L, 1), vcov. = R, df = df)
      t <- summary(g, test = univariate())$test
      ci <- confint(g, level = level, calpha = univariate_calpha())$confint
      # multcomp computes p as 1 - P(|T| < t): small ones have no correct digit.
      p <- 2 * pt(-abs(unname(t$tstat)), df); stopifnot(abs(p - t$pvalues[1]) < 1e-13)
      v <- list(estimate = unname(t$coefficients), std.error = unname(t$sigma), statistic = unname(t$tstat), p.value = p,
                conf.low = ci[1, "lwr"], conf.high = ci[1, "upr"])
    } else v <- tests_of(sum(l * b[ok]), sqrt(drop(l %*% R %*% l)), df, level)
    for (x in s) add(name, x, unname(v[[x]]))
    if (isTRUE(case$effects)) {
      t <- sum(l * b[ok]) / sqrt(drop(l %*% V %*% l))
      add(name, "partial.r", t_to_r(t, df, ci = NULL)$r)
      add(name, "partial.rsq", t_to_eta2(t, df, ci = NULL)$Eta2_partial)
      f2 <- t^2 / df; stopifnot(abs(t_to_f2(t, df, ci = NULL)[[1]] - f2) < 1e-6 * f2)   # from R^2 / (1 - R^2), which cancels
      add(name, "cohens.f2", f2)
    }
  }
  for (c in names(b)) {
    L <- setNames(as.numeric(names(b) == c), names(b))
    if (is.na(b[c])) { for (x in c("estimate", "std.error", "statistic", "p.value")) add(plain(c), x, NaN); next }
    # R reports the coefficient of the columns that are left.
    save <- ok; keep <- ok
    if (all(ok)) effects(plain(c), L)
    else { l <- L[ok]; v <- tests_of(b[[c]], sqrt(drop(l %*% R %*% l)), df, level); for (x in c("estimate", "std.error", "statistic", "p.value")) add(plain(c), x, unname(v[[x]])) }
  }
  if (isTRUE(case$effects) && all(ok) && attr(terms(fit), "intercept") == 1) {
    sp <- suppressMessages(standardize_parameters(fit, method = "basic", ci = NULL))
    for (r in seq_len(nrow(sp))) if (sp$Parameter[r] != "(Intercept)") add(sp$Parameter[r], "std.estimate", sp$Std_Coefficient[r])
  }
  for (name in names(case$contrasts)) {
    L <- setNames(numeric(length(b)), names(b)); for (c in names(case$contrasts[[name]])) L[c] <- case$contrasts[[name]][[c]]
    effects(name, L)
    if (isTRUE(case$effects) && name %in% case$differences) add(name, "cohens.d", sum(L[ok] * b[ok]) / sigma(fit))
  }
  if (isTRUE(case$effects) && !is.null(case$pairs) && all(ok)) {
    # emmeans' own answer for the difference of two levels
    em <- emmeans(fit, case$pairs$factor); e <- as.data.frame(eff_size(em, sigma = sigma(fit), edf = df))
    add(case$pairs$name, "cohens.d", e$effect.size[e$contrast == case$pairs$contrast])
  }
  Ftest <- function(name, terms) {
    if (!is.null(case$type) && case$type == "III") {
      sums <- lapply(setNames(nm = names(which(sapply(model.frame(fit), function(x) is.character(x) || is.factor(x))))), function(x) "contr.sum")
      s <- make(d, sums)
      if (any(is.na(coef(s)))) return(invisible())
      if (length(terms) == 1 && is.null(case$se)) { a <- Anova(s, type = 3); F <- a[terms, "F value"]; r <- a[terms, "Df"] }
      else {
        labels <- attr(terms(s), "term.labels"); C <- diag(length(coef(s)))[s$assign %in% match(terms, labels), , drop = FALSE]
        h <- linearHypothesis(s, C, vcov. = if (is.null(case$se)) vcov(s) else vcovHC(s, type = case$se)); F <- h$F[2]; r <- h$Df[2]
      }
    } else if (!is.null(case$se)) {
      if (length(terms) > 1) stop("robust sets")
      a <- suppressMessages(Anova(fit, type = 2, vcov. = R, singular.ok = TRUE)); F <- a[terms, "F"]; r <- a[terms, "Df"]
    } else if (length(terms) == 1 && all(ok)) { a <- Anova(fit, type = 2); F <- a[terms, "F value"]; r <- a[terms, "Df"] }
    else { m <- compare_models(fit, terms); F <- m$F; r <- m$r }
    add(name, "F.statistic", F); add(name, "F.df1", r); add(name, "F.df2", df); add(name, "F.p.value", pf(F, r, df, lower.tail = FALSE))
    if (isTRUE(case$effects) && is.null(case$se)) {
      add(name, "F.partial.rsq", if (is.nan(r)) NaN else F_to_eta2(F, r, df, ci = NULL)$Eta2_partial)
      add(name, "F.cohens.f2", if (is.nan(r)) NaN else F_to_f2(F, r, df, ci = NULL)[[1]])
    }
  }
  for (text in names(case$ftests)) Ftest(text, case$ftests[[text]])
  for (text in names(case$joint)) {
    C <- t(sapply(case$joint[[text]], function(n) { L <- setNames(numeric(length(b)), names(b)); for (c in names(case$contrasts[[n]])) L[c] <- case$contrasts[[n]][[c]]; L }))
    if (all(ok)) { h <- linearHypothesis(fit, C, vcov. = R); F <- h$F[2]; r <- h$Df[2] } else { F <- NaN; r <- NaN }
    add(text, "F.statistic", F); add(text, "F.df1", r); add(text, "F.df2", df); add(text, "F.p.value", pf(F, r, df, lower.tail = FALSE))
  }
  out
}

oy <- list("old-young" = list(groupold = 1, groupyoung = -1))
cases <- list()
case <- function(id, formula, ...) cases[[id]] <<- list(formula = formula, ...)
case("two_levels", "sex + Age", contrasts = list(c = list(sexM = 1)), differences = "c", ftests = list(sex = "sex"), effects = TRUE)
case("three_levels", "group + Age", contrasts = oy, differences = "old-young", ftests = list(group = "group", Age = "Age"), effects = TRUE,
     pairs = list(factor = "group", name = "old-young", contrast = "old - young"))
case("three_levels_90", "group + Age", contrasts = oy, differences = "old-young", effects = TRUE, level = 0.9)
case("mean_at_age", "group + Age", contrasts = list(m = list("(Intercept)" = 1, groupold = 1/3, groupyoung = 1/3, Age = 40)))
case("many", "group + sex + site + Age + motion", contrasts = list(
  a = list(groupold = 1, groupyoung = -1), b = list(siteb = 1, sitec = -1), c = list(Age = 10, motion = -2)),
  differences = c("a", "b"), ftests = list(group = "group", site = "site", "group+site" = c("group", "site"), sex = "sex"), joint = list(ab = c("a", "b")), effects = TRUE)
case("two_way", "sex * Age", contrasts = list(slopeM = list(Age = 1, "sexM:Age" = 1)), ftests = list(sex = "sex", Age = "Age", "sex:Age" = "sex:Age"), effects = TRUE)
case("factors", "site * sex", contrasts = list(cM = list(sitec = 1, "sitec:sexM" = 1)), ftests = list(site = "site", sex = "sex", "site:sex" = "site:sex"))
case("factors_set", "site * sex + Age", ftests = list("site+site:sex" = c("site", "site:sex"), "Age+sex" = c("Age", "sex")))
case("factors_III", "site * sex", type = "III", ftests = list(site = "site", sex = "sex", "site:sex" = "site:sex"))
case("factors_III_set", "site * sex + Age", type = "III", ftests = list("site+site:sex" = c("site", "site:sex"), Age = "Age"))
case("factors_III_sum", "site * sex", type = "III", coding = list(site = "contr.sum", sex = "contr.sum"), ftests = list(site = "site", sex = "sex"))
case("factors_III_helmert", "site * sex * Age", type = "III", coding = list(site = "contr.helmert"), ftests = list(site = "site", "site:Age" = "site:Age", Age = "Age"))
case("covariate_III", "group * Age + sex", type = "III", ftests = list(group = "group", Age = "Age", "group:Age" = "group:Age", sex = "sex"), effects = TRUE)
case("covariate_II", "group * Age + sex", ftests = list(group = "group", Age = "Age", "group:Age" = "group:Age", sex = "sex"), effects = TRUE)
case("three_way", "site * sex * Age", ftests = list(site = "site", "site:sex" = "site:sex", "site:sex:Age" = "site:sex:Age", sex = "sex"))
case("three_way_III", "site * sex * Age", type = "III", ftests = list(site = "site", "site:sex" = "site:sex", "site:sex:Age" = "site:sex:Age", sex = "sex"))
case("sum_coding", "group + site", coding = list(group = "contr.sum", site = "contr.sum"), contrasts = list(x = list(group1 = 1, group2 = -1), mid = list(group1 = 1)),
     differences = "x", ftests = list(group = "group"), effects = TRUE)
case("helmert", "group + sex", coding = list(group = "contr.helmert"), contrasts = list(x = list(group1 = 2)), differences = "x", ftests = list(group = "group"), effects = TRUE)
case("polynomial", "poly(Age, 3) + sex", contrasts = list(x = list("poly(Age, 3)1" = 1, "poly(Age, 3)2" = -0.5)), ftests = list("poly(Age, 3)" = "poly(Age, 3)"), effects = TRUE)
case("raw_square", "Age + I(Age^2) + sex", contrasts = list(at50 = list(Age = 1, "I(Age^2)" = 100)), ftests = list("I(Age^2)" = "I(Age^2)", "Age+I(Age^2)" = c("Age", "I(Age^2)")), effects = TRUE)
case("spline", "splines::ns(Age, df = 4) + sex", ftests = list("splines::ns(Age, df = 4)" = "splines::ns(Age, df = 4)"))
case("no_intercept", "0 + group", contrasts = list("old-young" = list(groupold = 1, groupyoung = -1)), differences = "old-young", ftests = list(group = "group"), effects = TRUE)
case("no_intercept_age", "0 + group + Age", contrasts = list("old-young" = list(groupold = 1, groupyoung = -1)), ftests = list(group = "group", Age = "Age"))
case("weights", "group + Age", weights = "w", contrasts = oy, differences = "old-young", ftests = list(group = "group", Age = "Age"), effects = TRUE)
case("weights_interaction", "site * sex + Age", weights = "w", contrasts = list(x = list(sitec = 1, siteb = -1)), ftests = list(site = "site", "site:sex" = "site:sex"))
case("weights_III", "site * sex + Age", weights = "w", type = "III", ftests = list(site = "site", sex = "sex", Age = "Age"))
case("zero_weights", "group + Age", weights = "w0", contrasts = oy, differences = "old-young", ftests = list(group = "group"))
case("aliased", "Age + half + sex", contrasts = list(sexM. = list(sexM = 1), age = list(Age = 1), both = list(Age = 2, half = 1)), ftests = list(sex = "sex", Age = "Age", "Age+half" = c("Age", "half")), effects = TRUE)
case("aliased_nested", "site + clinic", contrasts = list(x = list(clinica1 = 1), y = list(sitec = 1, siteb = -1)), ftests = list(clinic = "clinic", site = "site", "site+clinic" = c("site", "clinic")), effects = TRUE)
case("aliased_weights", "Age + half + group", weights = "w", contrasts = oy, differences = "old-young", ftests = list(group = "group", half = "half"))
case("empty_level", "site + Age", emptyLevel = TRUE, contrasts = list(x = list(siteb = 1, sitec = -1)), differences = "x", ftests = list(site = "site"), effects = TRUE)
for (h in c("HC0", "HC1", "HC2", "HC3", "HC4")) {
  case(paste0("robust_", h), "group + Age + sex", se = h, contrasts = oy, differences = "old-young", ftests = list(group = "group", Age = "Age"), effects = TRUE)
  case(paste0("robust_weights_", h), "group + Age", se = h, weights = "w", contrasts = oy, ftests = list(group = "group"))
}
case("robust_interaction", "site * Age", se = "HC3", contrasts = list(x = list(siteb = 1, "siteb:Age" = 40)), ftests = list(site = "site", "site:Age" = "site:Age"), joint = list())
case("robust_III", "site * Age", se = "HC3", type = "III", ftests = list(site = "site", "site:Age" = "site:Age"))
case("robust_joint", "group + site", se = "HC2", contrasts = list(a = list(groupold = 1), b = list(siteb = 1, sitec = -1)), joint = list(ab = c("a", "b")))
case("robust_zero_weights", "group + Age", se = "HC3", weights = "w0", contrasts = oy)
case("robust_aliased", "Age + half + sex", se = "HC3", contrasts = list(m = list(sexM = 1), both = list(Age = 2, half = 1)))
case("cluster", "group + Age", cluster = "family", contrasts = oy, differences = "old-young", effects = TRUE)
case("cluster_weights", "group + Age", cluster = "family", weights = "w", contrasts = oy)
case("cluster_interaction", "sex * Age + site", cluster = "family", contrasts = list(slopeM = list(Age = 1, "sexM:Age" = 1)))
case("cluster_site", "sex + Age", cluster = "site", contrasts = list(x = list(sexM = 1, Age = 10)))

answers <- lapply(names(cases), function(id) {
  case <- cases[[id]]
  rows <- lapply(1:7, function(k) {
    usesSite <- grepl("site|clinic", case$formula)
    if (k == 7 && usesSite) return(NULL)
    if (k == 6 && FALSE) return(NULL)
    tryCatch(element(case, k), error = function(e) stop(id, " element ", k, ": ", conditionMessage(e)))
  })
  names <- unique(unlist(lapply(rows, names)))
  # null: NaN; "?": R's packages give no value for this element.
  expected <- lapply(setNames(nm = names), function(n) lapply(rows, function(r)
    unbox(if (is.null(r)) NA_real_ else if (is.null(r[[n]])) "?" else if (is.na(r[[n]])) NA_real_ else unname(r[[n]]))))
  list(id = unbox(id), formula = unbox(case$formula),
       weights = unbox(if (is.null(case$weights)) NA else case$weights), se = unbox(if (is.null(case$se)) NA else case$se),
       cluster = unbox(if (is.null(case$cluster)) NA else case$cluster), type = unbox(if (is.null(case$type)) "II" else case$type),
       effects = unbox(isTRUE(case$effects)), level = unbox(if (is.null(case$level)) 0.95 else case$level), emptyLevel = unbox(isTRUE(case$emptyLevel)),
       coding = lapply(case$coding, unbox), contrasts = lapply(case$contrasts, function(c) lapply(c, unbox)),
       ftests = case$ftests, joint = case$joint, expected = expected)
})
writeLines(toJSON(answers, digits = I(15), na = "null", pretty = FALSE), "cases.json")
cat(length(answers), "cases\n")
