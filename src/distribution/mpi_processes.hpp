#pragma once

#include <thread>
#include <vector>

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
  void gather(const void* own, std::span<const std::size_t> sizes, void* all) override;
  void broadcast(void* bytes, std::size_t size) override;
  [[noreturn]] void stop(const std::string& message) override;

 private:
  template <class T>
  void sum_in_order(std::span<T> numbers);
  // Throws Error in another thread than that of the constructor.
  void check_thread() const;

  int id_ = 0, count_ = 1;
  std::thread::id thread_ = std::this_thread::get_id();
  std::vector<std::byte> parts_;  // received, for sum
};

}  // namespace xeras::distribution
