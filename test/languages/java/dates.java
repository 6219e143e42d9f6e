import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
LocalDate start = LocalDate.of(2024, 2, 27);
// %%
start.datesUntil(start.plusDays(4)).forEach(day -> System.out.println(day + " " + day.getDayOfWeek()));
// %%
ChronoUnit.DAYS.between(start, LocalDate.of(2025, 1, 1))
// %%
IntStream.of(1900, 2000, 2023, 2024).filter(Year::isLeap).boxed().toList()
// %%
var fridays = IntStream.rangeClosed(1, 12).mapToObj(month -> LocalDate.of(2026, month, 13))
    .filter(day -> day.getDayOfWeek() == DayOfWeek.FRIDAY).map(LocalDate::getMonth).toList();
fridays
// %%
Instant.ofEpochSecond(1_000_000_000).atZone(ZoneId.of("Asia/Tokyo")).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME)
// %%
Duration.ofMinutes(135)
// %%
LocalDate.parse("2024-02-30")
