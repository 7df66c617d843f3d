# Golden tail probabilities by Davies' method as mgcv 1.8-41 evaluates it: Rscript davies.R > davies.csv
# P(sum(w * chisq_1) > q * chisq_nu / nu), psum.chisq with its own tolerance and limit. Kinds: "smooth", a fractional rank; "random",
# a random effect; "wide", weights and scales so far apart that the sum is cut short by a normal term, some of them many times.
suppressMessages(library(mgcv))
set.seed(1980)
cat("kind,p,q,nu,w1,...\n")
row <- function(kind, q, nu, w) {
  p <- mgcv:::psum.chisq(0, c(w, -q / nu), c(rep(1, length(w)), nu))
  cat(kind, sprintf("%.17g", c(p, q, nu, w)), sep = ",")
  cat("\n")
}
smooth <- function(whole, part) {
  spread <- sqrt((1 - part)^2 + 2 * part * (1 - part))
  c(rep(1, whole - 1), (1 + part + spread) / 2, (1 + part - spread) / 2)
}
for (i in 1:160) {
  w <- smooth(sample(1:9, 1), c(runif(1), 10^runif(1, -10, -1), 1 - 10^runif(1, -6, -1))[i %% 3 + 1])
  row("smooth", sum(w) * 10^runif(1, -2, 1), sample(c(1, 5, 20, 93, 411, 3000), 1), w)
}
for (i in 1:120) {
  w <- c(1, 1e-4)[i %% 2 + 1] * sort(runif(sample(c(2, 5, 12, 60), 1))^sample(1:6, 1), decreasing = TRUE)
  row("random", sum(w) * 10^runif(1, -2, 1), sample(c(2, 30, 94, 1000), 1), w)
}
for (i in 1:80) {
  w <- c(1, 10^runif(sample(1:4, 1), -9, 0))
  row("wide", 10^runif(1, -5, 3), sample(c(1, 2, 3, 40, 1e5), 1), w)
}
row("edge", 0, 20, c(1, 0.5))
row("edge", 3, 20, c(0, 0))
row("edge", 2, 20, 1)
row("edge", 1e6, 20, c(1, 0.5))
