#include "core/parallel.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

// True in a task, and in the thread that waits for its tasks.
thread_local bool at_work = false;

void relax() {
#if defined(__SSE2__)
  _mm_pause();
#endif
}

// Spins for a moment before the thread sleeps, because regions of work follow each other closely. Spin only briefly:
// when other programs need the processors, we may occupy the core that our worker needs.
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

// The scratch memory of one thread. All Rooms form one list, so that the child of a fork can free those of the threads
// that it lacks.
struct Room {
  Room* next;
  Room* before;
  float* memory;
  std::size_t more_size = 0;
  float* more = nullptr;
};

class Rooms {
 public:
  // Returns null when out of memory.
  Room* make() noexcept {
    auto* memory = static_cast<float*>(std::aligned_alloc(64, room_of_thread * sizeof(float)));
    Room* room = memory == nullptr ? nullptr : new (std::nothrow) Room{nullptr, nullptr, memory};
    if (room == nullptr) {
      std::free(memory);
      return nullptr;
    }
    const std::lock_guard lock(mutex_);
    room->next = first_;
    if (first_ != nullptr) first_->before = room;
    first_ = room;
    return room;
  }

  void give_back(Room* room) noexcept {
    const std::lock_guard lock(mutex_);
    remove(room);
  }

  // Hold the lock during a fork, so that the child finds the list in a consistent state.
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }
  void keep_only(const Room* own) {
    for (Room* room = first_; room != nullptr;) {
      Room* const next = room->next;
      if (room != own) remove(room);
      room = next;
    }
  }

 private:
  void remove(Room* room) noexcept {
    (room->before != nullptr ? room->before->next : first_) = room->next;
    if (room->next != nullptr) room->next->before = room->before;
    std::free(room->memory);
    std::free(room->more);
    delete room;
  }

  std::mutex mutex_;
  Room* first_ = nullptr;
};

Rooms& rooms();

// The room of this thread, freed when the thread ends. In the main thread, `leaving` is destroyed before atexit
// handlers run; a room that such a handler takes stays allocated.
thread_local Room* own_room = nullptr;
struct Leaving {
  ~Leaving() {
    if (own_room != nullptr) rooms().give_back(std::exchange(own_room, nullptr));
  }
};
void take_room(Room* room) {
  own_room = room;
  thread_local const Leaving leaving;
  static_cast<void>(leaving);
}

// The worker threads. They work on one region at a time: its owner takes tasks like the workers and returns once the
// last task is done. A worker that comes late finds no task, and no thread waits for it.
class Pool {
 public:
  int threads() const { return threads_.load(std::memory_order_relaxed); }

  void set_threads(int n) {
    const std::lock_guard lock(owner_);
    if (n == threads()) return;
    stop();
    threads_ = n;
  }

  bool has_threads_awake() const { return awake_.load(std::memory_order_relaxed) > 0; }

  // Runs a region; returns false, without running it, when another thread's region is in progress.
  bool run(std::size_t count, void (*task)(const void*, std::size_t), const void* context) {
    const std::unique_lock lock(owner_, std::try_to_lock);
    if (!lock.owns_lock()) return false;
    if (workers_ == 0) start();
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
    if (failed_.exchange(false)) std::rethrow_exception(std::exchange(error_, nullptr));
    return true;
  }

  // Resets the pool in the child of a fork, which has no workers and no region in progress.
  void forget_workers() {
    new (&owner_) std::mutex;
    workers_ = 0;
    alive_ = 0;
    failed_ = false;
    pending_ = 0;
    tickets_ = 0;
    awake_ = 0;
  }

 private:
  // A ticket word holds the region in its upper 32 bits, then the number of tasks and the number of taken tasks, 16
  // bits each.
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

