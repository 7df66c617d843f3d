# The mean and the age slope of every element, after as much sleep as HPCFIT_TEST_SLEEP says (seconds): a fit that takes long and costs nothing.
# Where HPCFIT_TEST_GATE names a file, an interpreter that has answered a few elements goes on only once that file is there.
answered <- 0

sleepy <- function(data) {
    gate <- Sys.getenv("HPCFIT_TEST_GATE")
    while (nzchar(gate) && answered >= 20 && !file.exists(gate)) Sys.sleep(0.2)
    answered <<- answered + 1
    Sys.sleep(as.numeric(Sys.getenv("HPCFIT_TEST_SLEEP", "0")))
    c(mean = mean(data$FD), slope = cov(data$FD, data$Age) / var(data$Age))
}
