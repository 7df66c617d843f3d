# The mean and the age slope of every element, after as much sleep as HPCFIT_TEST_SLEEP says (seconds): a fit that takes long and costs nothing.
sleepy <- function(data) {
    Sys.sleep(as.numeric(Sys.getenv("HPCFIT_TEST_SLEEP", "0")))
    c(mean = mean(data$FD), slope = cov(data$FD, data$Age) / var(data$Age))
}
