staff <- data.frame(
  name = c("Ada", "Bob", "Cy", "Dee", "Eve"),
  team = c("red", "blue", "red", "blue", "red"),
  pay = c(52, 40, 52, 61.5, 38)
)
staff[order(-staff$pay, staff$name), ]
# %%
aggregate(pay ~ team, staff, mean)
# %%
tapply(staff$pay, staff$team, max)
# %%
library(dplyr, warn.conflicts = FALSE)
staff |>
  group_by(team) |>
  summarise(people = n(), total = sum(pay)) |>
  as.data.frame()
# %%
staff |> arrange(desc(pay)) |> slice_head(n = 2) |> pull(name)
# %%
merge(staff, data.frame(team = c("red", "blue"), floor = 1:2))[c("name", "floor")]
