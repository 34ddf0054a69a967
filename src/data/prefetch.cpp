#include "data/prefetch.hpp"

#include <algorithm>
#include <system_error>

namespace xeras::data {
namespace {

std::int64_t rounds_of(const PrefetchOptions& options) {
  const std::int64_t positions = options.end - options.first;
  return positions / options.processes + (positions % options.processes != 0 ? 1 : 0);
}

}  // namespace

Prefetch::Prefetch(Dataset& dataset, const PrefetchOptions& options)
    : dataset_(dataset), options_(options), in_order_(dataset.in_order()), end_(rounds_of(options)) {
  const std::int64_t queue = std::min(options.max_queue_size, end_);
  const std::int64_t workers = std::min(options.workers, queue);
  if (options.workers <= 1 || workers < 1) return;
  slots_.resize(static_cast<std::size_t>(queue));
  threads_.reserve(static_cast<std::size_t>(workers));
  try {
    for (std::int64_t i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // The system has no more threads: those that run do the work, else next() does.
  }
}

Prefetch::~Prefetch() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  has_room_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

Batch Prefetch::next() {
  std::unique_lock lock(mutex_);
  if (taken_ >= end_) return {};
  Slot slot;
  if (threads_.empty()) {
    lock.unlock();
    std::unique_lock<std::mutex> unused;
    make(taken_++, unused, slot);
  } else {
    Slot& next = slots_[static_cast<std::size_t>(taken_) % slots_.size()];
    is_ready_.wait(lock, [&] { return next.is_ready; });
    slot = std::exchange(next, {});
    ++taken_;
    lock.unlock();
    has_room_.notify_all();
  }
  if (slot.error) std::rethrow_exception(slot.error);
  return std::move(slot.batch);
}

std::int64_t Prefetch::claim() {
  std::unique_lock lock(mutex_);
  const auto size = static_cast<std::int64_t>(slots_.size());
  has_room_.wait(lock, [&] { return stops_ || claimed_ >= end_ || claimed_ - taken_ < size; });
  return stops_ || claimed_ >= end_ ? -1 : claimed_++;
}

void Prefetch::work() noexcept {
  for (;;) {
    std::unique_lock<std::mutex> reading;
    if (in_order_) reading = std::unique_lock(reading_);
    const std::int64_t round = claim();
    if (round < 0) return;
    Slot slot;
    make(round, reading, slot);
    slot.is_ready = true;
    const std::lock_guard lock(mutex_);
    slots_[static_cast<std::size_t>(round) % slots_.size()] = std::move(slot);
    is_ready_.notify_one();
  }
}

void Prefetch::make(std::int64_t round, std::unique_lock<std::mutex>& reading, Slot& slot) noexcept {
  try {
    slot.batch = read(round);
    if (reading.owns_lock()) reading.unlock();
    if (slot.batch.x) slot.batch = dataset_.finish(std::move(slot.batch));
  } catch (...) {
    slot.error = std::current_exception();
    end_after(round);
    if (reading.owns_lock()) reading.unlock();
  }
}

Batch Prefetch::read(std::int64_t round) {
  const std::int64_t first = options_.first + round * options_.processes, own = first + options_.process;
  const std::int64_t begin = in_order_ ? first : own;
  const std::int64_t end = std::min(options_.end, in_order_ ? first + options_.processes : own + 1);
  Batch result;
  for (std::int64_t position = begin; position < end; ++position) {
    const std::vector<std::int64_t>* const order = options_.order;
    Batch batch = dataset_.read(order == nullptr ? position : (*order)[static_cast<std::size_t>(position)]);
    if (!batch.x) {
      end_after(round);
      break;
    }
    if (position == own) result = std::move(batch);
  }
  return result;
}

void Prefetch::end_after(std::int64_t round) {
  {
    const std::lock_guard lock(mutex_);
    end_ = std::min(end_, round + 1);
  }
  has_room_.notify_all();
}

}  // namespace xeras::data
