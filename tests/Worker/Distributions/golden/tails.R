# Golden tail probabilities of R: Rscript tails.R > tails-r.csv
# ln of the upper tail; for t the two-sided one as distribution "t" (d1 is 1). R replaces t by a normal approximation beyond 4e5
# degrees of freedom, so larger ones are left to tails.py.
cat("distribution,statistic,d1,d2,log_p\n")
row <- function(...) cat(paste(c(...), collapse = ","), "\n", sep = "")
digits <- function(x) sprintf("%.17g", x)
for (df in c(0.5, 1, 2, 3.5, 10, 47, 98.25, 300, 1000, 1e5))
  for (t in c(1e-8, 0.01, 0.3, 1, 1.5, 2, 3.7, 8, 25, 60))
    row("t", digits(t), 1, digits(df), digits(log(2) + pt(t, df, lower.tail = FALSE, log.p = TRUE)))
for (d in list(c(1, 10), c(2, 97), c(3, 40), c(5.5, 200.25), c(12, 3), c(60, 60), c(400, 1000), c(1000, 20)))
  for (f in c(1e-6, 0.1, 0.7, 0.99, 1, 1.3, 2, 5, 30, 500))
    row("f", digits(f), digits(d[1]), digits(d[2]), digits(pf(f, d[1], d[2], lower.tail = FALSE, log.p = TRUE)))
