// Which process and thread runs cells.
#pragma once
#include <pthread.h>
#include <string>
#include <sys/types.h>

namespace kernelbox {

/// Whether this is the process that runs the cell, and not one that the cell has forked.
bool isCellProcess();

/// Whether this is the thread that runs the cell.
bool isCellThread();
pthread_t cellThread();

/// Makes a copy that waits: gives its process, and 0 in the copy once the original has died.
pid_t makeCopy();

/// The original goes on as it is: ends the copy.
void endCopy(pid_t copy);

/// Makes a copy of this process that is a runner for another host, at the pipes in a directory: true in the copy.
bool makeRunner(const std::string &directory);

} // namespace kernelbox
