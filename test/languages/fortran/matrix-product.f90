! Matrices are a part of the language.
integer, parameter :: dp = selected_real_kind(15)
real(dp) :: a(2, 3), b(3, 2)
a = reshape([1, 2, 3, 4, 5, 6], shape(a), order=[2, 1])
b = transpose(a)
matmul(a, b)
! %%
function identity(n) result(m)
  integer, intent(in) :: n
  real(dp) :: m(n, n)
  integer :: i
  m = 0
  do concurrent (i = 1:n)
    m(i, i) = 1
  end do
end function
all(matmul(identity(2), a) == a)
! %%
pure function power(m, n) result(p)
  integer, intent(in) :: m(:, :), n
  integer :: p(size(m, 1), size(m, 2)), i
  p = 0
  do i = 1, size(m, 1)
    p(i, i) = 1
  end do
  do i = 1, n
    p = matmul(p, m)
  end do
end function
integer :: fibonacci(2, 2) = reshape([1, 1, 1, 0], [2, 2])
power(fibonacci, 30)
! %%
sum(a), ' is not an expression'
