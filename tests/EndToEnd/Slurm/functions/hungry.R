# The mean of every element. At the first element of a job it holds HPCFIT_TEST_MEGABYTES of memory for a while.
seen <- FALSE
hungry <- function(data) {
    if (!seen) {
        held <- numeric(as.numeric(Sys.getenv("HPCFIT_TEST_MEGABYTES", "0")) * 131072)
        held[] <- 1
        Sys.sleep(as.numeric(Sys.getenv("HPCFIT_TEST_SLEEP", "0")))
        seen <<- length(held) >= 0
    }
    c(mean = mean(data$FD))
}
