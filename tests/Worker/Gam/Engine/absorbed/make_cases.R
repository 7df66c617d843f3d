# Additive models with a random effect of many levels: 36 participants with 1 to 5 sessions at 4 sites.
# Debian 12, mgcv 1.8-41. Rscript make_cases.R writes cohort.csv, values.csv and cases.json into the current folder.
suppressMessages({ library(mgcv); library(jsonlite) })
set.seed(20)
sessions <- rep(c(1, 2, 3, 3, 4, 5), 6)
id <- rep(seq_along(sessions), sessions)
visit <- sequence(sessions)
n <- length(id)
person <- data.frame(site = sample(c("A", "B", "C", "D"), 36, TRUE), sex = sample(c("F", "M"), 36, TRUE), start = runif(36, 8, 18))
cohort <- data.frame(id = sprintf("sub%02d", id), site = person$site[id], sex = person$sex[id],
  Age = round(person$start[id] + 1.1 * (visit - 1) + runif(n, 0, 0.4), 3), motion = round(runif(n), 3),
  time = round(visit - 1 + runif(n, 0.2, 0.8), 3), w = round(runif(n, 0.5, 1.5), 2), o = round(rnorm(n, 0, 0.3), 3))
b <- rnorm(36); bs <- setNames(rnorm(4), c("A", "B", "C", "D"))
signal <- function(person, site, curve) person * b[id] + site * bs[cohort$site] + curve * sin(cohort$Age / 2.5) + 0.4 * cohort$motion
values <- sapply(list(c(1, 0.7, 1), c(0.5, 0.3, 0), c(2, 0, 0.5)), function(s) round(5 + signal(s[1], s[2], s[3]) + rnorm(n), 5))
colnames(values) <- paste0("y", 1:3)
values[c(3, 40, 77), 2] <- NA
write.csv(cohort, "cohort.csv", row.names = FALSE, quote = FALSE)
write.csv(values, "values.csv", row.names = FALSE, quote = FALSE, na = "NaN")

cohort[c("id", "site", "sex")] <- lapply(cohort[c("id", "site", "sex")], factor)
plain <- function(name) gsub("[()]", "", name)
one <- function(formula, method, weights, subset, k) {
  d <- cohort; d$y <- values[, k]; d <- d[!is.na(d$y), ]
  if (!is.null(subset)) d <- d[eval(parse(text = subset), d), ]
  d$.w <- if (is.null(weights)) 1 else d[[weights]]
  fit <- gam(as.formula(paste("y ~", formula)), data = d, weights = .w, method = method,
    control = gam.control(epsilon = 1e-13, mgcv.tol = 1e-13, newton = list(conv.tol = 1e-13)))   # its default stops at 1e-6
  s <- summary(fit); out <- list()
  for (t in rownames(s$p.table)) {
    out[[paste0(plain(t), ".estimate")]] <- s$p.table[t, 1]; out[[paste0(plain(t), ".std.error")]] <- s$p.table[t, 2]
    out[[paste0(plain(t), ".p.value")]] <- s$p.table[t, 4]
  }
  out$smooths <- unname(lapply(seq_len(nrow(s$s.table)), function(i) unname(s$s.table[i, 1:4])))
  out$model.adj.r.squared <- s$r.sq; out$model.dev.expl <- s$dev.expl; out$model.sp.criterion <- unname(fit$gcv.ubre)
  out$model.scale <- fit$sig2; out$model.df.residual <- fit$df.residual; out$model.deviance <- fit$deviance
  out$model.logLik <- as.numeric(logLik(fit)); out$model.AIC <- AIC(fit); out$model.BIC <- BIC(fit)
  out
}
case <- function(formula, method = "REML", weights = NULL, subset = NULL) {
  rows <- lapply(1:3, function(k) one(formula, method, weights, subset, k))
  list(formula = unbox(formula), method = unbox(method), weights = unbox(if (is.null(weights)) NA else weights),
    subset = unbox(if (is.null(subset)) NA else subset), elements = lapply(rows, function(r) lapply(r, function(v) if (is.list(v)) v else unbox(v))))
}
id <- 's(id, bs="re")'
cases <- c(
  lapply(c("REML", "ML"), function(m) case(paste("s(Age, k=6) + sex +", id), m)),
  lapply(c("REML", "ML"), function(m) case(paste('s(Age, k=6) + sex + s(site, bs="re") +', id), m)),
  lapply(c("REML", "ML"), function(m) case(paste("Age + sex +", id), m)),
  list(
    case(paste("s(Age, k=5, by=sex) + sex +", id)),
    case(paste("te(Age, motion, k=4) +", id)),
    case(paste("s(Age, k=6) +", id, "+ s(motion, k=5)")),
    case(paste('s(Age, k=5, bs="cr") + s(motion, k=5, bs="ps") +', id), "ML"),
    case('s(Age, k=6) + sex + s(id, time, bs="re")'),
    case(paste('s(Age, k=5) +', id, '+ s(id, time, bs="re")')),
    case(paste("s(Age, k=6) + sex +", id), weights = "w"),
    case(paste("s(Age, k=6) + sex +", id), "ML", weights = "w"),
    case(paste("s(Age, k=6) + offset(o) +", id)),
    case(paste("s(Age, k=6) + sex +", id), subset = "motion < 0.8"),   # some participants have no session left
    case(paste("s(Age, k=6, bs='cc') + sex +", id), "ML")))
writeLines(toJSON(cases, digits = I(15), na = "null"), "cases.json")
