export TZ=UTC
start=2024-02-27
# %%
for days in 0 1 2 3; do date -d "$start + $days days" +'%F %a'; done
# %%
days_between() { echo $((($(date -d "$2" +%s) - $(date -d "$1" +%s)) / 86400)); }
days_between 2023-01-01 2024-01-01
days_between 2024-01-01 2025-01-01
# %%
is_leap() { (($1 % 4 == 0 && ($1 % 100 != 0 || $1 % 400 == 0))); }
for year in 1900 2000 2023 2024; do
  if is_leap $year; then echo "$year is a leap year"; fi
done
# %%
printf '%(%Y-%m-%dT%H:%M:%SZ)T\n' 1000000000
# %%
# Every Friday the 13th of 2026.
for month in {1..12}; do
  date -d "2026-$month-13" +'%u %F'
done | awk '$1 == 5 { print $2 }'
