set.seed(7)
x <- rnorm(100, mean = 10)
# %%
round(c(mean(x), sd(x)), 3)
# %%
fit <- lm(mpg ~ wt, data = mtcars)
round(coef(fit), 3)
# %%
round(summary(fit)$r.squared, 4)
# %%
quantile(mtcars$mpg)
# %%
with(warpbreaks, table(wool, tension))
# %%
round(optimize(function(x) (x - 2)^2, c(0, 5))$minimum, 4)
# %%
as.integer("seven")
# %%
log("seven")
