#pragma once

#include "xeras/core/export.hpp"

namespace xeras {

/// Sets the number of threads that one call may use, including the calling thread. The default is the number of
/// available processors. Results are the same to the bit for any number. The library owns the threads and starts them
/// with the first work that is large enough. Concurrent calls share them: one call gets their help, the others run in
/// their own thread. Throws InvalidArgument unless n > 0.
///
///   xeras::set_num_threads(1);  // all work runs in the calling thread
XERAS_API void set_num_threads(int n);
XERAS_API int num_threads();

}  // namespace xeras
