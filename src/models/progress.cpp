#include "models/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>

namespace xeras {
namespace {

constexpr auto redraw_interval = std::chrono::milliseconds(50);
constexpr std::int64_t bar_width = 20;

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

std::string bar(std::int64_t done, std::int64_t total) {
  const std::int64_t filled = total > 0 ? bar_width * done / total : bar_width;
  std::string text;
  for (std::int64_t i = 0; i < bar_width; ++i) text += i < filled ? "━" : "─";
  return text;
}

}  // namespace

std::string step_time(double seconds) {
  if (seconds >= 1.0 || seconds == 0.0) return fmt::format("{:.0f}s", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.0f}ms", seconds * 1e3);
  return fmt::format("{:.0f}us", seconds * 1e6);
}

std::string time_left(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::min(seconds, 1e15));
  if (seconds > 3600.0) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole % 3600 / 60, whole % 60);
  if (seconds > 60.0) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}s", whole);
}

Progress::Progress(int verbose, std::optional<std::int64_t> batches)
    : Progress(verbose, batches, std::cout, isatty(STDOUT_FILENO) != 0) {}

Progress::Progress(int verbose, std::optional<std::int64_t> batches, std::ostream& out, bool terminal)
    : verbose_(verbose), batches_(batches), out_(out), terminal_(terminal) {}

void Progress::epoch(std::int64_t epoch, std::int64_t epochs, std::optional<std::int64_t> batches) {
  batches_ = batches;
  done_ = 0;
  start_ = Clock::now();
  after_first_.reset();
  drawn_ = {};
  if (verbose_ > 0 && epochs > 1) out_ << fmt::format("Epoch {}/{}\n", epoch + 1, epochs);
}

void Progress::batches(std::int64_t count, const std::function<Scores()>& scores) {
  done_ += count;
  if (verbose_ <= 0) return;
  const Clock::time_point now = Clock::now();
  if (done_ == 1) after_first_ = now;
  if (verbose_ != 1 || !terminal_ || done_ == batches_ || now - drawn_ < redraw_interval) return;
  drawn_ = now;
  const std::string text = line(false, now, scores());
  out_ << '\r' << text;
  // Overwrites the rest of a longer line.
  if (text.size() < drawn_width_) out_ << std::string(drawn_width_ - text.size(), ' ');
  drawn_width_ = text.size();
  out_ << std::flush;
}

void Progress::end(const Scores& scores) {
  if (verbose_ <= 0) return;
  if (!batches_) batches_ = done_;
  if (verbose_ == 1 && terminal_) out_ << '\r';
  const std::string text = line(true, Clock::now(), scores);
  out_ << text;
  if (text.size() < drawn_width_) out_ << std::string(drawn_width_ - text.size(), ' ');
  out_ << std::endl;
  drawn_width_ = 0;
}

double Progress::seconds_a_step(Clock::time_point now) const {
  if (done_ == 0) return 0.0;
  if (done_ == 1 || !after_first_) return seconds_between(start_, now) / static_cast<double>(done_);
  return seconds_between(*after_first_, now) / static_cast<double>(done_ - 1);
}

std::string Progress::line(bool done, Clock::time_point now, const Scores& scores) const {
  const double step = seconds_a_step(now);
  const std::string elapsed = fmt::format("{:.0f}s", seconds_between(start_, now));
  std::string text;
  if (batches_) {
    text = fmt::format("{:>{}}/{}", done_, fmt::formatted_size("{}", *batches_), *batches_);
  } else {
    text = fmt::format("{:>7}/Unknown", done_);
  }
  if (verbose_ == 2) {
    text += fmt::format(" - {} - {}/step", elapsed, step_time(step));
  } else {
    if (batches_) text += ' ' + bar(done_, *batches_);
    const bool tells_left = batches_ && !done;
    text += fmt::format(" {} {}/step", tells_left ? time_left(step * static_cast<double>(*batches_ - done_)) : elapsed,
                        step_time(step));
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double value = scores.value(i);
    text += std::abs(value) > 1e-3 ? fmt::format(" - {}: {:.4f}", scores.name(i), value)
                                   : fmt::format(" - {}: {:.4e}", scores.name(i), value);
  }
  return text;
}

}  // namespace xeras
