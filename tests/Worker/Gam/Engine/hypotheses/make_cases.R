# F tests of parametric terms (mgcv's anova of a gam), contrasts, confidence limits and effect sizes, with the data of tests/Worker/Linear/hypotheses.
# Debian 12, mgcv 1.8-41. Rscript make_cases.R writes cases.json into the current folder.
suppressMessages({ library(mgcv); library(jsonlite) })
folder <- "../../../Linear/hypotheses"
cohort <- read.csv(file.path(folder, "cohort.csv"), stringsAsFactors = TRUE)
values <- as.matrix(read.csv(file.path(folder, "values.csv")))
elements <- c(1, 2, 3)
one <- function(formula, method, weights, contrasts, k, coding, family) {
  d <- cohort; d$y <- values[, k]; d <- d[!is.na(d$y), ]
  for (f in names(coding)) contrasts(d[[f]]) <- coding[[f]]
  d$.w <- if (is.null(weights)) 1 else d[[weights]]
  response <- if (is.null(family)) "y ~" else "abs(y) + 1 ~"
  fit <- gam(as.formula(paste(response, formula)), data = d, weights = .w, method = method, family = if (is.null(family)) gaussian() else family,
    control = gam.control(epsilon = 1e-12, mgcv.tol = 1e-12, newton = list(conv.tol = 1e-12)))   # its default stops at 1e-6
  a <- anova(fit); out <- list(); b <- coef(fit); V <- vcov(fit); df <- fit$df.residual
  for (t in rownames(a$pTerms.table)) {
    out[[paste0(t, ".F.statistic")]] <- a$pTerms.table[t, "F"]
    out[[paste0(t, ".F.df1")]] <- a$pTerms.table[t, "df"]
    out[[paste0(t, ".F.p.value")]] <- a$pTerms.table[t, "p-value"]
    squares <- a$pTerms.table[t, "F"] * a$pTerms.table[t, "df"]
    if (is.null(family)) out[[paste0(t, ".F.partial.rsq")]] <- squares / (squares + df)
    if (is.null(family)) out[[paste0(t, ".F.cohens.f2")]] <- squares / df
  }
  for (name in names(contrasts)) {
    L <- setNames(numeric(length(b)), names(b)); for (c in names(contrasts[[name]])) L[c] <- contrasts[[name]][[c]]
    e <- sum(L * b); se <- sqrt(drop(L %*% V %*% L))
    out[[paste0(name, ".estimate")]] <- e; out[[paste0(name, ".std.error")]] <- se
    out <- c(out, effects(name, e, se, df, family, sqrt(fit$sig2)))
    out[[paste0(name, ".statistic")]] <- e / se; out[[paste0(name, ".p.value")]] <- 2 * pt(-abs(e / se), df)
  }
  if (length(coding)) return(out)   # whose coefficients have other names
  second <- names(b)[2]
  c(out, effects(second, b[[2]], sqrt(V[2, 2]), df, family, if (grepl("^group", second)) sqrt(fit$sig2)))
}
effects <- function(name, e, se, df, family, sigma) {
  t <- e / se; limits <- e + qt(c(0.05, 0.95), df) * se
  out <- c(list(conf.low = limits[1], conf.high = limits[2]),
    if (is.null(family)) list(partial.rsq = t^2 / (t^2 + df), partial.r = sign(t) * sqrt(t^2 / (t^2 + df)), cohens.f2 = t^2 / df)
    else list(exp.estimate = exp(e), exp.conf.low = exp(limits[1]), exp.conf.high = exp(limits[2])),
    if (is.null(family) && !is.null(sigma) && grepl("group|old", name)) list(cohens.d = e / sigma))
  setNames(out, paste0(name, ".", names(out)))
}
case <- function(id, formula, method, tests, contrasts = list(), weights = NULL, type = "II", coding = list(), family = NULL) {
  rows <- lapply(elements, function(k) one(formula, method, weights, contrasts, k, coding, family))
  list(id = unbox(id), formula = unbox(formula), method = unbox(method), weights = unbox(if (is.null(weights)) NA else weights), type = unbox(type), hasFamily = unbox(!is.null(family)),
       tests = tests, contrasts = lapply(contrasts, function(c) lapply(c, unbox)),
       expected = lapply(setNames(nm = names(rows[[1]])), function(n) sapply(rows, function(r) unname(r[[n]]))))
}
oy <- list("old-young" = list(groupold = 1, groupyoung = -1))
cases <- list(
  case("reml", "group + sex + s(Age, k = 5)", "REML", c("group", "sex"), oy),
  case("gcv", "group + s(Age, k = 5)", "GCV.Cp", "group", oy),
  case("weights", "site + motion + s(Age, k = 4)", "REML", c("site", "motion"), list(x = list(siteb = 1, sitec = -1)), "w"),
  case("no_smooth", "group + Age", "REML", c("group", "Age"), oy),
  case("type_III", "site * sex + s(Age, k = 4)", "REML", c("site", "sex", "site:sex"), list(), NULL, "III",
       list(site = "contr.sum", sex = "contr.sum")),
  case("gamma", "group + s(Age, k = 4)", "REML", "group", oy, family = Gamma(link = "log")))
writeLines(toJSON(cases, digits = I(15), na = "null"), "cases.json")
