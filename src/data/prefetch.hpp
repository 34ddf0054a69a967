#pragma once

#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "xeras/data/dataset.hpp"

namespace xeras::data {

struct PrefetchOptions {
  std::int64_t first = 0;
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::int64_t>* order = nullptr;  // the index of each position; null: the position
  std::int64_t workers = 1;                          // up to 1: next() makes the batches
  std::int64_t max_queue_size = 10;
  std::int64_t process = 0, processes = 1;  // makes the positions first + process + i * processes
};

// Makes the batches of a dataset at the positions [first, end), or those of one process, in threads, ahead of their
// use. next() returns them in the order of their positions, and rethrows an exception where its batch would be. What
// next() returns therefore does not depend on threads.
//
// Processes make the positions in rounds: in each, every process makes one. A source in order is read whole by each
// process, which finishes its own batches.
class Prefetch {
 public:
  Prefetch(Dataset& dataset, const PrefetchOptions& options);
  // Waits for the batches in the making.
  ~Prefetch();
  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;

  // Returns the batch of the next round; one without x at the end, or if the last round ends before its position.
  Batch next();

 private:
  struct Slot {
    bool is_ready = false;
    Batch batch;
    std::exception_ptr error;
  };
  // A claim of the next round; -1 if there is none.
  std::int64_t claim();
  void work() noexcept;
  void make(std::int64_t round, std::unique_lock<std::mutex>& reading, Slot& slot) noexcept;
  Batch read(std::int64_t round);
  // No thread claims a round behind this one.
  void end_after(std::int64_t round);

  Dataset& dataset_;
  const PrefetchOptions options_;
  const bool in_order_;

  std::mutex reading_;  // held from the claim of a round until it is read, by sources in order; locked before mutex_
  std::mutex mutex_;    // for all members below
  std::condition_variable has_room_;
  std::condition_variable is_ready_;
  std::vector<Slot> slots_;  // round % size
  std::int64_t claimed_ = 0;
  std::int64_t taken_ = 0;
  std::int64_t end_;  // of the rounds
  bool stops_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace xeras::data
