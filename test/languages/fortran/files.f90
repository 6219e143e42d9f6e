! Writes a file, reads it again, line by line, as a list and as a namelist.
integer :: unit, status, i
character(100) :: line
open (newunit=unit, file='numbers.txt', status='replace', action='write')
do i = 1, 5
  write (unit, '(i0, 1x, f0.2)') i, sqrt(real(i))
end do
close (unit)
! %%
open (newunit=unit, file='numbers.txt', action='read')
do
  read (unit, '(a)', iostat=status) line
  if (status /= 0) exit
  print '(a)', trim(line)
end do
is_iostat_end(status)
! %%
rewind (unit)
integer :: number
real :: root, total = 0
do
  read (unit, *, end=10) number, root
  total = total + root
end do
10 continue
close (unit, status='delete')
nint(100 * total)
! %%
integer :: width = 1
logical :: is_open = .false.
namelist /settings/ width, is_open
character(40) :: text = '&settings width=7, is_open=.true. /'
read (text, nml=settings)
print *, width, is_open
! %%
logical :: there
inquire (file='numbers.txt', exist=there)
there
! %%
open (newunit=unit, file='numbers.txt', status='old')
