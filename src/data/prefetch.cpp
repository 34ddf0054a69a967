#include "data/prefetch.hpp"

#include <algorithm>
#include <system_error>

namespace xeras::data {

Prefetch::Prefetch(Dataset& dataset, const PrefetchOptions& options)
    : dataset_(dataset),
      order_(options.order),
      in_order_(dataset.in_order()),
      claimed_(options.first),
      taken_(options.first),
      end_(options.end) {
  const std::int64_t queue = std::min(options.max_queue_size, end_ - taken_);
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
    const std::int64_t position = claim();
    if (position < 0) return;
    Slot slot;
    make(position, reading, slot);
    slot.is_ready = true;
    const std::lock_guard lock(mutex_);
    slots_[static_cast<std::size_t>(position) % slots_.size()] = std::move(slot);
    is_ready_.notify_one();
  }
}

void Prefetch::make(std::int64_t position, std::unique_lock<std::mutex>& reading, Slot& slot) noexcept {
  try {
    slot.batch = dataset_.read(order_ == nullptr ? position : (*order_)[static_cast<std::size_t>(position)]);
    if (!slot.batch.x) end_after(position);
    if (reading.owns_lock()) reading.unlock();
    if (slot.batch.x) slot.batch = dataset_.finish(std::move(slot.batch));
  } catch (...) {
    slot.error = std::current_exception();
    end_after(position);
    if (reading.owns_lock()) reading.unlock();
  }
}

void Prefetch::end_after(std::int64_t position) {
  {
    const std::lock_guard lock(mutex_);
    end_ = std::min(end_, position + 1);
  }
  has_room_.notify_all();
}

}  // namespace xeras::data
