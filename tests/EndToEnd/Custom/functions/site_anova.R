# What a vignette of ModelArray would do: one table of an analysis of variance an element, and a bootstrap that needs random numbers.
half <- function(x) x / 2

site_anova <- function(data) {
    table <- anova(lm(FD ~ Age + sex, data = data))
    draws <- replicate(5, median(sample(data$FD, replace = TRUE)))
    data.frame(
        Age.F = table["Age", "F value"], Age.p = table["Age", "Pr(>F)"],
        sex.F = table["sex", "F value"], sex.p = table["sex", "Pr(>F)"],
        se = sd(draws), n = nrow(data))
}
