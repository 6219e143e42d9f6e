// The headers that cells in C++ have without asking.
#include <bits/stdc++.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kernelbox.h>
