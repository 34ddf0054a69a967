#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>

#include "xeras/core/export.hpp"

namespace xeras {

/// Rows of a table that somebody who trains it brings up to date only when they are read.
class XERAS_API LazyRows {
 public:
  virtual ~LazyRows() = default;

  /// From now on rows may be behind.
  void fall_behind() { behind_.store(true, std::memory_order_release); }
  /// Brings these rows, distinct ones, up to date.
  void catch_up(float* table, std::span<const std::int32_t> rows) {
    if (behind_.load(std::memory_order_acquire)) update(table, rows);
  }
  /// Brings all rows up to date. Many threads at once; costs next to nothing where none is behind.
  void settle(float* table) {
    if (!behind_.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(mutex_);
    if (!behind_.load(std::memory_order_relaxed)) return;
    update(table);
    behind_.store(false, std::memory_order_release);
  }

 protected:
  virtual void update(float* table, std::span<const std::int32_t> rows) = 0;
  virtual void update(float* table) = 0;

 private:
  std::atomic<bool> behind_{false};
  std::mutex mutex_;
};

}  // namespace xeras
