#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "xeras/core/export.hpp"

namespace xeras {

/// Processes that run the same program and share the work of its models. distribution.hpp makes them of MPI's; another
/// way of communication derives from this class.
///
/// Every process calls these functions in the same order, since each waits for the others. A function throws Error if a
/// thread other than the first one calls it.
class XERAS_API Processes {
 public:
  virtual ~Processes() = default;

  /// The number of this process, from 0.
  virtual int id() const = 0;
  virtual int count() const = 0;
  /// Replaces numbers by their sums over the processes, in the order of the processes: the same bits in each of them
  /// and in each run.
  virtual void sum(std::span<float> numbers) = 0;
  virtual void sum(std::span<double> numbers) = 0;
  /// Starts such a sum, which may go on while this process computes. Do not touch the numbers before end_sums, which
  /// waits for all sums that have begun.
  virtual void begin_sum(std::span<float> numbers) { sum(numbers); }
  virtual void end_sums() {}
  /// Joins the bytes of all processes in `all`; process p gives sizes[p] of them.
  virtual void gather(const void* own, std::span<const std::size_t> sizes, void* all) = 0;
  /// Replaces the bytes by those of process `from`.
  virtual void broadcast(void* bytes, std::size_t size, int from = 0) = 0;
  /// Prints the message, and ends all processes.
  [[noreturn]] virtual void stop(const std::string& message) = 0;
};

/// Sets the processes that share the work of fit, evaluate and predict; null: each process works alone.
XERAS_API void set_processes(std::shared_ptr<Processes> processes);

}  // namespace xeras
