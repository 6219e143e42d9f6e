! Types that extend others, in a module of their own.
module shapes
  implicit none
  private
  public :: shape_base, circle, rectangle, total

  type, abstract :: shape_base
    character(len=10) :: name = ''
  contains
    procedure(measure), deferred :: area
    procedure :: describe
  end type

  abstract interface
    real function measure(self)
      import :: shape_base
      class(shape_base), intent(in) :: self
    end function
  end interface

  type, extends(shape_base) :: circle
    real :: radius
  contains
    procedure :: area => circle_area
  end type

  type, extends(shape_base) :: rectangle
    real :: width, height
  contains
    procedure :: area => rectangle_area
  end type

contains

  real function circle_area(self)
    class(circle), intent(in) :: self
    circle_area = 4 * atan(1.0) * self%radius ** 2
  end function

  real function rectangle_area(self)
    class(rectangle), intent(in) :: self
    rectangle_area = self%width * self%height
  end function

  subroutine describe(self)
    class(shape_base), intent(in) :: self
    print '(2a, f6.2)', self%name, ' ', self%area()
  end subroutine

  real function total(left, right)
    class(shape_base), intent(in) :: left, right
    total = left%area() + right%area()
  end function
end module shapes

use shapes
type(circle) :: round = circle('round', 1.0)
call round%describe()
! %%
class(shape_base), allocatable :: any
allocate (any, source=rectangle('square', 2.0, 2.0))
call any%describe()
select type (any)
type is (rectangle)
  print *, any%width
class default
  print *, 'something else'
end select
! %%
print '(f6.3)', total(round, any)
! %%
type, extends(circle) :: ball
contains
  procedure :: area => ball_area
end type
real function ball_area(self)
  class(ball), intent(in) :: self
  ball_area = 4 * self%circle%area()
end function
type(ball) :: b
b%radius = 1
b%name = 'ball'
call b%describe()
