#include "core/masked_traps.hpp"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace xeras {

#if defined(__SSE2__)
// The old floating point unit has masks of its own, which feenableexcept sets together with these; to read them takes
// long.
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
