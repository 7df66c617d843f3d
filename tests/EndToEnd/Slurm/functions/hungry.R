# The mean of every element. At the first element of a job it holds HPCFIT_TEST_MEGABYTES of memory: until it is killed for it, in a job that was
# given less.
seen <- FALSE
hungry <- function(data) {
    if (!seen) {
        wanted <- as.numeric(Sys.getenv("HPCFIT_TEST_MEGABYTES", "0"))
        held <- numeric(wanted * 131072)
        held[] <- 1
        while (as.numeric(Sys.getenv("SLURM_MEM_PER_NODE", "Inf")) < wanted && length(held) > 0) Sys.sleep(0.2)
        seen <<- TRUE
    }
    c(mean = mean(data$FD))
}
