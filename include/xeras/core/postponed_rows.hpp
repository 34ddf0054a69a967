#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>

#include "xeras/core/export.hpp"

namespace xeras {

/// Table rows whose updates are postponed until they are read.
class XERAS_API PostponedRows {
 public:
  virtual ~PostponedRows() = default;

  /// From now on updates may be postponed.
  void postpone() { postponed_.store(true, std::memory_order_release); }
  /// Applies what is postponed to these rows, distinct ones.
  void catch_up(float* table, std::span<const std::int32_t> rows) {
    if (postponed_.load(std::memory_order_acquire)) update(table, rows);
  }
  /// Applies what is postponed to all rows. Many threads at once; costs next to nothing where there is nothing.
  void catch_up(float* table) {
    if (!postponed_.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(mutex_);
    if (!postponed_.load(std::memory_order_relaxed)) return;
    update(table);
    postponed_.store(false, std::memory_order_release);
  }

 protected:
  virtual void update(float* table, std::span<const std::int32_t> rows) = 0;
  virtual void update(float* table) = 0;

 private:
  std::atomic<bool> postponed_{false};
  std::mutex mutex_;
};

}  // namespace xeras
