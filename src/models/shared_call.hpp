#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/processes.hpp"

namespace xeras {

// One call of fit, evaluate or predict in all processes that share it. They begin it together, or each throws: for its
// own arguments, or since another process does. An exception after the beginning ends all processes, since the others
// wait for this one.
class SharedCall {
 public:
  explicit SharedCall(const char* who) : who_(who), processes_(processes()) {}

  // Ends the checks of arguments, of which these have to be equal in all processes. Throws InvalidInput if they are
  // not, and Error if another process has refused its arguments.
  void begin(const std::string& arguments);
  // Tells the other processes of an exception.
  void fail(const std::string& message);

 private:
  void exchange(std::uint64_t arguments, const std::string& failure);

  const char* who_;
  Processes* processes_;
  bool arguments_checked_ = false, begun_ = false;
};

// Runs work(call).
template <class Work>
auto share_call(const char* who, const Work& work) {
  SharedCall call(who);
  try {
    return work(call);
  } catch (const std::exception& error) {
    call.fail(error.what());
    throw;
  }
}

}  // namespace xeras
