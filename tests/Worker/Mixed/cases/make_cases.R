# Writes cohort.csv, values.csv and cases.json: mixed models by lme4, lmerTest and performance, with a tightened optimiser.
# Run in this folder: Rscript make_cases.R. Made with the versions that cases.json names.
suppressMessages({ library(lmerTest); library(performance); library(jsonlite) })
set.seed(20261129)
people <- 40
sessions <- c(rep(1, 6), rep(2, 14), rep(3, 12), rep(5, 8))
id <- rep(sprintf("p%02d", seq_len(people)), sessions)
n <- length(id)
order <- sample(n)
base <- runif(people, 8, 20)
cohort <- data.frame(
  source_file = sprintf("s%03d", seq_len(n)),
  id = id,
  visit = ave(seq_len(n), id, FUN = seq_along),
  Age = round(base[match(id, unique(id))] + ave(seq_len(n), id, FUN = seq_along) * 1.3 + rnorm(n, 0, 0.2), 3),
  sex = rep(sample(c("F", "M"), people, TRUE), sessions),
  arm = rep(sample(c("a", "b", "c"), people, TRUE), sessions),
  site = rep(sample(c("s1", "s2", "s3", "s4", "s5"), people, TRUE), sessions),
  w = round(runif(n, 0.2, 4), 3),
  o = round(rnorm(n, 0, 0.5), 3),
  pair = rep(seq_len(ceiling(n / 2)), each = 2)[seq_len(n)],
  qc = sample(c(0, 1), n, TRUE, c(0.15, 0.85))
)[order, ]
cohort$source_file <- sprintf("s%03d", seq_len(n))
cohort$motion <- round(rexp(n), 3)
cohort$motion[c(4, 30)] <- NA
cohort$idm <- cohort$id
cohort$idm[c(7, 50)] <- NA
effect <- function(g, sd) { u <- rnorm(length(unique(g)), 0, sd); u[match(g, unique(g))] }
x <- with(cohort, 0.4 + 0.02 * Age + 0.1 * (sex == "M"))
values <- cbind(
  x + effect(cohort$id, 0.3) + rnorm(n, 0, 0.3),
  x + effect(cohort$id, 1.0) + rnorm(n, 0, 0.1),
  x + rnorm(n, 0, 0.4),                                        # often singular
  1000 + 50 * (x + effect(cohort$id, 0.1) + rnorm(n, 0, 0.5)),
  x + effect(cohort$site, 0.3) + effect(cohort$id, 0.2) + rnorm(n, 0, 0.3),
  x + effect(cohort$id, 0.5) + rnorm(n, 0, 0.3),               # missing subjects
  1e-3 * (x + effect(cohort$pair, 0.2) + rt(n, 3) * 0.2)
)
values <- signif(values, 9)
values[sample(n, 17), 6] <- NaN
write.csv(cohort, "cohort.csv", row.names = FALSE, quote = FALSE)
write.table(format(values, digits = 17), "values.csv", sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
cohort <- read.csv("cohort.csv", stringsAsFactors = FALSE)
values <- as.matrix(read.csv("values.csv", header = FALSE))

control <- lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore",
                       optCtrl = list(rhobeg = 2e-3, rhoend = 1e-12, maxfun = 1e5))
