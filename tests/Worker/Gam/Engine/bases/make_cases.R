# Refreshes cohort.csv and cases.json: Rscript make_cases.R (R 4.2.2, mgcv 1.8-41, jsonlite), in this folder.
# Models with the bases bs, gp, fs, sz and ad and the arguments pc, id, xt and too small k, fitted by mgcv to convergence.
# A case is terms, method, options; an option free is a pattern of statistics that mgcv's own result does not determine, better says that mgcv ends
# in a worse minimum of the criterion.
suppressPackageStartupMessages({ library(mgcv); library(jsonlite) })
set.seed(41)
n <- 120
d <- data.frame(x = round(runif(n), 3), z = round(runif(n), 3), u = round(runif(n, 0.2, 2), 3), a = round(runif(n, 0, 360)),
  f = sample(c("a", "b", "c"), n, TRUE), g = sample(c("p", "q"), n, TRUE), v = round(rnorm(n, 1), 3))
d$y <- with(d, round(sin(7 * x) * (1 + 0.6 * (f == "b")) + 0.8 * z^2 + 0.5 * (f == "c") * x + 0.3 * (g == "q") * cos(4 * x) + 0.4 * x * z
  + 0.3 * (f == "b") + rnorm(n) * 0.4, 4))
d$m <- replace(d$y, c(2, 9, 17, 40, 41, 77), NA)
set.seed(43)
d$count <- rpois(n, exp(0.5 + 0.5 * d$y)); d$binary <- rbinom(n, 1, plogis(2 * d$y - 1))
write.csv(d, "cohort.csv", row.names = FALSE, quote = FALSE)
d$f <- factor(d$f); d$g <- factor(d$g); d$o <- ordered(d$f)
case <- function(terms, method = "REML", ...) list(terms = terms, method = method, ...)
cases <- list(
  case('s(x,bs="bs",k=8)'), case('s(x,bs="bs",k=8)', "GCV.Cp"), case('s(x,bs="bs",k=8)', "ML"), case('s(x,bs="bs")'), case('s(x,bs="bs",k=9,m=c(2,1))'), case('s(x,bs="bs",k=9,m=c(2,2))'),
  case('s(x,bs="bs",k=7,m=1)'), case('s(x,bs="bs",k=10,m=c(3,2,0))'), case('s(x,bs="bs",k=10,m=c(3,2,1,0))'), case('s(x,bs="bs",k=10,m=c(4,3,1))', "ML"),
  case('s(x,bs="bs",k=9)', knots = list(x = c(-0.5, 0, 1, 1.5)), free = "AIC"), case('s(x,bs="bs",k=8)', knots = list(x = c(-0.1, 1.1))),
  case('s(x,bs="bs",k=7,m=c(2,1))', knots = list(x = c(-0.4, -0.1, 0, 0.1, 0.3, 0.7, 0.9, 1, 1.3, 1.7))), case('f+s(x,bs="bs",k=7,by=f)'), case('s(x,bs="bs",k=7,by=v)'),
  case('te(x,z,bs=c("bs","gp"),k=5)'), case('te(x,z,bs=c("bs","bs"),k=c(6,5))', "ML"), case('te(x,z,bs="bs",k=5,np=FALSE)'), case('ti(x,bs="bs",k=6)+ti(z,bs="gp",k=5)+ti(x,z,bs=c("bs","gp"),k=5)'),
  case('t2(x,z,bs="bs",k=5)', free = "^([Fp]|ref.df) "), case('s(x,bs="bs",k=12,m=c(3,2))+s(z,bs="bs",k=6)', select = TRUE), case('s(x,bs="bs",k=9)+g', response = "m"), case('s(x,bs="bs",k=9)', weights = "u"),
  case('s(x,bs="gp")'), case('s(x,bs="gp",k=9)', "GCV.Cp"), case('s(x,bs="gp",k=9,m=c(1,0.4))'), case('s(x,bs="gp",k=9,m=c(2,0.5,1.5))'), case('s(x,bs="gp",k=9,m=4)'), case('s(x,bs="gp",k=9,m=c(5,0.7))'),
  case('s(x,bs="gp",k=9,m=-3)'), case('s(x,z,bs="gp",k=20)'), case('s(x,z,bs="gp",k=20,m=c(-2,0.6))'), case('f+s(x,bs="gp",k=7,by=f)'), case('s(x,bs="gp",k=5)', knots = list(x = c(0, 0.2, 0.5, 0.6, 0.8, 1))),
  case('s(x,bs="gp",k=9)+g', response = "m"), case('te(x,z,bs="gp",k=5)', "GCV.Cp"),
  case('s(x,f,bs="fs",k=5,xt="cr")'), case('s(x,f,bs="fs",k=6,xt=list(bs="ps"))', free = "AIC"), case('s(x,f,bs="fs",k=5,xt="cr")', "GCV.Cp"), case('s(x,f,bs="fs",k=6,m=1)'), case('s(x,f,bs="fs",k=6,m=1)', "ML"),
  case('s(f,x,bs="fs",k=5)', nulls = "zero-first"), case('s(x,f,bs="fs",k=5)', nulls = "zero-first"), case('s(x,k=6)+s(x,f,bs="fs",k=5,m=1)'), case('s(x,f,bs="fs",k=5,xt="bs")', response = "m"), case('s(z,k=5)+s(g,bs="re")+s(x,f,bs="fs",k=5,m=1)'),
  case('s(x,f,bs="fs",k=5,xt="cr")+s(x,g,bs="fs",k=5,m=1)'), case('s(x,f,bs="fs",k=5,xt="gp",m=-3)'), case('s(x,z,f,bs="fs",k=12,m=1,xt="gp")', skip = TRUE),
  case('s(f,x,bs="sz",k=5)'), case('s(x,k=7)+s(f,x,bs="sz",k=5)'), case('s(x,k=7)+s(f,x,bs="sz",k=5,id=1)'), case('s(x,k=7)+s(f,x,bs="sz",k=5,xt=list(bs="cr"))', "ML", better = TRUE), case('s(x,k=6)+s(f,x,bs="sz",k=5)+s(g,x,bs="sz",k=5,xt="ps")'),
  case('s(x,k=6)+s(f,g,x,bs="sz",k=4,id="two")'), case('s(x,k=7)+s(f,x,bs="sz",k=5,id=1)', response = "m"), case('s(x,k=7)+s(f,x,bs="sz",k=5,id=1)', select = TRUE),
  case('s(x,bs="ad",k=20)'), case('s(x,bs="ad",k=15,m=1)'), case('s(x,bs="ad",k=15,m=2)'), case('s(x,bs="ad",k=15,m=3)', "ML"), case('s(x,bs="ad",k=15,m=4,xt=list(bs="cr"))'), case('s(x,bs="ad",k=15,m=3)+g', response = "m"), case('s(x,bs="ad",k=15,m=2,by=v)'),
  case('s(x,k=6,pc=0.3)'), case('s(x,k=6,pc=0.3,bs="cr")+s(z,k=5,pc=list(z=0))'), case('s(x,k=6,pc=0,by=f)+s(z,k=5)'), case('s(x,k=6,pc=0.5,by=v)'), case('s(x,z,k=15,pc=c(0.5,0.2))'), case('s(x,k=6,pc=0.3)', "GCV.Cp"), case('s(x,k=6,bs="bs",pc=0.3)+g', response = "m"),
  case('f+s(x,k=6,by=f,id=1)'), case('f+s(x,k=6,by=f,id=1)', "GCV.Cp"), case('f+s(x,k=6,by=f,id=1)', "ML"), case('s(x,k=6,id=1)+s(z,id=1)'), case('s(x,k=6,id=1,bs="cr")+s(z,id=1,k=9)+s(v,k=5)'), case('s(x,k=6,id=1)+s(z,id=1)', select = TRUE),
  case('te(x,z,id=1,k=4)+te(u,v,id=1)'), case('s(x,k=6,id=1,bs="ps")+s(z,id=1)', response = "m"), case('o+s(x,k=6,id=2)+s(x,k=6,id=2,by=o)'), case('s(x,k=6,id=1,sp=0.3)+s(z,id=1)+s(u,k=5)'), case('s(x,k=6,id=1)+s(u,k=5)+s(z,id=1)', sp = c(0.5, -1)),
  case('s(f,bs="re",id=1)+s(g,bs="re")+s(x,k=5)', skip = TRUE), case('f+s(x,k=5,by=f,id="a",bs="bs",m=c(3,2,0))'),
  case('s(x,bs="cr",k=2)', notice = "k = 2 is too small for bs=\"cr\" and is raised to 3"), case('s(x,k=2)+s(z,bs="ts",k=1)', notice = "k = 2 is too small for bs=\"tp\" and is raised to 3|k = 1 is too small for bs=\"ts\" and is raised to 3"),
  case('s(a,bs="cc",k=3)', notice = "k = 3 is too small for bs=\"cc\" and is raised to 4"), case('te(x,z,k=c(2,4))', notice = "all margins have the default, k = 5, 5"), case('te(x,a,bs=c("cr","cc"),k=3)', notice = "k = 3 is too small for bs=\"cc\" and is raised to 4"),
  case('s(x,bs="gp",k=2)', notice = "k = 2 is too small for bs=\"gp\" and is raised to 3"), case('s(x,f,bs="fs",k=2,xt="cr")', notice = "k = 2 is too small for bs=\"fs\" and is raised to 3"),
  case('f+s(x,k=6,by=f,id=1)', response = "count", family = "poisson"), case('s(x,k=6,id=1)+s(z,id=1)', response = "count", family = "poisson"), case('s(x,bs="gp",k=7)', response = "binary", family = "binomial"),
  case('s(x,bs="bs",k=9,m=c(3,2,0))', response = "count", family = "poisson"), case('s(x,k=6)+s(f,x,bs="sz",k=4,id=1)', response = "count", family = "poisson"), case('s(x,f,bs="fs",k=5,xt="cr")', response = "count", family = "poisson"),
  case('s(x,k=6,pc=0.3)', response = "binary", family = "binomial"), case('s(x,bs="ad",k=12,m=2)', response = "count", family = "poisson"),
  case('s(x,z,k=2)', free = "^F ", notice = "k = 2 is too small for bs=\"tp\" and is raised to 4"), case('s(x,k=6,xt=list(max.knots=500))'), case('s(x,bs="gp",k=6,xt=list(max.knots=500,seed=3))'),
  case('s(x,bs="ad",k=15,m=1,xt=list(bs="cr"))'), case('s(x,z,bs="ad",k=6,m=1)'), case('s(x,z,bs="ad",k=6,m=3)'), case('s(x,z,bs="ad",k=7,m=1,xt=list(bs="cr"))', "ML"), case('s(x,z,bs="ad",k=6,m=3,xt=list(bs="cr"))', response = "m"),
  case('s(x,z,bs="ad",k=5,m=3)', "GCV.Cp"), case('s(x,z,bs="ad",k=6,m=1,by=v)+g', select = TRUE, free = "^(F|ref.df) "), case('f+s(x,z,bs="ad",k=5,m=1,by=f)'), case('s(x,z,bs="ad",k=c(7,5),m=1)', emulate = "za", free = "^(AIC$|F )"), case('s(x,z,bs="ad",k=c(6,5),m=c(4,3))', emulate = "za", free = "^(AIC$|F )"),
  case('s(x,z,bs="ad",k=6,m=1)', response = "count", family = "poisson"),
  case('ti(x,k=5,pc=0.3)'), case('te(x,z,k=5,pc=c(0.3,0.6))', emulate = "zt"), case('te(x,z,k=4,pc=list(z=0.6,x=0.3))+g', "ML", emulate = "zt", free = "AIC"), case('ti(x,z,k=5,pc=c(0.3,0.6))', emulate = "zt"), case('s(x,k=5)+s(z,k=5)+ti(x,z,k=4,bs="ps",pc=list(x=0.3,z=0.6))', emulate = "zt"),
  case('t2(x,z,k=5,pc=c(0.3,0.6))', emulate = "shift", free = "^(criterion$|([Fp]|ref.df) )"), case('t2(x,z,k=5,bs="ps",full=TRUE,pc=c(0.3,0.6))', "ML", emulate = "shift", free = "^([Fp]|ref.df) "), case('t2(x,z,k=5,ord=c(0,1,2),pc=c(0.3,0.6))', "GCV.Cp", response = "m", emulate = "shift", free = "^([Fp]|ref.df) "),
  case('t2(x,z,k=5,ord=c(1,2))', free = "^([Fp]|ref.df) "), case('t2(x,z,k=5,ord=c(0,1))', free = "^([Fp]|ref.df) "), case('t2(x,z,k=5,ord=c(0,2),full=TRUE)', "ML", free = "^([Fp]|ref.df) "), case('t2(x,z,u,k=3,ord=c(0,1,2))', "REML", free = "^([Fp]|ref.df) "), case('x+z+t2(x,z,k=5,ord=2)', free = "^([Fp]|ref.df) "),
  case('te(x,z,bs="tp",k=5,xt=list(max.knots=500))'), case('te(x,z,bs=c("cr","gp"),k=5,xt=list(NULL,list(max.knots=500)))'), case('t2(x,z,bs="tp",k=5,xt=list(list(max.knots=500),NULL))', free = "^([Fp]|ref.df) "), case('ti(x,z,bs=c("tp","cr"),k=5,xt=list(list(max.knots=500,seed=2),NULL))'),
  case('te(x,z,k=5,fx=c(TRUE,FALSE))'), case('te(x,z,k=c(6,4),sp=c(0.1,-1))'), case('te(x,z,u,d=c(2,1),bs=c("tp","cr"),k=c(8,4))'), case('te(x,z,bs=c("ps","tp"),k=c(6,5),m=list(c(2,1),1))'), case('te(x,z,bs="ps",k=5,m=c(2,1),np=FALSE)'), case('ti(x,z,k=5,mc=c(0,1))'), case('te(x,f,bs=c("cr","re"),k=c(5,3))'),
  case('te(x,z,k=4,by=o)+o+te(x,z,k=4)'), case('te(x,z,k=4,by=v)', "ML"), case('t2(x,f,bs=c("cr","re"),k=c(5,3))', free = "^([Fp]|ref.df) "), case('s(x,k=8,sp=0.05)+s(z,k=6,fx=TRUE)'), case('ti(x,z,k=4,by=f)+f'), case('te(x,z,k=5)', select = TRUE, free = "^(F|ref.df) "),
  case('s(x,k=7)+s(f,x,bs="sz",k=5)', response = "m"), case('s(x,bs="ad",k=12,m=3)+s(z,k=5)', response = "m"), case('te(x,z,u,k=3)', response = "m"), case('s(f,x,bs="sz",k=5,xt=list(bs="cr"))', response = "m"))
