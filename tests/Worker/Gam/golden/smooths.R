# Refreshes smooths-cohort.csv and smooths.tsv: Rscript smooths.R (R 4.2.2, mgcv 1.8-41), in this folder.
# Every model of a list of smooth terms that ModelArray's oracle does not cover, fitted to convergence.
# A case is terms, options, and a pattern of "method statistic" that mgcv's own answers do not determine (docs/numbers.md says which and why).
suppressPackageStartupMessages(library(mgcv))
set.seed(20)
n <- 90
d <- data.frame(x = round(runif(n), 2), z = round(runif(n), 3), w = round(rnorm(n), 2), a = round(runif(n, 0, 360)),
  f = sample(c("a", "b", "c"), n, TRUE), v = round(rnorm(n, 1), 2), g = sample(c("p", "q", "r", "s"), n, TRUE), u = round(runif(n, 0.5, 2), 2))
d$y <- with(d, round(sin(6 * x) + 0.5 * z^2 + 0.6 * x * z + 0.3 * cos(a * pi / 180) + 0.4 * (f == "b") * x + 0.2 * match(g, letters) / 10 + 0.3 * w^2 / 4 + rnorm(n) * 0.35, 4))
d$w0 <- replace(d$u, c(4, 17, 18, 40, 66, 71, 90), 0)
write.csv(d, "smooths-cohort.csv", row.names = FALSE, quote = FALSE)
d$f <- factor(d$f); d$g <- factor(d$g); d$o <- ordered(d$f)
cases <- list(
  c("s(x,k=7,bs=\"cp\")"), c("s(a,k=7,bs=\"cp\")", "knots=a:0,360"), c("s(x,k=8,bs=\"ps\")", "knots=x:-0.2,1.3"), c("s(x,k=8,bs=\"ps\",m=c(1,2))"), c("s(x,k=8,bs=\"ps\",m=c(3,1))"), c("s(x,k=8,bs=\"ps\",m=1)"),
  c("s(x,k=5,bs=\"cr\")", "knots=x:0.05,0.2,0.5,0.7,0.95"), c("s(a,k=5,bs=\"cc\")", "knots=a:0,90,200,300,360"), c("s(x,k=6,bs=\"tp\",m=3)"), c("s(x,k=6,m=c(2,0))"),
  c("s(x,k=6,bs=\"ts\",m=1)"), c("s(x,z,w,k=30)"), c("s(x,z,k=20,m=3)"), c("s(x,z,k=15,bs=\"ts\")"), c("s(g,bs=\"re\")+s(g,v,bs=\"re\")"), c("f+s(x,k=5,by=f)"), c("f+s(x,k=5,by=o)+s(x,k=5)"),
  c("f+s(x,k=5,by=f,bs=\"cr\")+s(w,k=5,bs=\"cs\")"), c("s(x,k=6,by=v)"), c("s(x,k=6,by=v,bs=\"cs\")"), c("te(x,z,k=4,by=v)"), c("f+te(x,z,k=4,by=o)"),
  c("s(x,k=6)+s(z,k=5)+s(x,z,k=15)"), c("s(x,k=5,bs=\"cr\")+s(z,k=5,bs=\"cr\")+te(x,z,k=5)"), c("te(x,z,k=5)+s(x,k=6,bs=\"cr\")"), c("s(x,k=5)+s(x,z,k=12)+te(x,z,w,k=3)"),
  c("s(x,k=6,by=v)+s(x,z,k=15,by=v)"), c("s(x,k=5,by=f)+s(x,z,k=12,by=f)+f"), c("s(x,k=5)+s(z,k=5)+te(x,z,k=4)", "select"), c("s(x,k=6)+s(z,k=6)", "select"), c("s(x,k=6,bs=\"cr\")+te(x,z,k=3)", "select"),
  c("te(x,z,k=5,bs=\"tp\")"), c("te(x,z,k=c(5,4),bs=c(\"ps\",\"cr\"))"), c("te(x,z,k=5,np=FALSE,bs=\"ps\")"), c("te(x,a,k=c(4,5),bs=c(\"tp\",\"cc\"))", "knots=a:0,360"), c("te(x,z,w,k=3)"),
  c("te(x,z,w,d=c(2,1),k=c(10,4),bs=c(\"tp\",\"cr\"))"), c("te(x,z,k=4,fx=c(TRUE,FALSE))"), c("te(x,z,k=5,m=list(c(2,1),c(1,1)),bs=\"ps\")"), c("te(x,z,k=4,bs=\"ts\")"), c("te(x,g,bs=c(\"cr\",\"re\"),k=c(4,4))"),
  c("ti(x,k=5)+ti(z,k=5)+ti(x,z,k=4)"), c("ti(x,z,k=5,bs=c(\"cr\",\"tp\"))"), c("ti(x,z,k=4,mc=c(TRUE,FALSE))"), c("ti(x,k=5,bs=\"tp\")+ti(z,k=4,bs=\"ps\")+ti(x,z,k=4,bs=c(\"tp\",\"ps\"))"), c("ti(x,z,k=4,by=v)"), c("f+ti(x,k=4)+ti(z,k=4)+ti(x,z,k=4,by=o)"),
  c("ti(x,z,w,k=3)"), c("t2(x,z,k=5)"), c("t2(x,z,k=4,bs=\"tp\")"), c("t2(x,z,k=c(5,4),bs=c(\"ps\",\"cr\"))"), c("t2(x,a,k=4,bs=c(\"cr\",\"cc\"))"), c("t2(x,z,k=4,bs=c(\"cs\",\"cr\"))"), c("t2(x,z,w,k=3)"), c("t2(x,z,k=4,by=v)"), c("f+t2(x,z,k=4,by=o)"),
  c("s(x,k=5)+s(z,k=5)+t2(x,z,k=4)"), c("t2(x,z,k=4)", "select"), c("t2(x,g,bs=c(\"tp\",\"re\"),k=4)"), c("s(x,k=8)+f+v+I(2*v)"), c("s(x,k=6)+f", "weights=u"), c("te(x,z,k=4)+f", "weights=u"), c("s(x,k=5,sp=0.3)+s(z,k=5)"), c("te(x,z,k=4,sp=c(0.2,3))"),
  c("s(x,k=20)+s(z,k=20,bs=\"cr\")"), c("-1+f+s(x,k=5,bs=\"cr\")+te(x,z,k=4)"), c("s(x,k=6)+s(x,k=8)"), c("s(x)+s(z)+s(w)"), c("te(x,z,w,d=c(2,1),k=c(8,3))"),
  c("s(f,bs=\"re\")+s(f,x,bs=\"re\")"), c("s(f,x,bs=\"re\")+s(x,k=6,bs=\"ts\")+I(x^2)"), c("s(f,x,bs=\"re\")+s(g,bs=\"re\")+s(x,k=6,bs=\"cs\")+s(z,k=5)", "weights=u"),
  c("s(x,k=5)+s(f,x,bs=\"re\")"), c("s(x,k=6,bs=\"cr\")+s(g,bs=\"re\")+s(g,x,bs=\"re\")", "", "^GCV.Cp"), c("te(x,z,k=4)+s(f,x,bs=\"re\")"), c("f+s(x,k=5,by=f)+s(g,x,bs=\"re\")"), c("s(x,z,k=12)+s(g,z,bs=\"re\")", "weights=u"), c("ti(x,k=4)+s(f,x,bs=\"re\")+z"),
  c("s(x,k=6)+f", "weights=w0"), c("te(x,z,k=4)+f", "weights=w0"), c("s(g,bs=\"re\")+s(x,k=5,bs=\"cr\")", "weights=w0", "^GCV.Cp"), c("s(x,k=5,fx=TRUE)+f", "weights=w0"),
  c("s(x,k=5,fx=TRUE)+f", "gamma=1.4"), c("s(x,k=8)+f", "gamma=1.4"),
  c("s(x,k=6,bs=\"cs\")", "nulls=zero-first"), c("te(x,z,k=4,bs=\"cs\")+f", "nulls=zero-first"), c("te(x,z,k=c(4,5),bs=c(\"cs\",\"cr\"))", "nulls=zero-first"), c("ti(x,z,k=4,bs=\"cs\")", "nulls=zero-first", " p 1"),
  c("t2(x,z,k=4,full=TRUE)"), c("t2(x,z,k=c(5,4),bs=c(\"ps\",\"cr\"),full=TRUE)"), c("t2(x,z,w,k=3,full=TRUE)"), c("f+t2(x,z,k=4,by=o,full=TRUE)"),
  c("x+s(x,k=5)"), c("f*x+s(x,k=5,by=f)+s(z,k=4)"), c("f*x+s(x,k=5,bs=\"cr\")+s(z,k=6,m=1)", "", " ([Fp] 2|AIC)"), c("x*z+te(x,z,k=3)", "", "^REML criterion|^(RE)?ML ([Fp]|edf|estimate|error) "), c("x+s(x,k=5,fx=TRUE)", "", " [Fp] "),
  c("g+s(g,bs=\"re\")+s(x,k=5)", "", " [Fp] 1|^GCV.Cp error"), c("f+s(x,k=5)+s(x,k=5,by=f)", "", "^(RE)?ML ((edf|ref.df|F|p) |AIC)"),
  c("s(x,k=5)", "knots=x:0,0.2,0.45,0.8,1"), c("s(x,k=5,bs=\"ts\")", "knots=x:0,0.1,0.2,0.4,0.6,0.7,0.9,1"),
  c("s(x,z,k=6)", "knots=x:0.1,0.5,0.2,0.9,0.4,0.7,0.8|z:0.3,0.1,0.8,0.6,0.5,0.9,0.2"), c("te(x,z,k=4,bs=c(\"tp\",\"cr\"))", "knots=x:0,0.2,0.45,0.8,1"), c("te(x,z,k=c(2,4))"),
  c("te(a,x,bs=c(\"cp\",\"ps\"),k=5)"), c("te(a,x,bs=c(\"cp\",\"cr\"),k=5)", "knots=a:0,360"), c("s(a,k=6,bs=\"cp\")+s(x,k=5)", "knots=a:0,50,120,200,250,300,360"))
