library(testthat)
library(hpcfit)

test_check("hpcfit")
