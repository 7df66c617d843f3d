# Writes kenward_roger.json: the method of Kenward and Roger of models with several random terms and slopes in cohort.csv and values.csv, by
# pbkrtest and lmerTest at an optimum polished by Newton steps. Run in this folder: Rscript make_kenward_roger.R.
suppressMessages({ library(lmerTest); library(pbkrtest); library(jsonlite) })
cohort <- read.csv("cohort.csv", stringsAsFactors = TRUE)
values <- as.matrix(read.csv("values.csv", header = FALSE))
quiet <- function(expression) suppressMessages(suppressWarnings(expression))
control <- lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore", restart_edge = FALSE,
                       optCtrl = list(rhobeg = 0.05, rhoend = 1e-12, maxfun = 1e5))
result <- list()
one <- function(formula, elements, contrast = FALSE) for (element in elements) {
  data <- cohort
  data$y <- values[, element + 1]
  data <- data[is.finite(data$y), ]
  fit_at <- function(control, start) quiet(lmerTest::lmer(as.formula(paste("y ~", formula)), data, control = control, start = start))
  fit <- fit_at(control, NULL)
  theta <- unname(getME(fit, "theta"))
  if (all(theta[getME(fit, "lower") == 0] > 1e-3)) {
    criterion <- update(fit, devFunOnly = TRUE)
    for (step in 1:4) theta <- theta - solve(numDeriv::hessian(criterion, theta), numDeriv::grad(criterion, theta))
    fit <- fit_at(lmerControl(optimizer = NULL, calc.derivs = FALSE, check.conv.singular = "ignore"), theta)
  }
  table <- quiet(coef(summary(fit, ddf = "Kenward-Roger")))
  expected <- list()
  for (r in rownames(table)) {
    name <- if (r == "(Intercept)") "Intercept" else r
    expected[[paste0(name, ".std.error")]] <- table[r, "Std. Error"]
    expected[[paste0(name, ".df")]] <- table[r, "df"]
    expected[[paste0(name, ".statistic")]] <- table[r, "t value"]
    expected[[paste0(name, ".p.value")]] <- table[r, "Pr(>|t|)"]
  }
  if (grepl("scanner", formula)) {
    l <- setNames(numeric(length(fixef(fit))), names(fixef(fit)))
    l[c("scannerB", "scannerC")] <- c(1, -1)
    of <- quiet(contest(fit, l, joint = FALSE, ddf = "Kenward-Roger"))
    expected[["b-c.estimate"]] <- of$Estimate
    expected[["b-c.std.error"]] <- of$`Std. Error`
    expected[["b-c.df"]] <- of$df
    f <- quiet(anova(fit, type = 3, ddf = "Kenward-Roger"))["scanner", ]
    expected[["scanner.F.statistic"]] <- f$`F value`
    expected[["scanner.F.df1"]] <- f$NumDF
    expected[["scanner.F.df2"]] <- f$DenDF
    expected[["scanner.F.p.value"]] <- f$`Pr(>F)`
  }
  result[[length(result) + 1]] <<- list(formula = formula, element = element, singular = isSingular(fit, 1e-6), theta = I(theta),
                                        expected = expected)
}
one("Age + scanner + sex + (1 | site) + (1 | id)", c(0, 4))
one("Age + scanner + sex + (1 | site/family/id)", 0)
one("Age + scanner + (1 | id) + (1 | rater)", c(0, 1))
one("visit + scanner + sex + (visit | id)", c(1, 2, 4))
one("visit + scanner + (visit || id)", 1)
one("visit * sex + scanner + (visit | id) + (1 | rater)", 1)
one("Age + sex + (Age | site) + (1 | id)", 2)
one("dose + scanner + (dose | rater) + (1 | id)", c(0, 1))
one("visit + (0 + visit | id)", 2)
one("visit + dose + (1 + visit + dose | site)", c(0, 2))
one("Age + scanner + (1 | site) + (1 | id)", 3)
versions <- sapply(c("lme4", "lmerTest", "pbkrtest"), function(p) as.character(packageVersion(p)))
write_json(list(R = R.version.string, versions = as.list(versions), cases = result), "kenward_roger.json", digits = NA, auto_unbox = TRUE,
           null = "null", na = "null")
