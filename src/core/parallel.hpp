#pragma once

#include <algorithm>
#include <cstddef>

#include "xeras/core/threads.hpp"

namespace xeras {

// Flushes denormals to zero in this thread for its lifetime, because arithmetic on them is a hundred times slower. All
// work that goes through this file has one in each thread, so results are the same to the bit with any number of
// threads. The destructor restores the caller's setting.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned before_;
};

// Returns scratch memory of the calling thread for the duration of one kernel, 64-byte aligned. (A thread_local array
// would take this memory from the stack of every thread of the program.)
constexpr std::size_t room_of_thread = 448 * 256;  // floats
float* scratch_of_thread();
// Returns a second block of `count` floats, for the few kernels that need more.
float* more_scratch_of_thread(std::size_t count);

// Runs task(context, i) for i = 0 .. count - 1, in several threads if they are free, and returns when all are done.
// Then it rethrows the first exception of a task. A call from within a task runs in the calling thread.
void run_tasks(std::size_t count, void (*task)(const void* context, std::size_t i), const void* context);

template <class Task>
void parallel_tasks(std::size_t count, const Task& task) {
  run_tasks(
      count, [](const void* context, std::size_t i) { (*static_cast<const Task*>(context))(i); }, &task);
}

// The least work to give to a thread that is awake, in floats that a loop processes: ten microseconds.
constexpr std::size_t work_worth_a_thread = std::size_t{1} << 15;
// The least total work for which to wake sleeping threads: some hundred microseconds. Shorter work, such as most of the
// prediction of one text, is done before they can help.
constexpr std::size_t work_worth_waking = 12 * work_worth_a_thread;

// True while a worker runs, or spins after its last work.
bool threads_are_awake();

// Returns the number of parts in which to split `count` items, each as much work as `work` floats.
inline std::size_t parts_of(std::size_t count, std::size_t work) {
  const auto threads = static_cast<std::size_t>(num_threads());
  if (threads == 1) return 1;
  const std::size_t all = count * std::max<std::size_t>(work, 1);
  if (all < work_worth_waking && !threads_are_awake()) return 1;
  const std::size_t most = std::min(count, all / work_worth_a_thread);
  // Several parts per thread keep the wait for a late thread short.
  return std::clamp<std::size_t>(most, 1, 4 * threads);
}

// Calls body(begin, end) for ranges that cover 0 .. count, in several threads if it is worth it. An item's result must
// not depend on its range, so that it does not depend on the number of threads.
template <class Body>
void parallel_for(std::size_t count, std::size_t work, const Body& body) {
  const std::size_t parts = parts_of(count, work);
  if (parts == 1) {
    const FlushDenormals flush;
    if (count > 0) body(std::size_t{0}, count);
    return;
  }
  parallel_tasks(parts, [&](std::size_t i) { body(count * i / parts, count * (i + 1) / parts); });
}

}  // namespace xeras
