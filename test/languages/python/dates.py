from datetime import date, datetime, timedelta, timezone

start = date(2024, 2, 27)


def days(first, count):
    for n in range(count):
        yield first + timedelta(days=n)
# %%
for day in days(start, 4):
    print(day.isoformat(), f"{day:%j}", day.isoweekday())
# %%
(date(2025, 1, 1) - start).days
# %%
import calendar

print([year for year in (1900, 2000, 2023, 2024) if calendar.isleap(year)])
thirteenths = (date(2026, month, 13) for month in range(1, 13))
print(*(day for day in thirteenths if day.weekday() == calendar.FRIDAY))
# %%
tokyo = timezone(timedelta(hours=9), "JST")
moment = datetime.fromtimestamp(1_000_000_000, timezone.utc)
print(moment.isoformat())
print(f"{moment.astimezone(tokyo):%Y-%m-%d %H:%M:%S %Z}")
# %%
# Defined again: working days only.
def days(first, count):
    while count > 0:
        if first.weekday() < 5:
            yield first
            count -= 1
        first += timedelta(days=1)


[day.day for day in days(start, 6)]
# %%
datetime.strptime("29/02/2024 23:59", "%d/%m/%Y %H:%M") + timedelta(minutes=1)
# %%
try:
    start.replace(day=31)
except ValueError as error:
    print("caught:", type(error).__name__)
