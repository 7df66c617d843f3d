# Makes the golden files in this folder from R's own answers:
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
  # arguments: by place, by name, abbreviated, and those behind dots
  "y ~ C(factor(b), contr.sum, 1)", "y ~ C(factor(b), contr.sum, 2)", "y ~ C(factor(c), contr.helmert, how.many = 2)", "y ~ C(factor(c), contr.poly, 1) * x", "y ~ C(factor(b), contr.treatment)", "y ~ C(factor(b), treatment)",
  "y ~ C(factor(b), \"contr.treatment\")", "y ~ C(factor(b), contr.SAS)", "y ~ C(factor(b), SAS)", "y ~ C(factor(b), treatment, 1)", "y ~ C(factor(b), \"contr.treatment\", base = 2)", "y ~ C(factor(b))", "y ~ C(ordered(b))", "y ~ C(factor(b), how.many = 1)",
  "y ~ C(factor(b), base = 3)", "y ~ C(how = 1, contr.sum, object = factor(c))", "y ~ C(factor(b), contr.treatment, 2, 3)", "y ~ C(factor(b), contr.treatment, how.many = 1, base = 2)", "y ~ C(factor(c), contr.poly, scores = c(1, 2, 4, 9))",
  "y ~ 0 + C(factor(b), contr.sum, 1)", "y ~ C(factor(b), contr.sum, 1) + C(factor(b), contr.sum, 1):x", "y ~ C(factor(b), contr.sum, base = 2)", "y ~ C(b, contr.sum)", "y ~ C(factor(b), contr.treatment, 5)", "y ~ C(ifelse(is.na(m), NA, 1) * k, sum)",
  "y ~ interaction(a, b, drop = TRUE)", "y ~ interaction(b, c, drop = TRUE)", "y ~ interaction(a, b, sep = \"_\")", "y ~ interaction(a, b, lex.order = TRUE)", "y ~ interaction(b, a, lex.order = TRUE, sep = \":\", drop = TRUE)", "y ~ interaction(a)", "y ~ interaction(u = a, v = b)",
  "y ~ interaction(a, b, k, lex.order = TRUE)", "y ~ interaction(a, x > 10)", "y ~ interaction(a, b, drop = FALSE)", "y ~ x**2", "y ~ I(x**2)", "y ~ (a + b)**2", "y ~ I(2**-1 * x)", "y ~ I(-x**2)",
  "y ~ factor(b, exclude = \"r\")", "y ~ factor(k, exclude = c(2, 3))", "y ~ factor(k, ordered = TRUE)", "y ~ factor(b, c(\"t\", \"r\", \"s\"), c(\"T\", \"R\", \"S\"))", "y ~ factor(b, lab = c(\"R\", \"S\", \"T\"))", "y ~ factor(b, labels = \"L\")",
  "y ~ factor(k, levels = 1:4, labels = c(\"u\", \"v\", \"u\", \"v\"))", "y ~ factor(b, levels = c(\"s\", \"r\"))", "y ~ ordered(b, c(\"s\", \"r\", \"t\"), labels = c(\"1\", \"2\", \"3\"))", "y ~ factor(k, c(1, 2, 3, 4), exclude = NA)", "y ~ as.factor(x = b)", "y ~ relevel(factor(b), \"s\")",
  "y ~ relevel(ref = \"s\", x = factor(b))", "y ~ relevel(factor(b), ref = 2)", "y ~ relevel(factor(b), ref = c(\"s\", \"t\"))", "y ~ relevel(b, ref = \"s\")", "y ~ scale(x, T, F)", "y ~ scale(x, F, T)", "y ~ scale(x, center = 10, scale = 2)", "y ~ scale(x, cent = FALSE)", "y ~ scale(scale = FALSE, x)",
  "y ~ poly(x, degree = 2, coefs = NULL)", "y ~ poly(x, 2, raw = T)", "y ~ poly(x, raw = TRUE, 2)", "y ~ poly(x, 2, simple = TRUE)", "y ~ poly(degree = 2, x)", "y ~ poly(x)", "y ~ poly(x, z, 2)", "y ~ poly(x, z, 2, raw = TRUE)", "y ~ poly(x, 2, NULL, TRUE)", "y ~ splines::ns(df = 3, x)",
  "y ~ splines::ns(x, kn = c(9, 11))", "y ~ splines::ns(x, df = 3, int = T)", "y ~ splines::ns(x, df = 3, Bound = c(5, 15))", "y ~ splines::bs(x, 5, NULL, 2)", "y ~ splines::bs(x, df = 5, deg = 2)", "y ~ log(base = 2, x)", "y ~ log(x, b = 2)", "y ~ log(x = x)", "y ~ log(x, 2, 3)", "y ~ log10(base = x)",
  "y ~ round(x, dig = 1)", "y ~ round(digits = 1, x)", "y ~ floor(x = x) + exp(x = z)", "y ~ exp(x, z)", "y ~ exp(foo = x)", "y ~ ifelse(no = 0, test = x > 10, yes = 1)", "y ~ pmin(x, 10, na.rm = TRUE)", "y ~ pmax(m, 0, na.rm = TRUE)", "y ~ pmax(m, 0)", "y ~ pmin(m, x, z, na.rm = FALSE)", "y ~ I(m - mean(m, na.rm = TRUE))",
  "y ~ I(x - mean(x, trim = 0))", "y ~ I(m/sd(m, TRUE))", "y ~ I(x - median(x, na.rm = T))", "y ~ I(x - min(x, 5))", "y ~ I(x/max(x, z, 20))", "y ~ I(m/sum(m, z, na.rm = TRUE))", "y ~ I(x - quantile(x, 0.3))", "y ~ I(x - quantile(x, 0.3, FALSE, FALSE, 7))", "y ~ I(x - quantile(x, probs = 0.3, type = 7))", "y ~ I(x, z)",
  "y ~ C(factor(m > -5 & b != \"t\", labels = \"g\"), contr.sum) + x",
  "y ~ x + 2", "y ~ x^2", "y ~ poly(m, 2)", "y ~ poly(k, 4)", "y ~ x^1.5")
