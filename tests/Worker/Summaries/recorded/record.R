# Records what R 4.2.2 and mgcv print about elements of tests/Data/oracle/data/clean.h5. Run: Rscript record.R (needs h5dump of hdf5-tools).
# The additive model's element is one whose smooth is not beyond doubt: mgcv's p-values of smooths have an absolute error of up to 2e-5.
# It is converged further than by default, for no printed digit to hang on where the search stopped.
library(mgcv)
converged <- gam.control(epsilon = 1e-12, newton = list(conv.tol = 1e-12))
data <- "../../../Data/oracle/data"
phenotypes <- read.csv(file.path(data, "clean.csv"), stringsAsFactors = TRUE)
response <- function(id, file = "clean.h5", scalar = "FDC", subjects = 64) {
  system2("h5dump", c("-d", paste0("/scalars/", scalar, "/values"), "-s", paste0("0,", id), "-c", paste0(subjects, ",1"), "-b", "LE", "-o", "element.bin", file.path(data, file)), stdout = FALSE)
  on.exit(unlink("element.bin"))
  readBin("element.bin", "numeric", n = subjects, size = 4)
}
phenotypes$FDC <- response(7)
sink("lm.txt"); print(summary(lm(FDC ~ Age + sex + motion, data = phenotypes))); sink()
sink("lm_weighted.txt"); print(summary(lm(FDC ~ Age + Age2x + sex, data = phenotypes, weights = w))); sink()
# Rows of weight 0 are residuals of 0.
phenotypes$zero <- as.numeric(phenotypes$Age > 15)
sink("lm_zero_weights.txt"); print(summary(lm(FDC ~ Age + sex, data = phenotypes, weights = zero))); sink()
phenotypes$FDC <- response(21)
sink("gam.txt"); print(summary(gam(FDC ~ s(Age, k = 4) + sex + motion, data = phenotypes, method = "REML", control = converged))); sink()
sink("gam_rank.txt"); print(summary(gam(FDC ~ s(Age, k = 4) + sex + motion + I(2 * motion), data = phenotypes, method = "REML", control = converged))); sink()
# 11 subjects and 6 coefficients leave so few degrees of freedom that all residuals are printed.
phenotypes <- read.csv(file.path(data, "masked.csv"), stringsAsFactors = TRUE)
phenotypes$FA <- response(3, "masked.h5", "FA", 60)
phenotypes$FA[!is.finite(phenotypes$FA)] <- NA
sink("lm_few_degrees.txt"); print(summary(lm(FA ~ Age + sex + motion + site, data = phenotypes))); sink()
