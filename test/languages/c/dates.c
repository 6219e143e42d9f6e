struct tm date = {.tm_year = 124, .tm_mon = 1, .tm_mday = 28, .tm_hour = 12};
time_t moment = timegm(&date);
moment
// %%
moment += 2 * 24 * 60 * 60;
char text[40];
strftime(text, sizeof text, "%A, %d %B %Y", gmtime(&moment));
text
// %%
bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }
for (int year = 2023; year <= 2025; ++year) printf("%d %s\n", year, is_leap(year) ? "leap" : "common");
// %%
is_leap(1900)
