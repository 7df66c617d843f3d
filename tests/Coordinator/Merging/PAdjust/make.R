# Rscript make.R: refreshes the expected values in this folder with R's own p.adjust (made with R 4.2.2).
# Inputs are rebuilt in the test from the same integer recurrence, so only the answers are stored, at 17 digits: one line a case and
# method; every 97th value of the large case, all values of the others.
lcg <- function(n, seed) { x <- numeric(n); s <- seed; for (i in 1:n) { s <- (s * 16807) %% 2147483647; x[i] <- s / 2147483647 }; x }
small <- lcg(40, 7)^3; small[c(5, 17)] <- NaN; small[c(8, 9, 10)] <- 0.04; small[20] <- 0; small[21] <- 1
large <- lcg(5000, 11); large[1:400] <- large[1:400]^6 * 1e-3; large[seq(50, 5000, 500)] <- NaN; large[3000:3100] <- large[3000]
clear <- lcg(300, 3) * 1e-6
for (case in c("small", "large", "clear")) for (m in c("BH", "BY", "bonferroni", "holm", "hochberg", "hommel")) {
  a <- p.adjust(get(case), m)
  if (case == "large") a <- a[seq(1, 5000, 97)]
  cat(case, m, sprintf("%.17g", a), sep = ",", file = "expected.csv", append = !(case == "small" && m == "BH")); cat("\n", file = "expected.csv", append = TRUE)
}
