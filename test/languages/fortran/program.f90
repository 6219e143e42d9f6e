! A whole program is a cell, with continued lines, labels and several statements in a line.
program primes
  use, intrinsic :: iso_fortran_env, only: output_unit
  implicit none
  integer, parameter :: most = 50
  logical :: is_prime(most)
  integer :: i; integer :: found = 0
  is_prime = .true.; is_prime(1) = .false.
  outer: do i = 2, most
    if (.not. is_prime(i)) cycle outer
    is_prime(i * i :: i) = .false.
  end do outer
  do 20 i = 1, most
    if (is_prime(i)) found = found + 1
20 continue
  write (output_unit, 30) 'there are ', &
    & found, ' prim&
    &es'
30 format (a, i0, a)
  call list(is_prime)
contains
  subroutine list(sieve)
    logical, intent(in) :: sieve(:)
    print '(*(i0, :, ", "))', pack([(i, i = 1, size(sieve))], sieve)
  end subroutine list
end program primes
! %%
found
! %%
block
  integer :: found
  found = -1
  print *, found
end block
if (found > 10) then
  print *, 'many'
else
  print *, 'few'
end if
! %%
integer :: found = 2; found = found + 1
found
