# A pipe that nothing in the file loads.
spread <- function(data) c(sd = data$FD %>% sd(), mean = data$FD %>% mean())
