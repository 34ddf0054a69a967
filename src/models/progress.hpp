#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>

#include "xeras/models/history.hpp"

namespace xeras {

// The progress output of an epoch: on a terminal a bar that redraws itself, elsewhere one line. verbose 0 prints
// nothing, 2 one line per epoch everywhere.
class Progress {
 public:
  // `batches` is none if their number is unknown.
  Progress(int verbose, std::optional<std::int64_t> batches);
  Progress(int verbose, std::optional<std::int64_t> batches, std::ostream& out, bool terminal);

  // Prints `Epoch 3/10`.
  void epoch(std::int64_t epoch, std::int64_t epochs);
  // Counts a batch. Calls `scores` only if it draws.
  void batch(const std::function<Scores()>& scores);
  void end(const Scores& scores);

 private:
  using Clock = std::chrono::steady_clock;
  std::string line(bool done, double seconds, const Scores& scores) const;

  int verbose_;
  std::optional<std::int64_t> batches_;
  std::ostream& out_;
  bool terminal_;
  std::int64_t done_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_ = start_;
  std::size_t drawn_width_ = 0;
};

}  // namespace xeras
