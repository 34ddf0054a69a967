#pragma once

#include <algorithm>
#include <cstddef>

#include "xeras/core/threads.hpp"

namespace xeras {

// While one lives, numbers too small for a normal float count as 0 in this thread: arithmetic with them takes a hundred
// times as long. Work that goes through this file has one in whatever thread it runs, so that its bits are the same
// with any number of threads. The caller's setting comes back in the end.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned before_;
};

// Memory of the calling thread for the length of one kernel, at 64 bytes. (A thread_local array would take as much from
// the stack of every thread of the program.)
constexpr std::size_t room_of_thread = 448 * 256;  // floats
float* scratch_of_thread();
// The same for so many floats, which few kernels need; beside the other.
float* more_scratch_of_thread(std::size_t count);

// Runs task(context, i) for i = 0 .. count - 1, in several threads where they are free, and returns when all are done.
// What a task throws comes out when all are done. Within a task, another call runs in the same thread.
void run_tasks(std::size_t count, void (*task)(const void* context, std::size_t i), const void* context);

template <class Task>
void parallel_tasks(std::size_t count, const Task& task) {
  run_tasks(
      count, [](const void* context, std::size_t i) { (*static_cast<const Task*>(context))(i); }, &task);
}

// The least work that is given to a thread which looks for some, in floats that a loop goes over: ten microseconds.
constexpr std::size_t work_worth_a_thread = std::size_t{1} << 15;
// The least work of which sleeping threads are woken for a part: some hundred microseconds. What is shorter, such as
// much of the prediction of one text, is over before they help.
constexpr std::size_t work_worth_waking = 12 * work_worth_a_thread;

// True while a thread runs, or has just run and looks for more.
bool threads_are_awake();

// Into how many parts work of so many items is split, each of them as much work as `work` floats.
inline std::size_t parts_of(std::size_t count, std::size_t work) {
  const auto threads = static_cast<std::size_t>(num_threads());
  if (threads == 1) return 1;
  const std::size_t all = count * std::max<std::size_t>(work, 1);
  if (all < work_worth_waking && !threads_are_awake()) return 1;
  const std::size_t most = std::min(count, all / work_worth_a_thread);
  // More parts than threads, so that one that is late keeps nobody waiting for long.
  return std::clamp<std::size_t>(most, 1, 4 * threads);
}

// Calls body(begin, end) for ranges that cover 0 .. count, in several threads where it pays. An item's result must not
// depend on its range: then none depends on the number of threads.
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
