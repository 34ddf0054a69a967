#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>

#include "xeras/models/history.hpp"

namespace xeras {

// Keras's formats of the time that remains, 1:02:03, 2:03 or 59s, and of the time of a step, 3s, 12ms or 850us.
std::string time_left(double seconds);
std::string step_time(double seconds);

// The progress output of an epoch, as in Keras: on a terminal a bar that redraws itself, elsewhere one line. verbose 0
// prints nothing, 2 one line per epoch everywhere.
class Progress {
 public:
  // `batches` is none if their number is unknown.
  Progress(int verbose, std::optional<std::int64_t> batches);
  Progress(int verbose, std::optional<std::int64_t> batches, std::ostream& out, bool terminal);

  // Begins an epoch of so many batches. Prints `Epoch 3/10` if there are several.
  void epoch(std::int64_t epoch, std::int64_t epochs, std::optional<std::int64_t> batches);
  // Counts batches. Calls `scores` only if it draws.
  void batches(std::int64_t count, const std::function<Scores()>& scores);
  void end(const Scores& scores);

 private:
  using Clock = std::chrono::steady_clock;
  std::string line(bool done, Clock::time_point now, const Scores& scores) const;
  // The seconds of a step. The first one, which is often slow, counts only while there is no other, and in a group.
  double seconds_a_step(Clock::time_point now) const;

  int verbose_;
  std::optional<std::int64_t> batches_;
  std::ostream& out_;
  bool terminal_;
  std::int64_t done_ = 0;
  Clock::time_point start_ = Clock::now();
  std::optional<Clock::time_point> after_first_;  // none if the first call counted several
  Clock::time_point drawn_ = {};
  std::size_t drawn_width_ = 0;
};

}  // namespace xeras