# The constructor of cs with its null vectors in a fixed order: the one that is zero at the first knot is shrunk by a tenth, the other by a hundredth.
smooth.construct.zs.smooth.spec <- function(object, data, knots) {
  class(object) <- "cr.smooth.spec"
  smooth <- smooth.construct(object, data, knots)
  S <- smooth$S[[1]]; k <- nrow(S); e <- eigen((S + t(S)) / 2, symmetric = TRUE); nulls <- e$vectors[, k - 1:0]; a <- nulls[1, ] / sqrt(sum(nulls[1, ]^2))
  smooth$S[[1]] <- S + e$values[k - 2] * (0.1 * tcrossprod(nulls %*% c(-a[2], a[1])) + 0.01 * tcrossprod(nulls %*% a))
  smooth$rank <- k; smooth$null.space.dim <- 0
  structure(smooth, class = "zs.smooth")
}
Predict.matrix.zs.smooth <- function(object, data) Predict.matrix(structure(object, class = "cr.smooth"), data)
# mgcv's AIC leaves the second-order part out where rounding makes the last pivot of a singular matrix negative.
lacks.second.order <- function(b) {
  if (is.null(b$Vc) || length(b$sp) == 0 || !any(diag(b$Vp) == 0)) return(FALSE)
  m <- length(b$sp); e <- eigen(b$outer.info$hess, symmetric = TRUE); weights <- ifelse(e$values > 0, 1 / e$values, 0)
  slopes <- b$db.drho[, seq_len(m), drop = FALSE]
  first <- slopes %*% (e$vectors %*% (weights * t(e$vectors)))[seq_len(m), seq_len(m)] %*% t(slopes)
  abs(sum((b$Vc - b$Vp - first) * crossprod(model.matrix(b)))) / b$sig2 < 1e-9
}
tight <- list(epsilon = 1e-13, mgcv.tol = 1e-13, newton = list(conv.tol = 1e-12))
out <- file("smooths.tsv", "w")
cat("# mgcv 1.8-41 by smooths.R: terms, options, method, statistics\n", file = out)
for (case in cases) for (method in c("REML", "GCV.Cp", "ML", if (any(grepl("^gamma=|^x\\+s\\(|=w0$", case))) c("GACV.Cp", "P-REML", "P-ML"))) {
  options <- if (length(case) > 1) case[2] else ""
  free <- if (length(case) > 2) case[3] else "^$"
  terms <- if (options == "nulls=zero-first") gsub('"cs"', '"zs"', case[1]) else case[1]
  args <- list(formula = as.formula(paste("y ~", terms)), data = d, method = method, control = tight, select = options == "select")
  if (grepl("^knots=", options)) for (one in strsplit(sub("knots=", "", options), "|", fixed = TRUE)[[1]]) { kv <- strsplit(one, ":")[[1]]; args$knots[[kv[1]]] <- as.numeric(strsplit(kv[2], ",")[[1]]) }
  if (grepl("^weights=", options)) args$weights <- d[[sub("weights=", "", options)]]
  if (grepl("^gamma=", options)) args$gamma <- as.numeric(sub("gamma=", "", options))
  b <- tryCatch(suppressWarnings(do.call(gam, args)), error = function(e) { message(case[1], " ", method, ": ", conditionMessage(e)); NULL })
  if (is.null(b)) next
  s <- summary(b, re.test = TRUE)
  values <- c(criterion = unname(b$gcv.ubre), deviance = deviance(b), df = sum(b$edf), scale = b$sig2, AIC = AIC(b))
  for (i in seq_len(nrow(s$p.table))) values[paste(c("estimate", "error"), i)] <- s$p.table[i, 1:2]
  for (i in seq_len(nrow(s$s.table))) values[paste(c("edf", "ref.df", "F", "p"), i)] <- s$s.table[i, 1:4]
  if (lacks.second.order(b)) values <- values[names(values) != "AIC"]
  # Of a subject of weight 0 the likelihood is infinite.
  values <- values[is.finite(values) & !grepl(free, paste(method, names(values)))]
  # Likelihoods end so at the optimum; of GACV the rest is then of the step's last trial.
  if (method == "GACV.Cp" && identical(b$outer.info$conv, "step failed")) values <- values["criterion"]
  if (length(values) == 0) next
  cat(case[1], options, method, paste(names(values), sprintf("%.11g", values), sep = "=", collapse = ";"), sep = "\t", file = out)
  cat("\n", file = out)
}
close(out)
