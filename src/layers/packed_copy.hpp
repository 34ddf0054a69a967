#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "xeras/layers/variable.hpp"

namespace xeras {

// A copy of a weight in the order in which a layer reads it, for all predictions of a model. It is made at its first
// use after a change of the weight.
class PackedCopy {
 public:
  // May be called from many threads at once; one makes the copy, the others wait.
  const float* of(const Variable& variable, std::size_t size,
                  const std::function<void(const float* value, float* to)>& pack) {
    const std::uint64_t version = variable.version();
    if (version_.load(std::memory_order_acquire) == version) return memory_.data();
    const std::lock_guard lock(mutex_);
    if (version_.load(std::memory_order_relaxed) != version) {
      memory_.resize(size);
      pack(variable.value().data(), memory_.data());
      version_.store(version, std::memory_order_release);
    }
    return memory_.data();
  }

 private:
  std::mutex mutex_;
  std::atomic<std::uint64_t> version_{0};  // of the packed value; 0: none
  std::vector<float, AlignedAllocator<float>> memory_;
};

}  // namespace xeras
