#include "models/interrupt.hpp"

#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <mutex>

#include "xeras/core/error.hpp"

namespace xeras {

#ifdef SA_RESETHAND

namespace {

std::atomic<std::uint64_t> signals{0};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);  // a handler may use it

extern "C" void xeras_note_interrupt(int) { ++signals; }

struct Installed {
  std::mutex mutex;
  int users = 0;
  struct sigaction before = {};
};
Installed& installed() {
  static auto& all = *new Installed;
  return all;
}

bool is_ours(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == xeras_note_interrupt;
}

}  // namespace

Interrupt::Interrupt(const char*) : seen_(signals) {
  struct sigaction ours = {}, before = {};
  ours.sa_handler = xeras_note_interrupt;
  ours.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // the first signal brings the default action back
  sigemptyset(&ours.sa_mask);
  Installed& all = installed();
  const std::lock_guard lock(all.mutex);
  sigaction(SIGINT, &ours, &before);
  if (all.users++ == 0) all.before = before;
}

Interrupt::~Interrupt() {
  Installed& all = installed();
  const std::lock_guard lock(all.mutex);
  if (--all.users > 0) return;
  struct sigaction now = {};
  sigaction(SIGINT, nullptr, &now);
  // Another handler, which the program has set meanwhile, stays.
  if (is_ours(now) || now.sa_handler == SIG_DFL) sigaction(SIGINT, &all.before, nullptr);
}

bool Interrupt::has_come() const { return signals != seen_; }

#else

Interrupt::Interrupt(const char* who) : seen_(0) {
  throw InvalidArgument(fmt::format(
      "{}: stop_on_interrupt is true on a system without the signals of POSIX; expected false. Stop training "
      "in a callback.",
      who));
}
Interrupt::~Interrupt() = default;
bool Interrupt::has_come() const { return seen_ != 0; }

#endif

}  // namespace xeras
