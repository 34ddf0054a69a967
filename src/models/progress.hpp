#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>

#include "xeras/models/history.hpp"

namespace xeras {

// What a person sees of one epoch: a bar that is drawn over itself on a terminal, one plain line elsewhere, nothing at
// verbose 0. verbose 2 is one line an epoch anywhere.
class Progress {
 public:
  // No number of batches: it is not known.
  Progress(int verbose, std::optional<std::int64_t> batches);
  Progress(int verbose, std::optional<std::int64_t> batches, std::ostream& out, bool terminal);

  // `Epoch 3/10`
  void epoch(std::int64_t epoch, std::int64_t epochs);
  // One batch is done. The scores are asked for only when something is drawn.
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
