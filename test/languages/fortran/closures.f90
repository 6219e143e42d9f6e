! What other languages do with closures: procedures as arguments, internal procedures, objects that can be called.
abstract interface
  real function map(x)
    real, intent(in) :: x
  end function
end interface
real function integrate(f, from, to)
  procedure(map) :: f
  real, intent(in) :: from, to
  integer :: i
  integer, parameter :: steps = 1000
  integrate = 0
  do i = 1, steps
    integrate = integrate + f(from + (i - 0.5) * (to - from) / steps)
  end do
  integrate = integrate * (to - from) / steps
end function
real function square(x)
  real, intent(in) :: x
  square = x ** 2
end function
nint(1000 * integrate(square, 0.0, 3.0))
! %%
real function area(factor)
  real, intent(in) :: factor
  area = integrate(scaled, 0.0, 1.0)
contains
  real function scaled(x)
    real, intent(in) :: x
    scaled = factor * x
  end function
end function
nint(area(10.0))
! %%
type :: counter
  integer :: value = 0
contains
  procedure :: next
end type
integer function next(self)
  class(counter), intent(inout) :: self
  self%value = self%value + 1
  next = self%value
end function
type(counter) :: first, second
print *, first%next(), first%next(), second%next()
first
! %%
procedure(map), pointer :: chosen => null()
chosen => square
print '(f5.2)', chosen(1.5)
! %%
print '(f5.2)', chosen(2.5)
! %%
chosen => null()
associated(chosen)
