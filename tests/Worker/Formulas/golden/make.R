# Makes the golden files beside it from R's own answers:
#   LC_ALL=C.UTF-8 Rscript tests/Worker/Formulas/golden/make.R      (from the repository's root; R 4.2.2)
# cohort.csv is made once and kept; names.tsv has one formula a line with R's column names or its error;
# matrices.csv has the model matrix of every formula of names.tsv that is marked with a number.
options(digits = 17, warn = -1)
here <- "tests/Worker/Formulas/golden"
set.seed(20261121)
n <- 24
if (!file.exists(file.path(here, "cohort.csv"))) {
  d <- data.frame(x = round(rnorm(n, 10, 3), 3), z = round(runif(n, 0.1, 2), 4), k = rep(1:4, length.out = n),
    a = rep(c("u", "v"), length.out = n), b = rep(c("r", "s", "t"), each = 2, length.out = n), c = rep(c("lo", "mid", "hi", "top"), each = 3, length.out = n),
    flag = rep(c(TRUE, FALSE, FALSE), length.out = n), m = round(rnorm(n), 3))
  d$m[c(3, 11)] <- NA
  write.csv(d, file.path(here, "cohort.csv"), row.names = FALSE, quote = FALSE)
}
d <- read.csv(file.path(here, "cohort.csv")); d$y <- seq_len(n)
fixed <- c("y ~ x", "y ~ a", "y ~ a + b", "y ~ a * b", "y ~ a:b", "y ~ x:a", "y ~ a:x", "y ~ x * a", "y ~ b/x", "y ~ b/a", "y ~ (a + b + x)^2", "y ~ (a + b + c)^3 - a:b:c",
  "y ~ a %in% b", "y ~ a + b %in% a", "y ~ 0 + a", "y ~ a - 1", "y ~ -1 + x + a", "y ~ 0 + x", "y ~ x + a + 0", "y ~ 0 + a * b", "y ~ 0 + x:a + b", "y ~ 0 + x + x:b",
  "y ~ b + a:b:c", "y ~ 1", "y ~ x - x", "y ~ x + x", "y ~ a*x - x", "y ~ a*b - a", "y ~ flag", "y ~ 0 + flag", "y ~ flag:x", "y ~ x > 10", "y ~ I(x > 10)", "y ~ I(x^2) + I(-x) + I((x + 1) * 2)",
  "y ~ I(x/1e5) + I(x * 100000) + I(x * 123456.789)", "y ~ log(x) + log2(x) + log10(x) + log1p(x) + exp(z) + sqrt(x) + abs(m)", "y ~ log(x, 3) + log(x, base = 2)", "y ~ I(x %% 2) + I(x %/% 2)",
  "y ~ scale(x)", "y ~ scale(x, center = FALSE)", "y ~ scale(x, scale = FALSE)", "y ~ scale(m) + z", "y ~ poly(x, 1)", "y ~ poly(x, 2)", "y ~ poly(x, 5)", "y ~ poly(x, degree = 3, raw = TRUE)",
  "y ~ poly(x, z, degree = 2, raw = TRUE)", "y ~ poly(x, z, degree = 2)", "y ~ poly(x, 2) * a", "y ~ splines::ns(x, df = 3)", "y ~ splines::ns(x, 1)", "y ~ splines::ns(x, df = 5, intercept = TRUE)",
  "y ~ splines::ns(x, knots = c(8, 11))", "y ~ splines::ns(x, df = 3, Boundary.knots = c(6, 12))", "y ~ splines::ns(m, df = 3) + x", "y ~ splines::bs(x)", "y ~ splines::bs(x, df = 5)", "y ~ splines::bs(x, df = 6, degree = 2)",
  "y ~ splines::bs(x, knots = c(8, 10, 12), intercept = TRUE)", "y ~ splines::bs(x, df = 5, Boundary.knots = c(6, 12))", "y ~ splines::bs(x, df = 4, degree = 1):a", "y ~ factor(k)", "y ~ factor(k, levels = c(3, 1, 2, 4))",
  "y ~ as.factor(k) + as.numeric(factor(c))", "y ~ factor(a, labels = c(\"one\", \"two\"))", "y ~ ordered(c)", "y ~ ordered(c, levels = c(\"lo\", \"mid\", \"hi\", \"top\"))", "y ~ 0 + ordered(b)", "y ~ ordered(k) * x",
  "y ~ relevel(factor(b), ref = \"t\")", "y ~ C(factor(b), sum)", "y ~ C(factor(b), contr.helmert)", "y ~ C(factor(c), contr.treatment, base = 2)", "y ~ C(factor(b), poly)", "y ~ interaction(a, b)", "y ~ factor(x > 10)",
  "y ~ factor(m > 0) + x", "y ~ x + offset(2 * z)", "y ~ a + offset(z):b", "y ~ factor(ifelse(x > 10, 1, 0))", "y ~ I(a == \"u\") + I(k %in% c(1, 3))", "y ~ I(x)", "y ~ `x` + 1", "y ~ . - m", "y ~ 1 + x - 1 + 1", "y ~ x + 0 - 0",
  "y ~ (x)", "y ~ ((a + b))^2", "y ~ a + (b + x - 1)", "y ~ a/(b + x)", "y ~ (a + b)/x", "y ~ x*a*b", "y ~ a:b + a", "y ~ a:b + x:a + x", "y ~ log(x)*b", "y ~ b:poly(x, 2)", "y ~ I(x + z):a", "y ~ as.integer(x) + as.character(k)",
  "y ~ x + 2", "y ~ x^2", "y ~ poly(m, 2)", "y ~ poly(k, 4)", "y ~ x^1.5")
words <- c("x", "z", "a", "b", "c", "flag"); ops <- c("+", "*", ":", "/", "+", "%in%", "-")
random <- replicate(400, {
  one <- function(depth) if (depth == 0 || runif(1) < 0.3) sample(words, 1) else {
    s <- paste(one(depth - 1), sample(ops, 1), one(depth - 1)); if (runif(1) < 0.5) s <- paste0("(", s, ")"); if (runif(1) < 0.1) s <- paste0("(", s, ")^2"); s }
  paste("y ~", sample(c("", "", "0 + ", "1 + "), 1), one(3)) })
fixed <- unique(fixed); random <- setdiff(unique(gsub(" +", " ", random)), fixed)
lines <- character(0); values <- character(0)
for (i in seq_along(c(fixed, random))) {
  f <- c(fixed, random)[i]
  r <- tryCatch({ mf <- model.frame(as.formula(f), d, drop.unused.levels = TRUE); tt <- terms(mf); m <- model.matrix(tt, mf)
    if (i <= length(fixed)) values <- c(values, sprintf("%d,%d,%s", i, seq_len(ncol(m)) - 1L, apply(m, 2, function(v) paste(sprintf("%.17g", v), collapse = ","))))
    if (ncol(m) > 60) NULL else paste(c(f, paste(colnames(m), collapse = "|"), paste(attr(m, "assign"), collapse = ","), paste(attr(tt, "term.labels"), collapse = "|")), collapse = "\t") },
    error = function(e) paste(f, "ERROR", sep = "\t"))
  if (!is.null(r)) lines <- c(lines, paste(i, r, sep = "\t"))
}
writeLines(lines, file.path(here, "names.tsv")); writeLines(values, file.path(here, "matrices.csv"))
