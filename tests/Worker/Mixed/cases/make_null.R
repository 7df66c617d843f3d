# Writes null.json: quantiles of the likelihood ratio statistic of a random intercept without variance between groups, simulated by RLRsim, and
# the probability of 0. Designs of cohort.csv. Run in this folder: Rscript make_null.R.
suppressMessages({ library(RLRsim); library(jsonlite) })
set.seed(20261201)
cohort <- read.csv("cohort.csv", stringsAsFactors = FALSE)
draws <- 400000
at <- c(0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
one <- function(key, fixed, group, weights = NULL, rows = seq_len(nrow(cohort))) {
  data <- cohort[rows, ]
  root <- if (is.null(weights)) rep(1, nrow(data)) else sqrt(data[[weights]])
  # With prior weights the model is that of rows multiplied by their roots.
  X <- root * model.matrix(as.formula(paste("~", fixed)), data)
  Z <- root * model.matrix(~ 0 + factor(data[[group]]))
  of <- function(simulated) list(zero = mean(simulated < 1e-9), quantiles = as.list(unname(quantile(simulated, at))))
  list(key = key, fixed = fixed, group = group, weights = weights,
       restricted = of(RLRTSim(X, Z, qr(X), sqrt.Sigma = diag(ncol(Z)), nsim = draws, log.grid.hi = 9, gridlength = 400)),
       full = of(LRTSim(X, Z, q = 0, sqrt.Sigma = diag(ncol(Z)), nsim = draws, log.grid.hi = 9, gridlength = 400)))
}
designs <- list(one("participants", "Age + sex", "id"), one("few groups", "Age + sex", "site"), one("pairs", "Age * arm", "pair"),
                one("weights", "Age + sex", "id", "w"), one("few weighted", "poly(Age, 2)", "site", "w"), one("intercept", "1", "site"))
write_json(list(R = R.version.string, RLRsim = as.character(packageVersion("RLRsim")), draws = draws, at = at, designs = designs),
           "null.json", digits = 8, auto_unbox = TRUE, null = "null")
