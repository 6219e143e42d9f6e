date_default_timezone_set('UTC');
$start = new DateTimeImmutable('2024-02-27');
// %%
foreach (new DatePeriod($start, new DateInterval('P1D'), 3) as $day) {
    echo $day->format('Y-m-d D'), "\n";
}
// %%
$start->diff(new DateTimeImmutable('2025-01-01'))->days
// %%
$leap = array_filter([1900, 2000, 2023, 2024], fn($year) => checkdate(2, 29, $year));
implode(', ', $leap)
// %%
for ($month = 1; $month <= 12; $month++) {
    $day = new DateTimeImmutable("2026-$month-13");
    if ($day->format('N') === '5') {
        echo $day->format('j F'), "\n";
    }
}
// %%
(new DateTimeImmutable('@1000000000'))->setTimezone(new DateTimeZone('Asia/Tokyo'))->format(DATE_ATOM)
