// Completion, inspection, and what else is asked about code that is not run.
#pragma once
#include "frames.h"
#include "session.h"

namespace kernelbox {

/// Answers a request; what is not known is passed over.
void answer(Session &session, const Frame &request);

} // namespace kernelbox
