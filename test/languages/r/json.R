library(jsonlite)
people <- fromJSON('{"people": [
  {"name": "Ada", "born": 1815, "tags": ["maths", "poetry"]},
  {"name": "Kōji \\"K\\"", "born": 1935, "tags": []}
]}')$people
# %%
people$born
# %%
people$name[2]
# %%
people$century <- people$born %/% 100 + 1
cat(toJSON(people[c("name", "century")]), "\n")
# %%
text <- toJSON(list(empty = list(), flag = TRUE, nothing = NULL, nested = list(a = 1:2)), auto_unbox = TRUE, null = "null")
cat(text, "\n")
# %%
identical(fromJSON(text)$nested$a, 1:2)
# %%
fromJSON("{broken")
