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

MPI_Comm communicator() {
  static const MPI_Comm own = [] {
    MPI_Comm comm = MPI_COMM_NULL;
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    return comm;
  }();
  return own;
}

}  // namespace

MpiProcesses::MpiProcesses() {
  MPI_Comm_rank(communicator(), &id_);
  MPI_Comm_size(communicator(), &count_);
}

void MpiProcesses::check_thread() const {
  if (std::this_thread::get_id() == thread_) return;
  throw Error(
      "distribution: a thread other than that of initialize calls a model whose work processes share; expected that "
      "thread. Call fit, evaluate and predict from it, or call clear_distribution first.");
}

// Process p adds up part p of the numbers of all processes, in their order, and sends the sums to all. Each number
// travels twice, which no method undercuts, and the order does not depend on MPI.
template <class T>
void MpiProcesses::sum_in_order(std::span<T> numbers) {
  check_thread();
  const auto count = static_cast<std::size_t>(count_), id = static_cast<std::size_t>(id_);
  // Longer spans go in several turns.
  const std::size_t most = most_bytes / sizeof(T);
  for (std::span<T> left = numbers; !left.empty();) {
    const std::span<T> turn = left.first(std::min(left.size(), most));
    left = left.subspan(turn.size());
    const auto begin = [&](std::size_t p) { return turn.size() * p / count; };
    const std::size_t own = begin(id + 1) - begin(id);
    parts_.resize(own * count * sizeof(T));
    std::vector<int> sent(count), sent_at(count), received(count, static_cast<int>(own * sizeof(T))),
        received_at(count);
    for (std::size_t p = 0; p < count; ++p) {
      sent[p] = static_cast<int>((begin(p + 1) - begin(p)) * sizeof(T));
      sent_at[p] = static_cast<int>(begin(p) * sizeof(T));
      received_at[p] = static_cast<int>(p * own * sizeof(T));
    }
    MPI_Alltoallv(turn.data(), sent.data(), sent_at.data(), MPI_BYTE, parts_.data(), received.data(),
                  received_at.data(), MPI_BYTE, communicator());
    T* const sums = turn.data() + begin(id);
    const T* part = reinterpret_cast<const T*>(parts_.data());
    std::copy_n(part, own, sums);
    for (std::size_t p = 1; p < count; ++p) {
      part += own;
      for (std::size_t i = 0; i < own; ++i) sums[i] += part[i];
    }
    MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, turn.data(), sent.data(), sent_at.data(), MPI_BYTE,
                   communicator());
  }
}

void MpiProcesses::sum(std::span<float> numbers) { sum_in_order(numbers); }
void MpiProcesses::sum(std::span<double> numbers) { sum_in_order(numbers); }

void MpiProcesses::gather(const void* own, std::span<const std::size_t> sizes, void* all) {
  check_thread();
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

void MpiProcesses::broadcast(void* bytes, std::size_t size) {
  check_thread();
  auto* const at = static_cast<std::byte*>(bytes);
  for (std::size_t done = 0; done < size; done += most_bytes) {
    MPI_Bcast(at + done, static_cast<int>(std::min(most_bytes, size - done)), MPI_BYTE, 0, communicator());
  }
}

void MpiProcesses::stop(const std::string& message) {
  std::cerr << fmt::format("process {} of {}: {}\n", id_, count_, message) << std::flush;
  MPI_Abort(communicator(), 1);
  std::abort();
}

}  // namespace xeras::distribution
