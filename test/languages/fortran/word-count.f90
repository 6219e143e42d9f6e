! Counts words, and keeps the counts for later cells.
type :: entry
  character(len=:), allocatable :: word
  integer :: count = 0
end type
type(entry), allocatable :: entries(:)

subroutine add(word)
  character(len=*), intent(in) :: word
  integer :: i
  do i = 1, size(entries)
    if (entries(i)%word == word) then
      entries(i)%count = entries(i)%count + 1
      return
    end if
  end do
  entries = [entries, entry(word, 1)]
end subroutine
! %%
allocate (entries(0))
character(len=:), allocatable :: text, rest
integer :: blank
text = "the quick brown fox jumps over the lazy dog the end"
rest = text
do while (len(rest) > 0)
  blank = index(rest, ' ')
  if (blank == 0) blank = len(rest) + 1
  call add(rest(:blank - 1))
  rest = rest(blank + 1:)
end do
size(entries)
! %%
type(entry) function most_frequent() result(best)
  integer :: i
  best = entries(1)
  do i = 2, size(entries)
    if (entries(i)%count > best%count) best = entries(i)
  end do
end function
most_frequent()
! %%
print '(a, i0)', 'the ', entries(1)%count
entries(2:3)
