#include "models/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

namespace xeras {
namespace {

constexpr auto redraw_interval = std::chrono::milliseconds(100);
constexpr std::int64_t bar_width = 20;

// Returns a step's time in Keras's format: 850us, 12ms, 3s.
std::string step_time(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.0f}us", seconds * 1e6);
  if (seconds < 1.0) return fmt::format("{:.0f}ms", seconds * 1e3);
  return fmt::format("{:.0f}s", seconds);
}

std::string bar(std::int64_t done, std::int64_t total) {
  const std::int64_t filled = total > 0 ? bar_width * done / total : bar_width;
  std::string text;
  for (std::int64_t i = 0; i < bar_width; ++i) text += i < filled ? "━" : "─";
  return text;
}

}  // namespace

Progress::Progress(int verbose, std::optional<std::int64_t> batches)
    : Progress(verbose, batches, std::cout, isatty(STDOUT_FILENO) != 0) {}

Progress::Progress(int verbose, std::optional<std::int64_t> batches, std::ostream& out, bool terminal)
    : verbose_(verbose), batches_(batches), out_(out), terminal_(terminal) {}

void Progress::epoch(std::int64_t epoch, std::int64_t epochs) {
  done_ = 0;
  start_ = Clock::now();
  if (verbose_ > 0) out_ << fmt::format("Epoch {}/{}\n", epoch + 1, epochs);
}

void Progress::batch(const std::function<Scores()>& scores) {
  ++done_;
  if (verbose_ != 1 || !terminal_ || done_ == batches_) return;
  const Clock::time_point now = Clock::now();
  if (now - drawn_ < redraw_interval) return;
  drawn_ = now;
  const std::string text = line(false, std::chrono::duration<double>(now - start_).count(), scores());
  out_ << '\r' << text;
  // Overwrites the rest of a longer line.
  if (text.size() < drawn_width_) out_ << std::string(drawn_width_ - text.size(), ' ');
  drawn_width_ = text.size();
  out_ << std::flush;
}

void Progress::end(const Scores& scores) {
  if (verbose_ <= 0) return;
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  if (verbose_ == 1 && terminal_) out_ << '\r';
  out_ << line(true, seconds, scores) << std::endl;
  drawn_width_ = 0;
}

std::string Progress::line(bool done, double seconds, const Scores& scores) const {
  const double step = done_ > 0 ? seconds / static_cast<double>(done_) : 0.0;
  std::string text = batches_ ? fmt::format("{}/{} ", done_, *batches_) : fmt::format("{}/Unknown ", done_);
  if (verbose_ == 1 && batches_) text += bar(done_, *batches_) + ' ';
  text += done || verbose_ != 1 || !batches_
              ? fmt::format("{:.1f}s {}/step", seconds, step_time(step))
              : fmt::format("{:.0f}s left {}/step", step * static_cast<double>(*batches_ - done_), step_time(step));
  for (std::size_t i = 0; i < scores.size(); ++i) text += fmt::format(" - {}: {:.4f}", scores.name(i), scores.value(i));
  return text;
}

}  // namespace xeras