words <- c("x", "z", "a", "b", "c", "flag"); ops <- c("+", "*", ":", "/", "+", "%in%", "-")
random <- replicate(400, {
  one <- function(depth) if (depth == 0 || runif(1) < 0.3) sample(words, 1) else {
    s <- paste(one(depth - 1), sample(ops, 1), one(depth - 1)); if (runif(1) < 0.5) s <- paste0("(", s, ")"); if (runif(1) < 0.1) s <- paste0("(", s, ")^2"); s }
  paste("y ~", sample(c("", "", "0 + ", "1 + "), 1), one(3)) })
fixed <- unique(fixed); random <- setdiff(unique(gsub(" +", " ", random)), fixed)
# Behind the others, whose numbers stay.
functions <- c("y ~ cut(x, 3)", "y ~ cut(x, c(0, 8, 12, 20)) * z", "y ~ cut(x, c(0, 8, 20), labels = c(\"low\", \"high\")):a", "y ~ 0 + cut(k, c(0, 2, 4))", "y ~ cut(k, 2, ordered_result = TRUE)", "y ~ cut(x, quantile(x), include.lowest = TRUE, labels = FALSE)",
  "y ~ sin(x) + cos(2 * pi * x/12) + tanh(z)", "y ~ rank(x) + cumsum(z)", "y ~ paste(a, b)", "y ~ paste0(a, k):x", "y ~ nchar(c) + substr(c, 1, 1)", "y ~ scale(x)[, 1]", "y ~ scale(x)[,1]:a + I(scale(z)[ ,1]^2)", "y ~ poly(x, 3)[, 2:3]", "y ~ poly(x, 2)[, 2] + z", "y ~ poly(x, 2)[, \"1\"]",
  "y ~ poly(m, 2, raw = TRUE)", "y ~ poly(m, x, degree = 2, raw = TRUE)", "y ~ poly(k, 5, raw = TRUE)", "y ~ ifelse(x > 10, \"old\", \"young\")", "y ~ I(x - mean(x[a == \"u\"]))", "y ~ I(x/var(x))", "y ~ splines::ns(x, 3)[, 2]", "y ~ (x > 10 | flag)", "y ~ poly(x, 2)[, 3]")
lines <- character(0); values <- character(0)
for (i in seq_along(c(fixed, random, functions))) {
  f <- c(fixed, random, functions)[i]
  r <- tryCatch({ mf <- model.frame(as.formula(f), d, drop.unused.levels = TRUE); tt <- terms(mf); m <- model.matrix(tt, mf)
    if (i <= length(fixed) || f %in% functions) values <- c(values, sprintf("%d,%d,%s", i, seq_len(ncol(m)) - 1L, apply(m, 2, function(v) paste(sprintf("%.17g", v), collapse = ","))))
    if (ncol(m) > 60) NULL else paste(c(f, paste(colnames(m), collapse = "|"), paste(attr(m, "assign"), collapse = ","), paste(attr(tt, "term.labels"), collapse = "|")), collapse = "\t") },
    error = function(e) paste(f, "ERROR", sep = "\t"))
  if (!is.null(r)) lines <- c(lines, paste(i, r, sep = "\t"))
}
writeLines(lines, file.path(here, "names.tsv")); writeLines(values, file.path(here, "matrices.csv"))
