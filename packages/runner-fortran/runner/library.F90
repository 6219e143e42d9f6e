! What cells may call. The procedures are the runner's own.
module kernelbox
  implicit none

  interface
    subroutine kb_html(text) bind(c)
      character(len=*), intent(in) :: text
    end subroutine
    subroutine kb_markdown(text) bind(c)
      character(len=*), intent(in) :: text
    end subroutine
    subroutine kb_svg(text) bind(c)
      character(len=*), intent(in) :: text
    end subroutine
    subroutine kb_latex(text) bind(c)
      character(len=*), intent(in) :: text
    end subroutine
    subroutine kb_json(text) bind(c)
      character(len=*), intent(in) :: text
    end subroutine
    subroutine kb_display(type, text) bind(c)
      character(len=*), intent(in) :: type, text
    end subroutine
  end interface

  ! Pictures: the path of a file, or its bytes.
  interface kb_png
    subroutine kb_png_file(path) bind(c)
      character(len=*), intent(in) :: path
    end subroutine
    subroutine kb_png_bytes(bytes) bind(c)
      integer(1), intent(in) :: bytes(:)
    end subroutine
  end interface
  interface kb_jpeg
    subroutine kb_jpeg_file(path) bind(c)
      character(len=*), intent(in) :: path
    end subroutine
    subroutine kb_jpeg_bytes(bytes) bind(c)
      integer(1), intent(in) :: bytes(:)
    end subroutine
  end interface
end module

! How values are shown. Cells that define types add procedures of their own to kb_show.
module kernelbox_values
  implicit none

  integer, parameter :: kb_most = 1000

  interface
    subroutine kb_begin() bind(c)
    end subroutine
    subroutine kb_end() bind(c)
    end subroutine
    function kb_enter(type) bind(c)
      character(len=*), intent(in) :: type
      logical(1) :: kb_enter
    end function
    function kb_enter_list(size) bind(c)
      integer(4), value :: size
      logical(1) :: kb_enter_list
    end function
    subroutine kb_field(name) bind(c)
      character(len=*), intent(in) :: name
    end subroutine
    subroutine kb_leave() bind(c)
    end subroutine
    subroutine kb_nothing() bind(c)
    end subroutine
    subroutine kb_unknown() bind(c)
    end subroutine
  end interface

  interface kb_show
    subroutine kb_show_text(value) bind(c)
      character(len=*), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_i1(value) bind(c)
      integer(1), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_i2(value) bind(c)
      integer(2), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_i4(value) bind(c)
      integer(4), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_i8(value) bind(c)
      integer(8), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_r4(value) bind(c)
      real(4), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_r8(value) bind(c)
      real(8), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_c4(value) bind(c)
      complex(4), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_c8(value) bind(c)
      complex(8), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_l1(value) bind(c)
      logical(1), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_l2(value) bind(c)
      logical(2), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_l4(value) bind(c)
      logical(4), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_l8(value) bind(c)
      logical(8), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_i16(value) bind(c)
      integer(16), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_r16(value) bind(c)
      real(16), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_c16(value) bind(c)
      complex(16), intent(in) :: value(..)
    end subroutine
#ifdef __GFC_REAL_10__
    subroutine kb_show_r10(value) bind(c)
      real(10), intent(in) :: value(..)
    end subroutine
    subroutine kb_show_c10(value) bind(c)
      complex(10), intent(in) :: value(..)
    end subroutine
#endif
  end interface
end module

! Standard input: what one cell has left, or has seen of its end, is not for the next one.
subroutine kb_forget_input() bind(c)
  implicit none
  integer :: status
  close (5, iostat=status)
  open (unit=5, file='/dev/stdin', action='read', status='old', iostat=status)
end subroutine

! Writes what is held back.
subroutine kb_flush_units() bind(c)
  implicit none
  flush (6)
  flush (0)
end subroutine
