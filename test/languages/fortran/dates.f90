! Days between dates, weekdays, leap years.
elemental integer function julian_day(year, month, day)
  integer, intent(in) :: year, month, day
  julian_day = day - 32075 + 1461 * (year + 4800 + (month - 14) / 12) / 4 &
    + 367 * (month - 2 - (month - 14) / 12 * 12) / 12 &  ! days of the months
    - 3 * ((year + 4900 + (month - 14) / 12) / 100) / 4
end function
julian_day(2026, 1, 1) - julian_day(1969, 7, 20)
! %%
character(9), parameter :: weekdays(0:6) = [character(9) :: 'Monday', 'Tuesday', 'Wednesday', &
                                           'Thursday', 'Friday', 'Saturday', 'Sunday']
weekdays(mod(julian_day(1969, 7, 20), 7))
! %%
elemental logical function is_leap(year)
  integer, intent(in) :: year
  is_leap = mod(year, 4) == 0 .and. (mod(year, 100) /= 0 .or. mod(year, 400) == 0)
end function
integer :: y
pack([(y, y = 1896, 1912)], is_leap([(y, y = 1896, 1912)]))
! %%
character(8) :: today
call date_and_time(date=today)
verify(today, '0123456789') == 0
