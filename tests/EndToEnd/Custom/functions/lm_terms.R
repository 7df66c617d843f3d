# What R's lm says of every term, named as hpcfit's own lm names it.
lm_terms <- function(data) {
    table <- coef(summary(lm(FD ~ Age + sex, data = data)))
    statistics <- c("estimate", "std.error", "statistic", "p.value")
    rownames(table)[1] <- "Intercept"
    setNames(c(t(table)), c(t(outer(rownames(table), statistics, paste, sep = "."))))
}
