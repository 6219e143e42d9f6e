log <- c("2024-02-29 ERROR disk full", "2024-03-01 INFO ok", "2024-03-02 ERROR net down: eth0")
# %%
grepl("ERROR", log)
# %%
parts <- regmatches(log, regexec("^(\\d{4})-(\\d\\d)-(\\d\\d) (\\w+) (.*)$", log))
errors <- Filter(function(part) part[5] == "ERROR", parts)
vapply(errors, function(part) part[6], "")
# %%
gsub("(\\w+)@(\\w+)", "\\2 at \\1", "ada@home, bob@work")
# %%
unlist(regmatches("a1b22c333", gregexpr("[0-9]+", "a1b22c333")))
# %%
sub("^\\s+|\\s+$", "", "  trim left  ")
# %%
gsub("(?<=[a-z])(?=[A-Z])", "_", "camelCaseName", perl = TRUE)
# %%
toupper(gsub("[^[:alpha:]]", "", "Ünïcode: naïve café!"))