# Curves of fs with two unpenalised functions, rotated as documented: mgcv's own rotation depends on rounding in LAPACK for bs="tp".
smooth.construct.zf.smooth.spec <- function(object, data, knots) {
  class(object) <- "fs.smooth.spec"
  sm <- smooth.construct(object, data, knots)
  k <- ncol(sm$Xb); nulls <- k - 1:0
  covariate <- setdiff(object$term, sm$fterm)
  first <- smooth.construct(eval(parse(text = paste0("s(", covariate, ",k=", k, ")"))), data[covariate], NULL)$X[, 1]
  v <- c(crossprod(first, sm$Xb[, nulls])); v <- v / sqrt(sum(v^2))
  turn <- diag(k); turn[nulls, nulls] <- cbind(c(v[2], -v[1]), v)
  sm$X <- sm$X %*% kronecker(diag(length(sm$flev)), turn)
  sm
}
# Adaptive smooths of two bases of different size: mgcv's penalty is that of a grid whose first variable varies fastest among the columns, which
# is not the order of its columns.
smooth.construct.za.smooth.spec <- function(object, data, knots) {
  class(object) <- "ad.smooth.spec"
  sm <- smooth.construct(object, data, knots)
  sm$X <- tensor.prod.model.matrix(list(sm$margin[[2]]$X, sm$margin[[1]]$X))
  sm
}
# Point constraints of tensor products, which this version of mgcv does not read under R 4.2: set on the object.
smooth.construct.zt.smooth.spec <- function(object, data, knots) {
  sm <- smooth.construct(eval(parse(text = object$xt$term)), data, knots)
  sm$C <- Predict.matrix(sm, as.data.frame(object$xt$point))
  sm
}
tensor <- "(te|ti|t2)\\((.*),pc=(c|list)\\(([^)]*)\\)\\)"
point_of <- function(terms) {
  parts <- regmatches(terms, regexec(tensor, terms))[[1]]
  point <- eval(parse(text = paste0("list(", parts[5], ")")))
  if (is.null(names(point))) names(point) <- c("x", "z")
  point
}
emulated <- function(one) {
  if (is.null(one$emulate)) return(one$terms)
  if (one$emulate == "za") return(gsub('"ad"', '"za"', one$terms))
  if (one$emulate == "shift") return(sub(tensor, "\\1(\\2)", one$terms))
  point <- point_of(one$terms)
  at <- paste(names(point), point, sep = "=", collapse = ",")
  sub(tensor, paste0("s(x,z,bs='zt',xt=list(term='\\1(\\2)',point=list(", at, ")))"), gsub('"', "\"", one$terms))
}
tight <- list(epsilon = 1e-13, mgcv.tol = 1e-13, newton = list(conv.tol = 1e-12, maxNstep = 5), maxit = 400)
results <- list()
for (one in cases) {
  if (isTRUE(one$skip)) next
  terms <- if (is.null(one$nulls)) emulated(one) else gsub('"fs"', '"zf"', one$terms)
  response <- if (is.null(one$response)) "y" else one$response
  args <- list(formula = as.formula(paste(response, "~", terms)), data = d, method = one$method, control = tight, select = isTRUE(one$select))
  if (!is.null(one$family)) args$family <- one$family
  args$knots <- one$knots
  args$sp <- one$sp
  if (!is.null(one$weights)) args$weights <- d[[one$weights]]
  b <- tryCatch(suppressWarnings(do.call(gam, args)), error = function(e) { message(one$terms, " ", one$method, ": ", conditionMessage(e)); NULL })
  if (is.null(b)) next
  s <- summary(b, re.test = TRUE)
  values <- c(criterion = unname(b$gcv.ubre), deviance = deviance(b), df = sum(b$edf), scale = b$sig2, AIC = AIC(b))
  # A t2 at a point is that of mgcv less its value there, which the intercept takes.
  if (identical(one$emulate, "shift")) {
    at <- predict(b, as.data.frame(point_of(one$terms)), se.fit = TRUE)
    s$p.table[1, 1:2] <- c(at$fit, at$se.fit)
  }
  for (i in seq_len(nrow(s$p.table))) values[paste(c("estimate", "error"), i)] <- s$p.table[i, 1:2]
  for (i in seq_len(nrow(s$s.table))) values[paste(c("edf", "ref.df", "F", "p"), i)] <- s$s.table[i, 1:4]
  for (i in seq_along(b$sp)) values[paste("sp", i)] <- b$sp[i]
  if (!is.null(one$free)) values <- values[!grepl(one$free, names(values))]
  one$statistics <- as.list(signif(values, 12))
  results[[length(results) + 1]] <- one
}
cat(length(results), "cases\n")
lines <- vapply(results, toJSON, "", auto_unbox = TRUE, digits = I(12))
writeLines(c("[", paste0(lines, c(rep(",", length(lines) - 1), "")), "]"), "cases.json")
# Curves and derivatives at points: derivatives by central differences of predict(type = "lpmatrix"), and the factor of simultaneous intervals
# over the points by simulation (Simpson 2018).
points <- function(column) seq(min(d[[column]]), max(d[[column]]), length.out = 12)
curve <- function(terms, smooth, ...) list(terms = terms, smooth = smooth, at = list(...))
wanted <- list(
  curve('s(x,k=7)+s(z,k=5)', 1), curve('s(x,k=7,bs="cr")', 1), curve('s(x,k=7,bs="ps")', 1), curve('s(x,k=7,bs="bs",m=c(3,2,0))', 1), curve('s(x,k=7,bs="gp")', 1), curve('s(x,k=6,bs="ts")', 1),
  curve('s(x,k=12,bs="ad",m=3)', 1), curve('s(a,k=7,bs="cc")', 1), curve('s(a,k=7,bs="cp")', 1), curve('f+s(x,k=6,by=f)', 2, f = "b"), curve('s(x,k=6,pc=0.3)', 1), curve('te(x,k=6)', 1), curve('s(x,k=6,m=c(2,0))', 1),
  curve('s(x,f,bs="fs",k=5,xt="cr")', 1, f = "c"), curve('s(x,k=6)+s(f,x,bs="sz",k=5)', 2, f = "c"), curve('s(x,k=6)+s(f,x,bs="sz",k=5,id=1)', 2, f = "a"))
