#pragma once

#include <iostream>
#include <sstream>

namespace xeras::testing {

// Collects the output of a stream, such as std::cerr, for its lifetime.
class Captured {
 public:
  explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(collected_.rdbuf())) {}
  ~Captured() { stream_.rdbuf(before_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  std::string text() const { return collected_.str(); }

 private:
  std::ostringstream collected_;
  std::ostream& stream_;
  std::streambuf* before_;
};

}  // namespace xeras::testing
