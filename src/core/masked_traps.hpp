#pragma once

#include <cfenv>

namespace xeras {

#if defined(__SSE2__)
// The bits of MXCSR that mask all traps.
inline constexpr unsigned traps_masked = 0x1f80;
#endif

// Disables floating-point traps in this thread for its lifetime, whatever feenableexcept enabled: a model may overflow
// or divide by zero, and its results show it. The destructor restores the caller's traps and exception flags. Every
// public function that computes begins with a MaskedTraps.
class MaskedTraps {
 public:
  MaskedTraps();
  ~MaskedTraps();
  MaskedTraps(const MaskedTraps&) = delete;
  MaskedTraps& operator=(const MaskedTraps&) = delete;

 private:
  unsigned before_;  // MXCSR, which is quick to read
  bool whole_;       // true when the whole environment was saved
  std::fenv_t environment_;
};

}  // namespace xeras