set.seed(7)
results <- lapply(wanted, function(one) {
  b <- gam(as.formula(paste("y ~", one$terms)), data = d, method = "REML", control = tight)
  sm <- b$smooth[[one$smooth]]
  name <- intersect(sm$term, c("x", "a"))
  at <- data.frame(x = 0.5, z = 0.5, a = 100, f = factor("a", levels(d$f)))[rep(1, 12), ]
  at[[name]] <- points(name)
  if (!is.null(one$at$f)) at$f <- factor(one$at$f, levels(d$f))
  columns <- sm$first.para:sm$last.para
  h <- 1e-5 * diff(range(d[[name]]))
  matrix_at <- function(step) { moved <- at; moved[[name]] <- moved[[name]] + step; predict(b, moved, type = "lpmatrix")[, columns, drop = FALSE] }
  # One-sided of second order at the ends, where a cyclic smooth would leave its period.
  slopes <- (matrix_at(h) - matrix_at(-h)) / (2 * h)
  slopes[1, ] <- ((-3 * matrix_at(0) + 4 * matrix_at(h) - matrix_at(2 * h)) / (2 * h))[1, ]
  slopes[12, ] <- ((3 * matrix_at(0) - 4 * matrix_at(-h) + matrix_at(-2 * h)) / (2 * h))[12, ]
  V <- b$Vp[columns, columns]; beta <- coef(b)[columns]
  describe <- function(X) {
    se <- sqrt(pmax(0, rowSums((X %*% V) * X)))
    draws <- X %*% (t(chol(V + diag(1e-14 * max(diag(V)), nrow(V)))) %*% matrix(rnorm(nrow(V) * 2e5), nrow(V)))
    list(value = signif(drop(X %*% beta), 10), se = signif(se, 10), critical = signif(quantile(apply(abs(draws / se), 2, max), 0.95, type = 8, names = FALSE), 5))
  }
  c(one[c("terms", "smooth")], list(level = if (is.null(one$at$f)) "" else one$at$f, fit = describe(matrix_at(0)), derivative = describe(slopes)))
})
lines <- vapply(results, toJSON, "", auto_unbox = TRUE, digits = I(10))
writeLines(c("[", paste0(lines, c(rep(",", length(lines) - 1), "")), "]"), "curves.json")
