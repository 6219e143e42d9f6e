"""``python -m kernelbox_kernel -f CONNECTION_FILE`` runs one kernel."""

import os
import sys

# `-m` puts the working directory first: a file of the user named like a standard module would break the start.
# ipykernel adds it again (as "") before the first cell.
if sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from kernelbox_kernel.launch import main

if __name__ == "__main__":
    main()
