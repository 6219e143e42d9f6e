! A small JSON reader that adds up all numbers.
character(len=:), allocatable :: text
integer :: at

character function look()
  do while (text(at:at) == ' ' .or. text(at:at) == ',' .or. text(at:at) == ':')
    at = at + 1
  end do
  look = text(at:at)
end function

recursive real(8) function value() result(total)
  integer :: first
  total = 0
  select case (look())
  case ('[', '{')
    at = at + 1
    do
      select case (look())
      case (']', '}')
        exit
      end select
      total = total + value()
    end do
    at = at + 1
  case ('"')
    at = at + 1
    do while (text(at:at) /= '"')
      if (text(at:at) == '\') at = at + 1
      at = at + 1
    end do
    at = at + 1
  case default
    first = at
    at = first - 1 + verify(text(first:) // ' ', '+-.0123456789eE')
    if (at == first) error stop 'no JSON: ' // text(first:)
    read (text(first:at - 1), *) total
  end select
end function
! %%
real(8) function total_of(json)
  character(len=*), intent(in) :: json
  text = json
  at = 1
  total_of = value()
end function
total_of('{"a": [1, 2.5, {"b": 3}], "c": "4 \" 5"}')
! %%
total_of('[1, 2e3]')
! %%
call kb_json('{"sum": 2001}')
! %%
total_of('[1, oops]')
