# The mean and the age slope of every element. Where HPCFIT_TEST_GATE names a file, an interpreter that has answered a few elements goes on
# only once that file is there: a fit that lasts as long as a test wants it to.
answered <- 0

gated <- function(data) {
    # The probe, which is no job, goes through.
    inside <- nzchar(paste0(Sys.getenv("SLURM_JOB_ID"), Sys.getenv("SGE_JOB_SPOOL_DIR"), Sys.getenv("HPCFIT_TEST_STOP")))
    gate <- if (inside) Sys.getenv("HPCFIT_TEST_GATE") else ""
    while (nzchar(gate) && answered >= 20 && !file.exists(gate)) Sys.sleep(0.2)
    answered <<- answered + 1
    c(mean = mean(data$FD), slope = cov(data$FD, data$Age) / var(data$Age))
}
