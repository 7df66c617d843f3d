# Takes the mean difference between sexes out, subject by subject.
harmonize <- function(data) setNames(data$FD - ave(data$FD, data$sex) + mean(data$FD), data$source_file)
