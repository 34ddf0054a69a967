#pragma once

#include <cstdint>
#include <deque>
#include <thread>

#include "distribution/ordered_sum.hpp"
#include "xeras/core/processes.hpp"

namespace xeras::distribution {

// The processes of MPI_COMM_WORLD. They use a communicator of their own, so that a program may use MPI, too.
class MpiProcesses final : public Processes {
 public:
  MpiProcesses();

  int id() const override { return id_; }
  int count() const override { return count_; }
  void sum(std::span<float> numbers) override;
  void sum(std::span<double> numbers) override;
  void begin_sum(std::span<float> numbers) override;
  void end_sums() override;
  void gather(const void* own, std::span<const std::size_t> sizes, void* all) override;
  void broadcast(void* bytes, std::size_t size, int from) override;
  [[noreturn]] void stop(const std::string& message) override;

  // Returns the number of bytes that this process has given to the others.
  std::uint64_t bytes_sent() const { return bytes_sent_; }

 private:
  // Counts bytes that go to all others.
  void count_to_all(std::size_t bytes) { bytes_sent_ += bytes * static_cast<std::size_t>(count_ - 1); }
  // Counts a sum: the parts of the others go to them, and the own sums to all.
  void count_sum(std::size_t bytes);
  // Throws Error in another thread than that of the constructor.
  void check_thread() const;

  int id_ = 0, count_ = 1;
  std::thread::id thread_ = std::this_thread::get_id();
  OrderedSum<float> floats_;
  OrderedSum<double> doubles_;
  std::deque<OrderedSum<float>> sums_;  // of which the first ones have begun
  std::size_t begun_ = 0;
  std::uint64_t bytes_sent_ = 0;
};

}  // namespace xeras::distribution
