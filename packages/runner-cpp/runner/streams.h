// Standard input, output and error of cells.
#pragma once

namespace kernelbox {

/// Once, at the start: text that is written to stderr goes to the host in its order with what goes to stdout.
void setUpStreams();

/// Lets what is printed without a line end be seen while the cell runs.
void startFlushing();
void stopFlushing();

/// Sends what is still held back.
void flushStreams();

/// From a crash: what stdout holds back, without any lock.
void flushFromCrash();

/// What one cell has left in stdin, or has seen of its end, is not for the next one.
void forgetInput();

/// After a jump out of the middle of a call: nobody holds the streams any more.
void unlockStreams();

} // namespace kernelbox
