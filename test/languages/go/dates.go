import "time"

day := time.Date(2024, time.February, 28, 12, 0, 0, 0, time.UTC)
for range 3 {
	fmt.Println(day.Format("Mon 2 Jan 2006"), day.YearDay())
	day = day.AddDate(0, 0, 1)
}
// %%
func isLeap(year int) bool {
	return year%4 == 0 && year%100 != 0 || year%400 == 0
}
var leaps []int
for year := 1996; year <= 2012; year++ {
	if isLeap(year) {
		leaps = append(leaps, year)
	}
}
leaps
// %%
launch, err := time.Parse(time.RFC3339, "1969-07-16T13:32:00Z")
landing := launch.Add(102*time.Hour + 45*time.Minute)
landing
// %%
landing.Sub(launch)
// %%
func lastFridays(year int) (days []string) {
	for month := time.January; month <= time.December; month++ {
		day := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
		for day.Weekday() != time.Friday {
			day = day.AddDate(0, 0, -1)
		}
		days = append(days, day.Format("01-02"))
	}
	return
}
lastFridays(2012)
// %%
_, err = time.Parse("2006-01-02", "2024-13-01")
err.Error()
