# Writes many.json: models of thousands of groups by lme4, at an optimum polished by Newton steps. The data are those of ManyGroups.cs, from the
# same generator. Run in this folder: Rscript make_many.R.
suppressMessages({ library(lme4); library(jsonlite) })
quiet <- function(expression) suppressMessages(suppressWarnings(expression))
state <- 1
uniform <- function() { state <<- (16807 * state) %% 2147483647; state / 2147483647 }
bell <- function() { a <- uniform(); b <- uniform(); c <- uniform(); d <- uniform(); ((a + b) + (c + d)) - 2 }
make <- function(seed, groups, smallest, largest, sites) {
  state <<- seed
  site_effects <- numeric(sites)
  for (s in seq_len(sites)) site_effects[s] <- bell()
  n <- 0
  id <- site <- integer(groups * largest)
  x <- y <- numeric(groups * largest)
  for (g in seq_len(groups)) {
    size <- smallest + floor(uniform() * (largest - smallest + 1))
    s <- 1 + floor(uniform() * sites)
    level <- bell()
    slope <- bell()
    for (r in seq_len(size)) {
      n <- n + 1
      id[n] <- g; site[n] <- s
      x[n] <- uniform() * 4
      y[n] <- 0.5 + 0.3 * x[n] + level + 0.25 * slope * x[n] + 0.5 * site_effects[s] + bell()
    }
  }
  data.frame(id = factor(id[1:n]), site = factor(site[1:n]), x = x[1:n], y = y[1:n])
}
result <- list()
one <- function(seed, groups, smallest, largest, sites, formula, reml = TRUE) {
  data <- make(seed, groups, smallest, largest, sites)
  at <- function(control, start) quiet(lmer(as.formula(formula), data, REML = reml, control = control, start = start))
  fit <- at(lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, optCtrl = list(rhobeg = 0.05, rhoend = 1e-9)), NULL)
  criterion <- update(fit, devFunOnly = TRUE)
  theta <- unname(getME(fit, "theta"))
  for (step in 1:3) theta <- theta - solve(numDeriv::hessian(criterion, theta), numDeriv::grad(criterion, theta))
  fit <- at(lmerControl(optimizer = NULL, calc.derivs = FALSE), theta)
  deviations <- as.data.frame(VarCorr(fit))
  result[[length(result) + 1]] <<- list(
    seed = seed, groups = groups, smallest = smallest, largest = largest, sites = sites, formula = formula, reml = reml, rows = nrow(data),
    estimate = unname(fixef(fit)), error = unname(sqrt(diag(as.matrix(vcov(fit))))), logLik = as.numeric(logLik(fit)),
    names = ifelse(is.na(deviations$var1), "Residual.sd__Observation", paste0(deviations$grp, ifelse(is.na(deviations$var2), ".sd__", ".cor__"),
                   deviations$var1, ifelse(is.na(deviations$var2), "", paste0(".", deviations$var2)))), deviations = deviations$sdcor)
}
one(11, 2000, 1, 4, 1, "y ~ x + (1 | id)")
one(12, 2000, 1, 4, 1, "y ~ x + (1 | id)", FALSE)
one(13, 5000, 2, 2, 1, "y ~ x + (1 | id)")
one(14, 5000, 1, 2, 1, "y ~ x + (1 | id)")
one(15, 2000, 1, 4, 1, "y ~ x + (x | id)")
one(16, 2000, 1, 3, 12, "y ~ x + (1 | id) + (1 | site)")
one(17, 5000, 2, 2, 12, "y ~ x + (1 | id) + (1 | site)", FALSE)
write_json(result, "many.json", digits = NA, auto_unbox = TRUE)
