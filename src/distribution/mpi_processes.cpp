#include "distribution/mpi_processes.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <iostream>

#include "xeras/core/error.hpp"

namespace xeras::distribution {
namespace {

// MPI counts with int.
constexpr std::size_t most_bytes = std::size_t{1} << 30;

// Returns a communicator of our own.
MPI_Comm copy_of_world() {
  MPI_Comm copy = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &copy);
  return copy;
}

// All processes use a communicator in the same order: the first one in the order of the calls, the second one for sums
// in the order in which they began, since how soon they go on differs between processes.
MPI_Comm communicator() {
  static const MPI_Comm own = copy_of_world();
  return own;
}
MPI_Comm communicator_of_sums() {
  static const MPI_Comm own = copy_of_world();
  return own;
}

// Calls f for parts of the numbers that MPI can count.
template <class T, class F>
void for_turns(std::span<T> numbers, const F& f) {
  constexpr std::size_t most = most_bytes / sizeof(T);
  for (std::span<T> left = numbers; !left.empty(); left = left.subspan(std::min(left.size(), most))) {
    f(left.first(std::min(left.size(), most)));
  }
}

template <class T>
void sum_in_order(OrderedSum<T>& sum, std::span<T> numbers) {
  for_turns(numbers, [&](std::span<T> turn) {
    sum.begin(turn, communicator());
    sum.send_sums(communicator());
    sum.wait();
  });
}

}  // namespace

MpiProcesses::MpiProcesses() {
  MPI_Comm_rank(communicator(), &id_);
  MPI_Comm_size(communicator(), &count_);
  communicator_of_sums();
}

void MpiProcesses::check_thread() const {
  if (std::this_thread::get_id() == thread_) return;
  throw Error(
      "distribution: a thread other than that of initialize calls a model whose work processes share; expected that "
      "thread. Call fit, evaluate and predict from it, or call clear_distribution first.");
}

void MpiProcesses::count_sum(std::size_t bytes) {
  const auto count = static_cast<std::size_t>(count_), id = static_cast<std::size_t>(id_);
  const std::size_t own = bytes * (id + 1) / count - bytes * id / count;
  bytes_sent_ += bytes - own;
  count_to_all(own);
}

void MpiProcesses::sum(std::span<float> numbers) {
  check_thread();
  count_sum(numbers.size_bytes());
  sum_in_order(floats_, numbers);
}

void MpiProcesses::sum(std::span<double> numbers) {
  check_thread();
  count_sum(numbers.size_bytes());
  sum_in_order(doubles_, numbers);
}

void MpiProcesses::begin_sum(std::span<float> numbers) {
  check_thread();
  count_sum(numbers.size_bytes());
  for_turns(numbers, [&](std::span<float> turn) {
    if (begun_ == sums_.size()) sums_.emplace_back();
    sums_[begun_++].begin(turn, communicator());
  });
  for (std::size_t i = 0; i < begun_ && sums_[i].advance(communicator_of_sums()); ++i) {
  }
}

void MpiProcesses::end_sums() {
  check_thread();
  for (std::size_t i = 0; i < begun_; ++i) sums_[i].send_sums(communicator_of_sums());
  for (std::size_t i = 0; i < begun_; ++i) sums_[i].wait();
  begun_ = 0;
}

void MpiProcesses::gather(const void* own, std::span<const std::size_t> sizes, void* all) {
  check_thread();
  count_to_all(sizes[static_cast<std::size_t>(id_)]);
  std::size_t total = 0;
  for (const std::size_t size : sizes) total += size;
  auto* const to = static_cast<std::byte*>(all);
  if (total <= most_bytes) {
    std::vector<int> counts, at;
    int next = 0;
    for (const std::size_t size : sizes) {
      counts.push_back(static_cast<int>(size));
      at.push_back(next);
      next += static_cast<int>(size);
    }
    const bool in_place = own == to + at[static_cast<std::size_t>(id_)];
    MPI_Allgatherv(in_place ? MPI_IN_PLACE : own, counts[static_cast<std::size_t>(id_)], MPI_BYTE, to, counts.data(),
                   at.data(), MPI_BYTE, communicator());
    return;
  }
  // Longer ones travel process by process.
  std::byte* next = to;
  for (int p = 0; p < count_; ++p) {
    const std::size_t size = sizes[static_cast<std::size_t>(p)];
    if (p == id_ && own != next) std::copy_n(static_cast<const std::byte*>(own), size, next);
    for (std::size_t done = 0; done < size; done += most_bytes) {
      MPI_Bcast(next + done, static_cast<int>(std::min(most_bytes, size - done)), MPI_BYTE, p, communicator());
    }
    next += size;
  }
}

void MpiProcesses::broadcast(void* bytes, std::size_t size, int from) {
  check_thread();
  if (id_ == from) count_to_all(size);
  auto* const at = static_cast<std::byte*>(bytes);
  for (std::size_t done = 0; done < size; done += most_bytes) {
    MPI_Bcast(at + done, static_cast<int>(std::min(most_bytes, size - done)), MPI_BYTE, from, communicator());
  }
}

void MpiProcesses::stop(const std::string& message) {
  std::cerr << fmt::format("process {} of {}: {}\n", id_, count_, message) << std::flush;
  MPI_Abort(communicator(), 1);
  std::abort();
}

}  // namespace xeras::distribution
