! Numbers without a limit, as arrays of digits.
type :: big
  integer, allocatable :: digits(:)
end type
interface operator(*)
  procedure :: times
end interface
function times(left, right) result(product)
  type(big), intent(in) :: left
  integer, intent(in) :: right
  type(big) :: product
  integer :: i, carry
  allocate (product%digits(0))
  carry = 0
  do i = 1, size(left%digits)
    carry = carry + left%digits(i) * right
    product%digits = [product%digits, mod(carry, 10)]
    carry = carry / 10
  end do
  do while (carry > 0)
    product%digits = [product%digits, mod(carry, 10)]
    carry = carry / 10
  end do
end function
! %%
function text(number) result(written)
  type(big), intent(in) :: number
  character(len=size(number%digits)) :: written
  integer :: i
  do i = 1, len(written)
    written(i:i) = achar(iachar('0') + number%digits(len(written) + 1 - i))
  end do
end function
type(big) :: factorial
integer :: n
factorial = big([1])
do n = 2, 25
  factorial = factorial * n
end do
text(factorial)
! %%
big([2, 1]) * 12
! %%
huge(1_16)
! %%
1.0_16 / 3
