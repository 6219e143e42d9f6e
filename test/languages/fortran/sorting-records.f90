! Records in an array: sorted, filtered, and shown as a table.
type :: person
  character(8) :: name
  integer :: age
end type
type(person) :: people(4)
people = [person('Ada', 36), person('Alan', 41), person('Grace', 85), person('Edsger', 72)]
! %%
interface operator(<)
  procedure :: is_younger
end interface
elemental logical function is_younger(left, right)
  type(person), intent(in) :: left, right
  is_younger = left%age < right%age
end function
recursive function sorted(list) result(result)
  type(person), intent(in) :: list(:)
  type(person) :: result(size(list))
  if (size(list) <= 1) then
    result = list
  else
    associate (pivot => list(1), others => list(2:))
      result = [sorted(pack(others, others < pivot)), pivot, sorted(pack(others, .not. (others < pivot)))]
    end associate
  end if
end function
sorted(people)
! %%
pack(people%name, people%age > 50)
! %%
integer :: i
do i = 1, size(people)
  associate (p => people(i))
    write (*, '(a8, i4)') p%name, p%age
  end associate
end do
real(sum(people%age)) / size(people)