  // Runs the next task, if any. The region stays open while a thread holds a ticket.
  bool take() {
    std::uint64_t ticket = tickets_.load(std::memory_order_acquire);
    do {
      if ((ticket & most_tasks) >= (ticket >> 16 & most_tasks)) return false;
    } while (!tickets_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acquire));
    try {
      task_(context_, first_ + (ticket & most_tasks));
    } catch (...) {  // the owner gets the first exception
      if (!failed_.exchange(true)) error_ = std::current_exception();
    }
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
    return true;
  }

  void work() {
    const MaskedTraps masked;  // a thread inherits the traps of its creator
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
    if (alive_.fetch_sub(1, std::memory_order_acq_rel) == 1) alive_.notify_one();
  }

  // Starts the workers: fewer than requested when the system has no memory for more. Memory reserved during the start
  // leaves some for the rest of the program.
  void start() {
    constexpr std::size_t set_aside = std::size_t{64} << 20;
    void* volatile reserve = std::malloc(set_aside);  // volatile, or the compiler removes it
    if (reserve != nullptr) {
      while (workers_ + 1 < threads() && start_one()) ++workers_;
    }
    std::free(reserve);
    threads_ = workers_ + 1;
  }

  bool start_one() {
    Room* const room = rooms().make();
    if (room == nullptr) return false;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    ++alive_;
    pthread_t thread;
    const bool started = pthread_create(&thread, &attributes, work_in, room) == 0;
    pthread_attr_destroy(&attributes);
    if (!started) {
      --alive_;
      rooms().give_back(room);
    }
    return started;
  }

  static void* work_in(void* room);

  void stop() {
    stopping_ = true;
    calls_.fetch_add(1);
    calls_.notify_all();
    for (int left; (left = alive_.load(std::memory_order_acquire)) != 0;) alive_.wait(left);
    workers_ = 0;
    stopping_ = false;
  }

  std::atomic<int> threads_{static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))};
  std::mutex owner_;
  int workers_ = 0;  // started threads, detached because no thread is certain to outlive them
  std::atomic<int> alive_{0};
  std::atomic<bool> stopping_{false};

  // The current region; these change only while no thread holds a ticket.
  void (*task_)(const void*, std::size_t) = nullptr;
  const void* context_ = nullptr;
  std::size_t first_ = 0;
  std::uint64_t region_ = 0;
  std::atomic<bool> failed_{false};
  std::exception_ptr error_;  // from the first task that failed

  alignas(64) std::atomic<std::uint64_t> tickets_{0};
  alignas(64) std::atomic<int> pending_{0};
  alignas(64) std::atomic<int> calls_{0};
  alignas(64) std::atomic<int> awake_{0};  // workers that run or spin
};

// The process-wide threads. They may still work when the process ends, and atexit handlers may use them, so this object
// is never destroyed.
struct Process {
  Rooms rooms;
  Pool pool;
};

Process& process() {
  static Process& process = *new Process;
  static const int registered =
      pthread_atfork([] { xeras::process().rooms.lock(); }, [] { xeras::process().rooms.unlock(); },
                     [] {
                       xeras::process().rooms.unlock();
                       xeras::process().rooms.keep_only(own_room);
                       xeras::process().pool.forget_workers();
                     });
  static_cast<void>(registered);
  return process;
}

Rooms& rooms() { return process().rooms; }
Pool& pool() { return process().pool; }

void* Pool::work_in(void* room) {
  // take_room() does not fit here: its thread-local destructor needs memory, and glibc ends the process if there is
  // none.
  own_room = static_cast<Room*>(room);
  pool().work();
  rooms().give_back(std::exchange(own_room, nullptr));
  return nullptr;
}

}  // namespace

void set_num_threads(int n) {
  if (n <= 0) {
    throw InvalidArgument(fmt::format(
        "set_num_threads: n is {}; expected a positive integer. 1 keeps all work in the caller's thread.", n));
  }
  pool().set_threads(n);
}

float* scratch_of_thread() {
  if (own_room == nullptr) {
    Room* const room = rooms().make();
    if (room == nullptr) throw OutOfMemory("threads", room_of_thread * sizeof(float));
    take_room(room);
  }
  return own_room->memory;
}

float* more_scratch_of_thread(std::size_t count) {
  scratch_of_thread();
  Room& room = *own_room;
  if (room.more_size < count) {
    std::free(std::exchange(room.more, nullptr));
    room.more_size = 0;
    const std::size_t bytes = (count * sizeof(float) + 63) / 64 * 64;
    room.more = static_cast<float*>(std::aligned_alloc(64, bytes));
    if (room.more == nullptr) throw OutOfMemory("threads", bytes);
    room.more_size = count;
  }
  return room.more;
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
  constexpr unsigned flush_to_zero = 0x8000, denormals_are_zero = 0x0040;
  const unsigned flushing = before_ | flush_to_zero | denormals_are_zero | traps_masked;
  if (before_ != flushing) _mm_setcsr(flushing);  // a read is quicker than a write, and regions nest
}
FlushDenormals::~FlushDenormals() {
  if (_mm_getcsr() != before_) _mm_setcsr(before_);
}
#else
FlushDenormals::FlushDenormals() : before_(0) {}
FlushDenormals::~FlushDenormals() = default;
#endif

}  // namespace xeras
