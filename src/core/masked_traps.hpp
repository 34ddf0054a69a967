#pragma once

#include <cfenv>

namespace xeras {

#if defined(__SSE2__)
// The bits of MXCSR that mask all traps.
inline constexpr unsigned traps_masked = 0x1f80;
#endif

// While one lives, floating point arithmetic in this thread does not trap, whatever feenableexcept has asked for: a
// model may overflow, and divide by zero, and says in its results what came of it. In the end the caller's traps and
// its exception flags are as they were. Every public function that computes begins with one.
class MaskedTraps {
 public:
  MaskedTraps();
  ~MaskedTraps();
  MaskedTraps(const MaskedTraps&) = delete;
  MaskedTraps& operator=(const MaskedTraps&) = delete;

 private:
  unsigned before_;  // where reading it is quick
  bool whole_;       // whether all of the environment was taken
  std::fenv_t environment_;
};

}  // namespace xeras
