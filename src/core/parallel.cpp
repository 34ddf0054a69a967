#include "core/parallel.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "core/masked_traps.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

// Within a task, or in the thread that waits for its tasks.
thread_local bool at_work = false;

void relax() {
#if defined(__SSE2__)
  _mm_pause();
#endif
}

// Regions of work follow each other closely, so that a thread that waits looks for a moment before it sleeps. Not
// longer: where other programs want the processors, whoever spins keeps the one from running that it waits for.
template <class Condition>
bool spin_until(Condition condition) {
  constexpr auto moment = std::chrono::microseconds(20);
  const auto end = std::chrono::steady_clock::now() + moment;
  do {
    for (int i = 0; i < 16; ++i) {
      if (condition()) return true;
      relax();
    }
  } while (std::chrono::steady_clock::now() < end);
  return condition();
}

// One region of work at a time: its owner takes tasks like everybody else, and returns once the last one is done. A
// worker that comes late finds nothing left, and nobody waits for it.
class Pool {
 public:
  ~Pool() { stop(); }

  int threads() const { return threads_.load(std::memory_order_relaxed); }

  void set_threads(int n) {
    const std::lock_guard lock(owner_);
    if (n == threads()) return;
    stop();
    threads_ = n;
  }

  bool has_threads_awake() const { return awake_.load(std::memory_order_relaxed) > 0; }

  // False where somebody else's region is under way.
  bool run(std::size_t count, void (*task)(const void*, std::size_t), const void* context) {
    const std::unique_lock lock(owner_, std::try_to_lock);
    if (!lock.owns_lock()) return false;
    if (workers_.empty()) start();
    at_work = true;
    task_ = task;
    context_ = context;
    while (count > 0) {
      const std::size_t some = std::min(count, most_tasks);
      run_some(some);
      first_ += some;
      count -= some;
    }
    first_ = 0;
    at_work = false;
    return true;
  }

  // In the child of a fork there are no workers, and there never was a region.
  void forget_workers() {
    new (&workers_) std::vector<std::thread>;
    new (&owner_) std::mutex;
    pending_ = 0;
    tickets_ = 0;
    awake_ = 0;
  }

 private:
  // Tickets: the number of tasks, and of those that are taken.
  static constexpr std::size_t most_tasks = 0xffff;

  void run_some(std::size_t count) {
    pending_.store(static_cast<int>(count), std::memory_order_relaxed);
    tickets_.store(++region_ << 32 | count << 16, std::memory_order_release);
    calls_.fetch_add(1, std::memory_order_release);
    calls_.notify_all();
    while (take()) {
    }
    if (spin_until([&] { return pending_.load(std::memory_order_acquire) == 0; })) return;
    for (int left; (left = pending_.load(std::memory_order_acquire)) != 0;) pending_.wait(left);
  }

  // Runs the next task, if there is one. Whoever holds a ticket keeps the region open.
  bool take() {
    std::uint64_t ticket = tickets_.load(std::memory_order_acquire);
    do {
      if ((ticket & most_tasks) >= (ticket >> 16 & most_tasks)) return false;
    } while (!tickets_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acquire));
    task_(context_, first_ + (ticket & most_tasks));
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
    return true;
  }

  void work() {
    const MaskedTraps masked;  // a thread begins with the traps of the one that starts it
    const FlushDenormals flush;
    at_work = true;
    ++awake_;
    int seen = calls_.load(std::memory_order_acquire);
    while (!stopping_.load(std::memory_order_acquire)) {
      while (take()) {
      }
      if (!spin_until([&] { return calls_.load(std::memory_order_acquire) != seen; })) {
        --awake_;
        calls_.wait(seen);
        ++awake_;
      }
      seen = calls_.load(std::memory_order_acquire);
    }
    --awake_;
  }

  void start() {
    try {
      while (static_cast<int>(workers_.size()) + 1 < threads()) workers_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {  // the system has no more: go on with those that there are
      threads_ = static_cast<int>(workers_.size()) + 1;
    }
  }

  void stop() {
    stopping_ = true;
    calls_.fetch_add(1);
    calls_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
    stopping_ = false;
  }

  std::atomic<int> threads_{static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))};
  std::mutex owner_;
  std::vector<std::thread> workers_;
  std::atomic<bool> stopping_{false};

  // Of the region; they change only while no ticket is out.
  void (*task_)(const void*, std::size_t) = nullptr;
  const void* context_ = nullptr;
  std::size_t first_ = 0;
  std::uint64_t region_ = 0;

  alignas(64) std::atomic<std::uint64_t> tickets_{0};
  alignas(64) std::atomic<int> pending_{0};
  alignas(64) std::atomic<int> calls_{0};
  alignas(64) std::atomic<int> awake_{0};  // workers that run, or look for work
};

// The library's threads belong to the process, as its processors do.
Pool& pool() {
  static Pool pool;
  static const int registered = pthread_atfork(nullptr, nullptr, [] { xeras::pool().forget_workers(); });
  static_cast<void>(registered);
  return pool;
}

}  // namespace

void set_num_threads(int n) {
  if (n <= 0) {
    throw InvalidArgument(fmt::format(
        "set_num_threads: n is {}; expected a positive integer. 1 keeps all work in the caller's thread.", n));
  }
  pool().set_threads(n);
}

bool threads_are_awake() { return pool().has_threads_awake(); }

int num_threads() { return pool().threads(); }

void run_tasks(std::size_t count, void (*task)(const void* context, std::size_t i), const void* context) {
  const FlushDenormals flush;
  if (count > 1 && !at_work && num_threads() > 1 && pool().run(count, task, context)) return;
  for (std::size_t i = 0; i < count; ++i) task(context, i);
}

#if defined(__SSE2__)
FlushDenormals::FlushDenormals() : before_(_mm_getcsr()) {
  constexpr unsigned flush_to_zero = 0x8000, denormals_are_zero = 0x0040, traps_masked = 0x1f80;
  const unsigned flushing = before_ | flush_to_zero | denormals_are_zero | traps_masked;
  if (before_ != flushing) _mm_setcsr(flushing);  // reading is quicker than writing, and regions nest
}
FlushDenormals::~FlushDenormals() {
  if (_mm_getcsr() != before_) _mm_setcsr(before_);
}
#else
FlushDenormals::FlushDenormals() : before_(0) {}
FlushDenormals::~FlushDenormals() = default;
#endif

}  // namespace xeras
