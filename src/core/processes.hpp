#pragma once

#include "xeras/core/processes.hpp"

namespace xeras {

// Returns the processes that share the work of this one; null if it works alone.
Processes* processes();

// Returns true if this process writes files and prints progress: it works alone, or is process 0.
bool is_first_process();
// Returns true if `here` is true in any process that shares the work.
bool in_any_process(bool here);

// During its lifetime, this process works alone, as in a callback, which only process 0 calls.
class WorkingAlone {
 public:
  WorkingAlone();
  ~WorkingAlone();
  WorkingAlone(const WorkingAlone&) = delete;
  WorkingAlone& operator=(const WorkingAlone&) = delete;
};

}  // namespace xeras
