# Writes cohort.csv, values.csv and cases.json: additive models with correlated random effects, which mgcv's gam does not have. The expected
# results are those of a dense twin: the columns and penalties of the smooths are mgcv's, those of the random effects are matrices of all groups,
# and every statistic is computed from its definition (Wood 2011; Wood, Pya and Saefken 2016), the tests of smooths by mgcv's own function. gamm4
# fits them for comparison. Run in this folder: Rscript make_cases.R.
suppressMessages({ library(mgcv); library(gamm4); library(jsonlite) })
set.seed(20261203)
people <- 40
visits <- sample(3:5, people, TRUE)
id <- rep(seq_len(people), visits)
n <- length(id)
site <- rep(1:8, length.out = people)
visit <- ave(id, id, FUN = seq_along) - 1
cohort <- data.frame(
  id = sprintf("p%02d", id), site = sprintf("s%d", site[id]), within = ((id - 1) %/% 8) + 1, visit = visit,
  time = round(visit * 1.4 + runif(n, 0, 0.6), 3),
  Age = round(runif(people, 8, 20)[id] + visit * 1.5 + rnorm(n, 0, 0.3), 3), dose = round(rnorm(n), 3),
  sex = sample(c("F", "M"), people, TRUE)[id], w = round(runif(n, 0.3, 3), 3))[sample(n), ]
