#include "core/masked_traps.hpp"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace xeras {

#if defined(__SSE2__)
// The x87 unit has its own trap masks, which are slow to read. feenableexcept sets them together with those of MXCSR,
// so it is enough to read the latter.
MaskedTraps::MaskedTraps() : before_(_mm_getcsr()), whole_((before_ & traps_masked) != traps_masked) {
  if (whole_) std::feholdexcept(&environment_);
}

MaskedTraps::~MaskedTraps() {
  if (whole_) {
    std::fesetenv(&environment_);
  } else if (_mm_getcsr() != before_) {
    _mm_setcsr(before_);
  }
}
#else
MaskedTraps::MaskedTraps() : before_(0), whole_(true) { std::feholdexcept(&environment_); }
MaskedTraps::~MaskedTraps() { std::fesetenv(&environment_); }
#endif

}  // namespace xeras
