# Writes hypotheses.json: contrasts, F tests of terms and the method of Kenward and Roger by lmerTest and pbkrtest, on cohort.csv and
# values.csv of make_cases.R. Run in this folder: Rscript make_hypotheses.R.
suppressMessages({ library(lmerTest); library(pbkrtest); library(jsonlite) })
cohort <- read.csv("cohort.csv", stringsAsFactors = FALSE)
values <- as.matrix(read.csv("values.csv", header = FALSE))
control <- lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore",
                       optCtrl = list(rhobeg = 2e-3, rhoend = 1e-12, maxfun = 1e5))
cases <- list()
fit_case <- function(key, formula, contrasts = list(), terms = character(), df = "satterthwaite", type = "III", weights = NULL,
                     subset = NULL) {
  ddf <- if (df == "kr") "Kenward-Roger" else "Satterthwaite"
  expected <- list()
  put <- function(name, e, value) {
    if (is.null(expected[[name]])) expected[[name]] <<- rep(NA_real_, ncol(values))
    expected[[name]][e] <<- unname(value)
  }
  for (e in seq_len(ncol(values))) {
    data <- cohort
    data$y <- values[, e]
    data <- data[is.finite(data$y), ]
    data$.keep <- if (is.null(subset)) TRUE else eval(parse(text = subset), data)
    if (!is.null(weights)) data$.w <- data[[weights]] else data$.w <- 1
    starts <- lapply(c(0.02, 0.3, 1, 4), function(theta)
      suppressMessages(suppressWarnings(lmerTest::lmer(as.formula(paste("y ~", formula)), data, weights = .w, subset = .keep,
                                                       control = control, start = theta))))
    fit <- starts[[which.min(sapply(starts, function(f) -2 * as.numeric(logLik(f))))]]
    theta <- unname(getME(fit, "theta"))
    put("theta", e, theta)
    if (theta < 0.02 && df != "kr") next
    table <- suppressMessages(coef(summary(fit, ddf = ddf)))
    for (r in rownames(table)) {
      name <- if (r == "(Intercept)") "Intercept" else r
      put(paste0(name, ".std.error"), e, table[r, "Std. Error"])
      put(paste0(name, ".df"), e, table[r, "df"])
      put(paste0(name, ".p.value"), e, table[r, "Pr(>|t|)"])
    }
    beta <- names(fixef(fit))
    for (name in names(contrasts)) {
      weights_of <- setNames(rep(0, length(beta)), beta)
      weights_of[names(contrasts[[name]])] <- contrasts[[name]]
      one <- contest(fit, weights_of, joint = FALSE, ddf = ddf, confint = TRUE)
      put(paste0(name, ".estimate"), e, one$Estimate)
      put(paste0(name, ".std.error"), e, one[["Std. Error"]])
      put(paste0(name, ".df"), e, one$df)
      put(paste0(name, ".statistic"), e, one[["t value"]])
      put(paste0(name, ".p.value"), e, one[["Pr(>|t|)"]])
      put(paste0(name, ".conf.low"), e, one$lower)
      put(paste0(name, ".conf.high"), e, one$upper)
    }
    anova <- suppressMessages(anova(fit, type = type, ddf = ddf))
    for (term in terms) {
      put(paste0(term, ".F.statistic"), e, anova[term, "F value"])
      put(paste0(term, ".F.df1"), e, anova[term, "NumDF"])
      put(paste0(term, ".F.df2"), e, anova[term, "DenDF"])
      put(paste0(term, ".F.p.value"), e, anova[term, "Pr(>F)"])
    }
  }
  texts <- lapply(names(contrasts), function(name)
    list(name = name, weights = as.list(contrasts[[name]])))
  cases[[key]] <<- list(formula = formula, contrasts = texts, terms = I(terms), df = df, type = type, weights = weights, subset = subset,
                        expected = expected)
}
two <- list(ba_cb = c(armb = -1, armc = 1), c_half = c(armc = 1, armb = -0.5))
for (df in c("satterthwaite", "kr")) {
  for (type in c("III", "II")) {
    key <- function(name) paste(name, df, type, sep = "_")
    fit_case(key("arms"), "Age + arm + sex + (1 | id)", two, c("arm", "sex", "Age"), df, type)
    fit_case(key("interaction"), "Age * arm + sex + (1 | id)", list(slopes = c("Age:armb" = 1, "Age:armc" = -1)),
             if (type == "II") c("Age", "Age:arm") else c("Age", "arm", "Age:arm"), df, type)
    fit_case(key("factors"), "arm * sex + Age + (1 | id)", list(), c("arm", "sex", "arm:sex"), df, type)
    fit_case(key("site"), "site + visit + (1 | id)", list(), c("site", "visit"), df, type)
    # pbkrtest takes residuals with weights for those without.
    if (df != "kr") fit_case(key("weights"), "Age + arm * sex + (1 | id)", two, c("arm", "arm:sex", "sex"), df, type, weights = "w")
    fit_case(key("subset"), "Age + arm + (1 | id)", two, c("arm"), df, type, subset = "qc == 1")
  }
}
versions <- sapply(c("lme4", "lmerTest", "pbkrtest"), function(p) as.character(packageVersion(p)))
write_json(list(R = R.version.string, versions = as.list(versions), cases = cases), "hypotheses.json", digits = NA, auto_unbox = TRUE,
           na = "null", null = "null")
