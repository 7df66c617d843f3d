# As ModelArray's guide writes functions: pipes that the file does not load, a table of group means and a tidied analysis of variance, side by side.
sex_differences <- function(data) {
    means <- data %>%
        dplyr::group_by(sex) %>%
        dplyr::summarize(FD = mean(FD)) %>%
        tidyr::pivot_wider(names_from = sex, values_from = FD, names_glue = "FD_{sex}")
    tests <- lm(FD ~ sex + Age, data = data) %>%
        anova() %>%
        broom::tidy() %>%
        dplyr::filter(term != "Residuals") %>%
        dplyr::select(term, statistic, p.value) %>%
        tidyr::pivot_wider(names_from = term, values_from = c(statistic, p.value), names_glue = "{term}.{.value}")
    dplyr::bind_cols(means, tests)
}
