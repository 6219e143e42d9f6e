start <- as.Date("2024-02-27")
# %%
for (day in as.list(seq(start, by = "day", length.out = 4))) cat(format(day, "%Y-%m-%d %a"), "\n")
# %%
as.integer(as.Date("2025-01-01") - start)
# %%
years <- c(1900, 2000, 2023, 2024)
years[(years %% 4 == 0 & years %% 100 != 0) | years %% 400 == 0]
# %%
days <- as.Date(sprintf("2026-%02d-13", 1:12))
format(days[format(days, "%u") == "5"], "%e %B")
# %%
moment <- as.POSIXct(1e9, origin = "1970-01-01", tz = "UTC")
format(moment, "%Y-%m-%dT%H:%M:%S%z", tz = "Asia/Tokyo")
# %%
difftime(as.POSIXct("2024-03-01", tz = "UTC"), as.POSIXct("2024-02-28", tz = "UTC"), units = "hours")
# %%
cut(as.Date(c("2024-01-15", "2024-02-01")), "month")
