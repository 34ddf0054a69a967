#pragma once

#include <algorithm>
#include <barrier>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

#include "xeras/core/processes.hpp"

namespace xeras::testing {

// Calls work in each of `count` threads, which are processes to each other.
class ThreadProcesses {
 public:
  ThreadProcesses(int count, const std::function<void(Processes&)>& work)
      : meeting_(count), given_(static_cast<std::size_t>(count)) {
    std::vector<std::thread> threads;
    for (int id = 0; id < count; ++id) {
      threads.emplace_back([&, id] {
        One one(*this, id);
        work(one);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

 private:
  class One final : public Processes {
   public:
    One(ThreadProcesses& all, int id) : all_(all), id_(id) {}

    int id() const override { return id_; }
    int count() const override { return static_cast<int>(all_.given_.size()); }
    void sum(std::span<float> numbers) override { sum_in_order(numbers); }
    void sum(std::span<double> numbers) override { sum_in_order(numbers); }
    void gather(const void* own, std::span<const std::size_t> sizes, void* all) override {
      give(own, [&] {
        auto* to = static_cast<std::byte*>(all);
        for (std::size_t p = 0; p < sizes.size(); ++p) {
          to = std::copy_n(static_cast<const std::byte*>(all_.given_[p]), sizes[p], to);
        }
      });
    }
    void broadcast(void* bytes, std::size_t size, int from) override {
      give(bytes, [&] {
        const auto* const source = static_cast<const std::byte*>(all_.given_[static_cast<std::size_t>(from)]);
        if (id_ != from) std::copy_n(source, size, static_cast<std::byte*>(bytes));
      });
    }
    [[noreturn]] void stop(const std::string&) override { std::abort(); }

   private:
    // Gives `own` to the others, takes from them, and waits until all have taken.
    void give(const void* own, const std::function<void()>& take) {
      all_.given_[static_cast<std::size_t>(id_)] = own;
      all_.meeting_.arrive_and_wait();
      take();
      all_.meeting_.arrive_and_wait();
    }
    template <class T>
    void sum_in_order(std::span<T> numbers) {
      std::vector<T> sums(numbers.size());
      give(numbers.data(), [&] {
        for (const void* given : all_.given_) {
          for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += static_cast<const T*>(given)[i];
        }
      });
      std::copy(sums.begin(), sums.end(), numbers.begin());
    }

    ThreadProcesses& all_;
    int id_;
  };

  std::barrier<> meeting_;
  std::vector<const void*> given_;  // by each process
};

}  // namespace xeras::testing
