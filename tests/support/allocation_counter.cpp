#include "support/allocation_counter.hpp"

#include <cstdlib>
#include <limits>
#include <new>

#include "support/short_of_memory.hpp"

namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

thread_local std::size_t allocations = 0;
thread_local std::size_t failing = none;  // the number of the allocation that fails
thread_local std::size_t largest = none;  // in bytes

[[maybe_unused]] void* counted(std::size_t size, std::size_t alignment) {
  if (allocations++ == failing || size > largest) throw std::bad_alloc();
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment < sizeof(void*) ? sizeof(void*) : alignment, size == 0 ? 1 : size) != 0) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

// The thread sanitizer has its own operators, which cannot be replaced; nothing is counted under it.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define XERAS_COUNTS_NOTHING
#endif
#endif

#ifndef XERAS_COUNTS_NOTHING
// Every `new` of the test program calls these, the aligned ones of Tensor too.
void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size == 0 ? 1 : size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size == 0 ? 1 : size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
#endif

namespace xeras::testing {

AllocationCounter::AllocationCounter() : start_(allocations) {}
std::size_t AllocationCounter::count() const { return allocations - start_; }

FailingAllocation::FailingAllocation(std::size_t number) { failing = allocations + number; }
FailingAllocation::~FailingAllocation() { failing = none; }
bool FailingAllocation::has_failed() const { return allocations > failing; }

LargestAllocation::LargestAllocation(std::size_t bytes) { largest = bytes; }
LargestAllocation::~LargestAllocation() { largest = none; }

}  // namespace xeras::testing
