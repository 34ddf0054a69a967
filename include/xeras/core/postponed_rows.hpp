#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>

#include "xeras/core/export.hpp"

namespace xeras {

/// Table rows whose updates are postponed until they are read. An optimizer's caller marks and reads them:
///
///   if (PostponedRows* rows = variable.postponed_rows()) rows->catch_up(table, ids);
class XERAS_API PostponedRows {
 public:
  virtual ~PostponedRows() = default;

  /// Allows updates to be postponed from now on.
  void postpone() { postponed_.store(true, std::memory_order_release); }
  bool postponed() const { return postponed_.load(std::memory_order_acquire); }
  /// Applies the postponed updates to these distinct rows.
  void catch_up(float* table, std::span<const std::int32_t> rows) {
    if (postponed_.load(std::memory_order_acquire)) update(table, rows);
  }
  /// Applies the postponed updates to all rows. Thread-safe, and cheap when none are postponed.
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
