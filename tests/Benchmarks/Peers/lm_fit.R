# R by hand for the same lm: matrix lm.fit in blocks of elements, all statistics of the default columns.
# usage: Rscript lm_fit.R values.f64 cohort.csv ELEMENTS BLOCK    (values: subjects x elements, a block's columns one after the other)
# Prints the seconds that fitting took, reading aside.
arguments <- commandArgs(TRUE)
cohort <- read.csv(arguments[2])
elements <- as.integer(arguments[3])
block <- as.integer(arguments[4])
x <- model.matrix(~ Age + sex + motion, cohort)
input <- file(arguments[1], "rb")
seconds <- 0
for (first in seq(1, elements, block)) {
    count <- min(block, elements - first + 1)
    y <- matrix(readBin(input, "double", nrow(x) * count), nrow(x), count)
    seconds <- seconds + system.time({
        fit <- lm.fit(x, y)
        df <- fit$df.residual
        rss <- colSums(fit$residuals^2)
        xx <- chol2inv(fit$qr$qr[1:4, 1:4])
        se <- sqrt(outer(diag(xx), rss / df))
        t <- fit$coefficients / se
        p <- 2 * pt(-abs(t), df)
        mss <- colSums(fit$effects[2:4, , drop = FALSE]^2)
        adjusted <- 1 - (rss / (rss + mss)) * (nrow(x) - 1) / df
        pf <- pf(mss / 3 / (rss / df), 3, df, lower.tail = FALSE)
    })[["elapsed"]]
}
cat("fit", seconds, "\n")