cohort <- cbind(source_file = sprintf("s%03d", seq_len(n)), cohort)
write.csv(cohort, "cohort.csv", row.names = FALSE, quote = FALSE)
cohort <- read.csv("cohort.csv", stringsAsFactors = FALSE)
of <- function(g) match(g, unique(g))
pair <- function(g, sd0, sd1, r) {
  m <- length(unique(g))
  a <- rnorm(m); b <- r * a + sqrt(1 - r^2) * rnorm(m)
  (sd0 * a)[of(g)] + (sd1 * b)[of(g)] * cohort$visit
}
x <- 0.4 + 0.5 * sin(cohort$Age / 3) + 0.2 * (cohort$sex == "M")
values <- cbind(
  x + pair(cohort$id, 0.5, 0.3, 0.5) + rnorm(n, 0, 0.3),
  100 + 8 * (x + pair(cohort$id, 0.6, 0.3, -0.6) + pair(cohort$site, 0.3, 0.2, 0.3) + 0.1 * cohort$dose^2 + rnorm(n, 0, 0.4)),
  x + pair(cohort$id, 0.4, 0.25, 0.2) + pair(cohort$site, 0.4, 0.3, -0.5) + rnorm(n, 0, 0.25),
  x + rnorm(n, 0, 0.4),                                  # no random effects: singular
  x + pair(cohort$id, 0.5, 0.3, 0.4) + rnorm(n, 0, 0.3)  # missing subjects
)
values <- signif(values, 9)
values[sample(n, 14), 5] <- NaN
write.table(format(values, digits = 17, trim = TRUE), "values.csv", sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
values <- as.matrix(read.csv("values.csv", header = FALSE))

# The columns of a term, group by group, covariates standardised as hpcfit does: that determines what parameters of the search are.
term_columns <- function(groups, covariates, all_rows) {
  f <- factor(groups)
  slopes <- lapply(covariates, function(v) (v - mean(v)) / sqrt(mean((v - mean(v))^2)))
  each <- do.call(cbind, c(list(rep(1, length(groups))), slopes))
  Z <- matrix(0, length(groups), nlevels(f) * ncol(each))
  for (i in seq_along(groups)) Z[i, (as.integer(f)[i] - 1) * ncol(each) + seq_len(ncol(each))] <- each[i, ]
  scale <- vapply(covariates, function(v) sqrt(mean((v - mean(v))^2)), 0)
  centre <- vapply(covariates, mean, 0)
  M <- diag(c(1, 1 / scale), length(covariates) + 1)
  M[1, -1] <- -centre / scale
  list(Z = Z, q = ncol(each), levels = nlevels(f), M = M)
}
factor_of <- function(p, q) { # logs of lambda and entries below the diagonal, by rows
  L <- matrix(0, q, q); k <- 0
  for (i in seq_len(q)) for (j in seq_len(i)) { k <- k + 1; L[i, j] <- if (i == j) exp(-p[k] / 2) else p[k] }
  L
}
fit_twin <- function(fixed, terms, data, ml, weights) {
  w <- if (is.null(weights)) rep(1, nrow(data)) else data[[weights]]
  G <- gam(as.formula(paste("y ~", fixed)), data = data, method = "REML", fit = FALSE)
  parts <- lapply(terms, function(t) term_columns(data[[t$group]], data[t$covariates], data))
  # The eliminated factor, with the most columns, comes last.
  parts <- parts[order(sapply(parts, function(p) ncol(p$Z)))]
  # Those of other factors are columns of smooths: effect by effect.
  for (t in seq_len(length(parts) - 1)) parts[[t]]$Z <- parts[[t]]$Z[, order(rep(seq_len(parts[[t]]$q), parts[[t]]$levels)), drop = FALSE]
  Xs <- G$X
  X <- sqrt(w) * do.call(cbind, c(list(Xs), lapply(parts, `[[`, "Z")))
  y <- sqrt(w) * data$y
  n <- length(y); p <- ncol(X); m <- length(G$S)
  of_smooths <- lapply(seq_len(m), function(j) { S <- matrix(0, p, p); k <- G$off[j] - 1 + seq_len(ncol(G$S[[j]])); S[k, k] <- G$S[[j]]; S })
  counts <- sapply(parts, function(t) t$q * (t$q + 1) / 2)
  first_column <- ncol(Xs) + cumsum(c(0, sapply(parts, function(t) ncol(t$Z))))[seq_along(parts)]
  first_parameter <- m + cumsum(c(0, counts))[seq_along(parts)]
  penalty <- function(r) {
    S <- matrix(0, p, p)
    for (j in seq_len(m)) S <- S + exp(r[j]) * of_smooths[[j]]
    for (t in seq_along(parts)) {
      part <- parts[[t]]
      K <- chol2inv(t(factor_of(r[first_parameter[t] + seq_len(counts[t])], part$q)))
      columns <- first_column[t] + seq_len(ncol(part$Z))
      S[columns, columns] <- if (t < length(parts)) kronecker(K, diag(part$levels)) else kronecker(diag(part$levels), K)
    }
    S
  }
  null <- G$nsdf + sum(sapply(G$smooth, function(s) s$null.space.dim))
  XX <- crossprod(X)
  # log|S|+: each smooth by its own eigenvalues.
  log_penalty <- function(r) {
    total <- 0
    for (s in G$smooth) {
      k <- s$first.para:s$last.para
      e <- eigen(penalty(r)[k, k], symmetric = TRUE, only.values = TRUE)$values
      total <- total + sum(log(head(sort(e, decreasing = TRUE), length(k) - s$null.space.dim)))
    }
    for (t in seq_along(parts)) {
      L <- factor_of(r[first_parameter[t] + seq_len(counts[t])], parts[[t]]$q)
      total <- total - 2 * parts[[t]]$levels * sum(log(diag(L)))
    }
    total
  }
  # A basis of the penalised functions, for ML.
  range <- diag(p)
  ranges <- list()
  for (s in G$smooth) {
    k <- s$first.para:s$last.para
    S <- Reduce(`+`, lapply(s$S, function(one) one / norm(one)))
    e <- eigen(S, symmetric = TRUE)
    R <- matrix(0, p, length(k) - s$null.space.dim)
    R[k, ] <- e$vectors[, seq_len(ncol(R))]
    ranges <- c(ranges, list(R))
  }
  Rp <- cbind(do.call(cbind, ranges), rbind(matrix(0, ncol(Xs), p - ncol(Xs)), diag(p - ncol(Xs))))
  criterion <- function(r) {
    S <- penalty(r)
    H <- XX + S
    U <- chol(H)
    b <- backsolve(U, forwardsolve(t(U), crossprod(X, y)))
    dp <- sum((y - X %*% b)^2) + sum(b * (S %*% b))
    det <- if (ml) as.numeric(determinant(crossprod(Rp, H %*% Rp))$modulus) - as.numeric(determinant(crossprod(Rp))$modulus) else 2 * sum(log(diag(U)))
    M <- if (ml) 0 else null
    phi <- dp / (n - M)
    list(value = dp / (2 * phi) + n / 2 * log(2 * pi * phi) - M / 2 * log(2 * pi * phi) + (det - log_penalty(r)) / 2 - sum(log(w)) / 2, b = b, H = H, S = S, dp = dp, phi = phi, det = det)
  }
  steps <- length(seq_len(m)) + sum(counts)
  logs <- unlist(c(rep(TRUE, m), lapply(parts, function(t) unlist(lapply(seq_len(t$q), function(i) seq_len(i) == i)))))
  gradient <- function(r, phi = NULL) {
    at <- criterion(r)
    S <- at$S
    Hi <- chol2inv(chol(at$H))
    sapply(seq_len(steps), function(j) {
      e <- replace(numeric(steps), j, 1e-5)
      # The penalty is smooth in its parameters: a difference of fourth order has the digits of the matrix.
      dS <- (8 * (penalty(r + e) - penalty(r - e)) - (penalty(r + 2 * e) - penalty(r - 2 * e))) / 12e-5
      dl <- (8 * (log_penalty(r + e) - log_penalty(r - e)) - (log_penalty(r + 2 * e) - log_penalty(r - 2 * e))) / 12e-5
      dH <- if (ml) sum(diag(solve(crossprod(Rp, at$H %*% Rp), crossprod(Rp, dS %*% Rp)))) else sum(Hi * dS)
      sum(at$b * (dS %*% at$b)) / (2 * if (is.null(phi)) at$phi else phi) + (dH - dl) / 2
    })
  }
  jacobian <- function(r, f = gradient) {
    J <- sapply(seq_len(steps), function(j) { e <- replace(numeric(steps), j, 1e-3); (8 * (f(r + e) - f(r - e)) - (f(r + 2 * e) - f(r - 2 * e))) / 12e-3 })
    (J + t(J)) / 2
  }
  # Where variances or correlations are at their border, gamm4's criterion is compared.
  best <- optim(numeric(steps), function(r) criterion(r)$value, function(r) gradient(r), method = "BFGS", control = list(maxit = 60, reltol = 1e-13))
  r <- best$par
  regular <- all(abs(r[logs]) < 12) && all(eigen(jacobian(r))$values > 1e-4)
  if (regular) for (k in 1:6) r <- r - solve(jacobian(r), gradient(r))
  at <- criterion(r)
  Hi <- chol2inv(chol(at$H))
  Fm <- Hi %*% XX
  edf <- diag(Fm); edf1 <- 2 * edf - rowSums(t(Fm) * Fm)
  rss <- sum((y - X %*% at$b)^2)
  scale <- rss / (n - sum(edf))
  V <- Hi * scale
  out <- list(regular = regular, gradient = max(abs(gradient(r))))
  crit <- if (ml) "model.MLcrit" else "model.REMLcrit"
  out[[crit]] <- 2 * at$value
  if (!regular) return(out)
  out$model.scale <- scale; out$model.df <- sum(edf); out$model.deviance <- rss; out$model.df.residual <- n - sum(edf)
  out[["Residual.sd__Observation"]] <- sqrt(scale)
  out$model.logLik <- -n / 2 * (log(2 * pi * rss / n) + 1) + sum(log(w)) / 2
  names_ <- colnames(G$X)[seq_len(G$nsdf)]
  if (is.null(names_)) names_ <- G$term.names[seq_len(G$nsdf)]
  for (k in seq_len(G$nsdf)) {
    name <- if (names_[k] == "(Intercept)") "Intercept" else names_[k]
    out[[paste0(name, ".estimate")]] <- at$b[k]
    out[[paste0(name, ".std.error")]] <- sqrt(V[k, k])
    out[[paste0(name, ".p.value")]] <- 2 * pt(-abs(at$b[k] / sqrt(V[k, k])), n - sum(edf))
  }
  for (s in G$smooth) {
    k <- s$first.para:s$last.para
    name <- gsub("[(,]", "_", gsub(")", "", s$label))
    out[[paste0(name, ".edf")]] <- sum(edf[k])
    test <- mgcv:::testStat(at$b[k], X[, k], V[k, k], rank = min(length(k), sum(edf1[k])), type = 0, res.df = n - sum(edf))
    out[[paste0(name, ".ref.df")]] <- test$rank
    out[[paste0(name, ".statistic")]] <- test$stat / test$rank
    out[[paste0(name, ".p.value")]] <- test$pval
  }
  between <- 0
  for (t in seq_along(parts)) {
    part <- parts[[t]]
    L <- factor_of(r[first_parameter[t] + seq_len(counts[t])], part$q)
    P <- part$M %*% L %*% t(L) %*% t(part$M) * scale
    group <- terms[order(sapply(terms, function(one) length(unique(data[[one$group]])) * (1 + length(one$covariates))))][[t]]
    effects <- c("(Intercept)", group$covariates)
    for (i in seq_along(effects)) out[[paste0(group$name, ".sd__", effects[i])]] <- sqrt(P[i, i])
    for (i in seq_along(effects)) for (j in seq_len(i - 1)) out[[paste0(group$name, ".cor__", effects[j], ".", effects[i])]] <- P[i, j] / sqrt(P[i, i] * P[j, j])
    each <- cbind(1, as.matrix(data[group$covariates]))
    between <- between + mean(rowSums((each %*% P) * each))
  }
  out$model.icc <- between / (between + scale)
  explained <- var(as.vector(Xs %*% at$b[seq_len(ncol(Xs))]))
  out$model.r2.marginal <- explained / (explained + between + scale)
  out$model.r2.conditional <- (explained + between) / (explained + between + scale)
  # Degrees of freedom with the uncertainty of all parameters, the scale's among them.
  M <- if (ml) 0 else null
  hess <- matrix(0, steps + 1, steps + 1)
  hess[seq_len(steps), seq_len(steps)] <- jacobian(r, function(x) gradient(x, at$phi)) # at fixed scale
  dp_slope <- sapply(seq_len(steps), function(j) {
    e <- replace(numeric(steps), j, 1e-4)
    (8 * (criterion(r + e)$dp - criterion(r - e)$dp) - (criterion(r + 2 * e)$dp - criterion(r - 2 * e)$dp)) / 12e-4
  })
  hess[steps + 1, seq_len(steps)] <- hess[seq_len(steps), steps + 1] <- -dp_slope / (2 * at$phi)
  hess[steps + 1, steps + 1] <- (n - M) / 2
  e <- eigen(hess, symmetric = TRUE)
  inverse <- function(prior) e$vectors %*% (t(e$vectors) / (pmax(e$values, 0) + prior))
  V1 <- inverse(0)[seq_len(steps), seq_len(steps)]; V2 <- inverse(0.1)[seq_len(steps), seq_len(steps)]
  B <- sapply(seq_len(steps), function(j) { s <- replace(numeric(steps), j, 1e-4); (8 * (criterion(r + s)$b - criterion(r - s)$b) - (criterion(r + 2 * s)$b - criterion(r - 2 * s)$b)) / 12e-4 })
  inverse_factor <- function(r) forwardsolve(t(chol(XX + penalty(r))), diag(p))
  dL <- lapply(seq_len(steps), function(j) { s <- replace(numeric(steps), j, 1e-4); (8 * (inverse_factor(r + s) - inverse_factor(r - s)) - (inverse_factor(r + 2 * s) - inverse_factor(r - 2 * s))) / 12e-4 })
  extra <- sum((B %*% V1) * (XX %*% B)) / scale
  for (a in seq_len(steps)) for (b in seq_len(steps)) extra <- extra + V2[a, b] * sum((dL[[a]] %*% XX) * dL[[b]])
  df <- min(sum(edf) + extra, sum(edf1)) + 1
  out$model.AIC <- -2 * out$model.logLik + 2 * df
  out$model.BIC <- -2 * out$model.logLik + log(n) * df
  out
}
write_cases <- function() {
  versions <- sapply(c("mgcv", "gamm4", "lme4"), function(p) as.character(packageVersion(p)))
  write_json(list(R = R.version.string, versions = as.list(versions), cases = fits), "cases.json", digits = NA, auto_unbox = TRUE, na = "null",
             null = "null")
}
fits <- list()
fit_case <- function(key, fixed, terms, ml = FALSE, weights = NULL, elements = 1:5) {
  expected <- list()
  random <- sapply(terms, function(t) paste0("(", paste(c(if (length(t$covariates)) t$covariates else "1"), collapse = " + "), " | ", t$formula, ")"))
  for (e in elements) {
    data <- cohort
    data$y <- values[, e]
    data <- data[is.finite(data$y), ]
    data$sex <- factor(data$sex); data$id <- factor(data$id); data$site <- factor(data$site)
    data$within_site <- interaction(data$within, data$site, drop = TRUE)
    t <- system.time(out <- fit_twin(fixed, terms, data, ml, weights))
    lme <- paste("~", paste(sapply(terms, function(t) paste0("(", paste(c("1", t$covariates), collapse = " + "), " | ", t$group, ")")), collapse = " + "))
    arguments <- list(as.formula(paste("y ~", fixed)), random = as.formula(lme), data = data, REML = !ml,
                      control = lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore",
                                            optCtrl = list(rhobeg = 0.2, rhoend = 1e-12, maxfun = 1e5)))
    if (!is.null(weights)) arguments$weights <- data[[weights]]
    mer <- suppressMessages(suppressWarnings(do.call(gamm4, arguments)))$mer
    out[["gamm4.crit"]] <- -2 * as.numeric(logLik(mer))
    for (name in names(out)) {
      if (is.null(expected[[name]])) expected[[name]] <- rep(NA_real_, length(elements))
      expected[[name]][match(e, elements)] <- as.numeric(out[[name]])
    }
    cat(key, e, if (out$regular) "regular" else "singular", "gradient", out$gradient, "time", t[3], "crit", out[[if (ml) "model.MLcrit" else "model.REMLcrit"]], "gamm4", out$gamm4.crit, "\n")
  }
  fits[[key]] <<- list(formula = paste(c(fixed, random), collapse = " + "), ml = ml, weights = weights, first = min(elements) - 1, elements = length(elements), expected = expected)
  write_cases()
}
of_id <- list(name = "id", formula = "id", group = "id", covariates = "visit")
of_site <- list(name = "site", formula = "site", group = "site", covariates = NULL)
slopes_of_site <- list(name = "site", formula = "site", group = "site", covariates = "visit")
fit_case("both_ml", "s(Age, k = 5) + sex", list(slopes_of_site, of_id), ml = TRUE, elements = 2:3)
fit_case("both", "s(Age, k = 5) + sex", list(slopes_of_site, of_id), elements = 2:3)
fit_case("slope", "s(Age, k = 5) + sex", list(of_id))
fit_case("site", "s(Age, k = 5) + sex", list(of_site, of_id), elements = 2:3)
fit_case("weights", "s(Age, k = 5) + sex", list(of_id), weights = "w", elements = 1:3)
fit_case("slope_ml", "s(Age, k = 5) + sex", list(of_id), ml = TRUE, elements = 1:3)
fit_case("irregular", "s(Age, k = 5) + s(dose, k = 4)", list(list(name = "id", formula = "id", group = "id", covariates = "time")), elements = 2:3)
fit_case("two_slopes", "s(Age, k = 5) + sex", list(list(name = "site", formula = "site", group = "site", covariates = c("visit", "dose"))), elements = 2:3)
fit_case("site_ml", "s(Age, k = 5) + sex", list(of_site, of_id), ml = TRUE, elements = 2:3)
