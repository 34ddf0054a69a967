#pragma once

#include "xeras/core/export.hpp"

namespace xeras {

/// How many threads one call may use, the caller's included; at first as many as there are processors to run on.
/// Results do not depend on it, to the bit. The threads are the library's own and start with the first work that pays
/// for them; calls that meet share them: one has their help, the others do their work by themselves. Throws
/// InvalidArgument unless n > 0.
XERAS_API void set_num_threads(int n);
XERAS_API int num_threads();

}  // namespace xeras
