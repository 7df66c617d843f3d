# F tests of parametric terms (mgcv's anova of a gam) and contrasts, with the data of tests/Worker/Linear/hypotheses.
# Debian 12, mgcv 1.8-41. Rscript make_cases.R writes cases.json into the current folder.
suppressMessages({ library(mgcv); library(jsonlite) })
folder <- "../../../Linear/hypotheses"
cohort <- read.csv(file.path(folder, "cohort.csv"), stringsAsFactors = TRUE)
values <- as.matrix(read.csv(file.path(folder, "values.csv")))
elements <- c(1, 2, 3)
one <- function(formula, method, weights, contrasts, k, coding) {
  d <- cohort; d$y <- values[, k]; d <- d[!is.na(d$y), ]
  for (f in names(coding)) contrasts(d[[f]]) <- coding[[f]]
  d$.w <- if (is.null(weights)) 1 else d[[weights]]
  fit <- gam(as.formula(paste("y ~", formula)), data = d, weights = .w, method = method,
    control = gam.control(epsilon = 1e-12, mgcv.tol = 1e-12, newton = list(conv.tol = 1e-12)))   # its default stops at 1e-6
  a <- anova(fit); out <- list(); b <- coef(fit); V <- vcov(fit); df <- fit$df.residual
  for (t in rownames(a$pTerms.table)) {
    out[[paste0(t, ".F.statistic")]] <- a$pTerms.table[t, "F"]
    out[[paste0(t, ".F.df1")]] <- a$pTerms.table[t, "df"]
    out[[paste0(t, ".F.p.value")]] <- a$pTerms.table[t, "p-value"]
  }
  for (name in names(contrasts)) {
    L <- setNames(numeric(length(b)), names(b)); for (c in names(contrasts[[name]])) L[c] <- contrasts[[name]][[c]]
    e <- sum(L * b); se <- sqrt(drop(L %*% V %*% L))
    out[[paste0(name, ".estimate")]] <- e; out[[paste0(name, ".std.error")]] <- se
    out[[paste0(name, ".statistic")]] <- e / se; out[[paste0(name, ".p.value")]] <- 2 * pt(-abs(e / se), df)
  }
  out
}
case <- function(id, formula, method, tests, contrasts = list(), weights = NULL, type = "II", coding = list()) {
  rows <- lapply(elements, function(k) one(formula, method, weights, contrasts, k, coding))
  list(id = unbox(id), formula = unbox(formula), method = unbox(method), weights = unbox(if (is.null(weights)) NA else weights), type = unbox(type),
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
       list(site = "contr.sum", sex = "contr.sum")))
writeLines(toJSON(cases, digits = I(15), na = "null"), "cases.json")
