#pragma once

#include "xeras/core/threads.hpp"

namespace xeras::testing {

// Sets the number of threads for its lifetime.
class Threads {
 public:
  explicit Threads(int n) : before_(num_threads()) { set_num_threads(n); }
  ~Threads() { set_num_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_;
};

}  // namespace xeras::testing
