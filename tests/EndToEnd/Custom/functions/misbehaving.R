# Four numbers at every element; at a few elements, what the environment asks for instead.
misbehaving <- function(data, pause = 0) {
    Sys.sleep(pause)
    if (data$FD[1] > 1.5) switch(Sys.getenv("MISBEHAVE"),
        stop = stop("no good reason"),
        kill = tools::pskill(Sys.getpid(), tools::SIGKILL),
        quit = quit("no", 3),
        hang = repeat Sys.sleep(1),
        slow = Sys.sleep(2.5),
        memory = {
            all <- list()
            repeat all[[length(all) + 1]] <- rnorm(1e7)
        },
        print = {
            cat(strrep("garbage ", 5000), "\n")
            system("echo garbage of a child")
            message("to standard error")
        },
        columns = return(c(mean = 1, median = 1, draw = 1, first = 1)),
        strings = return(list(mean = "large", sd = 1, draw = 1, first = 1)),
        nan = return(c(mean = NaN, sd = NA, draw = 1, first = 1)))
    c(mean = mean(data$FD), sd = sd(data$FD), draw = runif(1), first = data$FD[1])
}