# Newton's steps with numerical derivatives: bobyqa compares criteria, which near their minimum differ by less than their rounding errors.
polish <- function(fit, at) {
  theta <- unname(getME(fit, "theta"))
  if (theta < 0.01) return(fit)
  criterion <- update(fit, devFunOnly = TRUE)
  for (step in 1:3) theta <- theta - numDeriv::grad(criterion, theta) / c(numDeriv::hessian(criterion, theta))
  at(theta)
}
distances <- NULL
fits <- list()
fit_case <- function(key, formula, reml = TRUE, weights = NULL, subset = NULL, random = "id") {
  expected <- list()
  put <- function(name, e, value) {
    if (is.null(expected[[name]])) expected[[name]] <<- rep(NA_real_, ncol(values))
    expected[[name]][e] <<- value
  }
  for (e in seq_len(ncol(values))) {
    data <- cohort
    data$y <- values[, e]
    data <- data[is.finite(data$y), ]
    # As an argument, so that functions such as poly() are evaluated before the subset is taken, as in hpcfit.
    data$.keep <- if (is.null(subset)) TRUE else eval(parse(text = subset), data)
    if (!is.null(weights)) data$.w <- data[[weights]] else data$.w <- 1
    starts <- lapply(c(0.02, 0.3, 1, 4), function(theta)
      suppressMessages(suppressWarnings(lmerTest::lmer(as.formula(paste("y ~", formula)), data, REML = reml, weights = .w, subset = .keep,
                                                       control = control, start = theta))))
    fit <- starts[[which.min(sapply(starts, function(f) -2 * as.numeric(logLik(f))))]]
    found <- fit
    fit <- polish(fit, function(theta) suppressMessages(suppressWarnings(lmerTest::lmer(
      as.formula(paste("y ~", formula)), data, REML = reml, weights = .w, subset = .keep, start = theta,
      control = lmerControl(optimizer = NULL, calc.derivs = FALSE, check.conv.singular = "ignore")))))
    distances <<- rbind(distances, c(getME(found, "theta") / getME(fit, "theta") - 1, logLik(found) - logLik(fit)))
    table <- suppressMessages(coef(summary(fit)))
    for (r in rownames(table)) {
      name <- if (r == "(Intercept)") "Intercept" else r
      put(paste0(name, ".estimate"), e, table[r, "Estimate"])
      put(paste0(name, ".std.error"), e, table[r, "Std. Error"])
      put(paste0(name, ".df"), e, table[r, "df"])
      put(paste0(name, ".statistic"), e, table[r, "t value"])
      put(paste0(name, ".p.value"), e, table[r, "Pr(>|t|)"])
    }
    theta <- unname(getME(fit, "theta"))
    sigma <- sigma(fit)
    put(paste0(random, ".sd__(Intercept)"), e, theta * sigma)
    put("Residual.sd__Observation", e, sigma)
    put("model.logLik", e, as.numeric(logLik(fit)))
    put("model.AIC", e, AIC(fit))
    put("model.BIC", e, BIC(fit))
    put("model.sigma", e, sigma)
    put("model.nobs", e, nobs(fit))
    put("model.singular", e, as.numeric(theta < 1e-4))
    put(paste0(random, ".ngroups"), e, unname(ngrps(fit)))
    tau2 <- (theta * sigma)^2
    put("model.icc", e, tau2 / (tau2 + sigma^2))
    if (theta > 1e-3) {
      r2 <- suppressWarnings(performance::r2_nakagawa(fit, tolerance = 1e-12))
      put("model.r2.marginal", e, unname(r2$R2_marginal))
      put("model.r2.conditional", e, unname(r2$R2_conditional))
    }
  }
  fits[[key]] <<- list(formula = formula, reml = reml, weights = weights, subset = subset, random = random, expected = expected)
}
fixed <- c(intercept = "1", age = "Age", age_sex = "Age + sex", interaction = "Age * sex", arms = "Age + arm + sex",
           poly = "poly(Age, 2) + sex", no_intercept = "0 + arm + Age", within = "visit + Age", missing = "Age + motion",
           site = "Age + site", log = "log(Age) * arm", offset = "Age + offset(o)")
for (name in names(fixed)) {
  fit_case(name, paste(fixed[[name]], "+ (1 | id)"))
  fit_case(paste0(name, "_ml"), paste(fixed[[name]], "+ (1 | id)"), reml = FALSE)
  fit_case(paste0(name, "_weights"), paste(fixed[[name]], "+ (1 | id)"), weights = "w")
  fit_case(paste0(name, "_subset"), paste(fixed[[name]], "+ (1 | id)"), subset = "qc == 1")
}
fit_case("site_groups", "Age + sex + (1 | site)", random = "site")
fit_case("site_groups_ml", "Age + sex + (1 | site)", FALSE, random = "site")
fit_case("site_groups_weights", "Age + sex + (1 | site)", weights = "w", random = "site")
fit_case("pairs", "Age + sex + (1 | pair)", random = "pair")
fit_case("pairs_ml", "Age + sex + (1 | pair)", FALSE, random = "pair")
fit_case("pairs_weights", "Age + sex + (1 | pair)", weights = "w", random = "pair")
fit_case("crossed_name", "Age + sex + (1 | site:arm)", random = "site:arm")
fit_case("crossed_name_ml", "Age + sex + (1 | site:arm)", FALSE, random = "site:arm")
fit_case("missing_group", "Age + sex + (1 | idm)", random = "idm")
fit_case("missing_group_ml", "Age + sex + (1 | idm)", FALSE, weights = "w", random = "idm")
fit_case("visits", "Age + sex + (1 | visit)", random = "visit")
fit_case("weights_ml", "Age * sex + (1 | id)", FALSE, weights = "w", subset = "qc == 1")
versions <- sapply(c("lme4", "lmerTest", "performance"), function(p) as.character(packageVersion(p)))
cat("bobyqa and the polished optimum differ by at most a relative", max(abs(distances[, 1]), na.rm = TRUE), "in theta (median",
    median(abs(distances[, 1]), na.rm = TRUE), "), and log-likelihoods of bobyqa are larger by at most", max(distances[, 2]), "and smaller by",
    -min(distances[, 2]), "\n")
write_json(list(R = R.version.string, versions = as.list(versions), cases = fits), "cases.json", digits = NA, auto_unbox = TRUE,
           na = "null", null = "null")
