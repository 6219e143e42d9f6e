! Pointers: a list that is built, walked, turned round, and given back.
type :: node
  integer :: value
  type(node), pointer :: next => null()
end type
type(node), pointer :: head => null()
subroutine push(value)
  integer, intent(in) :: value
  type(node), pointer :: new
  allocate (new)
  new = node(value, head)
  head => new
end subroutine
integer :: i
do i = 1, 3
  call push(i * i)
end do
head
! %%
subroutine reverse(list)
  type(node), pointer, intent(inout) :: list
  type(node), pointer :: current, next, turned
  nullify (turned)
  current => list
  do while (associated(current))
    next => current%next
    current%next => turned
    turned => current
    current => next
  end do
  list => turned
end subroutine
call reverse(head)
[head%value, head%next%value, head%next%next%value]
! %%
type(node), pointer :: gone
do while (associated(head))
  gone => head
  head => head%next
  deallocate (gone)
end do
associated(head)
! %%
head%next => head
