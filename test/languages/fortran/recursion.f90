! Towers, permutations, and a function that calls itself.
integer :: moves = 0
recursive subroutine hanoi(n, from, to, over)
  integer, intent(in) :: n
  character, intent(in) :: from, to, over
  if (n == 0) return
  call hanoi(n - 1, from, over, to)
  moves = moves + 1
  if (moves <= 3) print '(4a)', from, ' -> ', to
  call hanoi(n - 1, over, to, from)
end subroutine
call hanoi(10, 'a', 'c', 'b')
moves
! %%
recursive integer(8) function ackermann(m, n) result(value)
  integer(8), intent(in) :: m, n
  if (m == 0) then
    value = n + 1
  else if (n == 0) then
    value = ackermann(m - 1, 1_8)
  else
    value = ackermann(m - 1, ackermann(m, n - 1))
  end if
end function
ackermann(2_8, 3_8)
! %%
recursive subroutine permute(word, from)
  character(len=*), intent(inout) :: word
  integer, intent(in) :: from
  character :: kept
  integer :: i
  if (from == len(word)) print '(a)', word
  do i = from, len(word)
    if (from == len(word)) exit
    kept = word(from:from); word(from:from) = word(i:i); word(i:i) = kept
    call permute(word, from + 1)
    kept = word(from:from); word(from:from) = word(i:i); word(i:i) = kept
  end do
end subroutine
character(3) :: letters = 'abc'
call permute(letters, 1)
