#pragma once

#include <cstdint>

namespace xeras {

// During its lifetime, the first SIGINT is noted, and the second one does what is the default: it ends the program.
// Afterwards the program's own handler is back. Several may overlap, in any threads: the signal is noted by all.
class Interrupt {
 public:
  // Throws InvalidArgument, with `who` first, where signals are not those of POSIX.
  explicit Interrupt(const char* who);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool has_come() const;

 private:
  std::uint64_t seen_;
};

}  // namespace xeras
