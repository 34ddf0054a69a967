#pragma once

#include <mpi.h>

#include <algorithm>
#include <span>
#include <vector>

namespace xeras::distribution {

// A sum over processes, which can go on while they compute. Process p adds up part p of the numbers of all processes,
// in their order, and sends the sums to all. Each number travels twice, which no method undercuts, and the bits do not
// depend on MPI. An object is used for one sum after the other, and keeps its memory.
template <class T>
class OrderedSum {
 public:
  // Starts to send the parts of the numbers, at most 2^30 bytes, which must not be touched before wait() returns.
  void begin(std::span<T> numbers, MPI_Comm communicator) {
    int id = 0, count = 0;
    MPI_Comm_rank(communicator, &id);
    MPI_Comm_size(communicator, &count);
    const auto processes = static_cast<std::size_t>(count);
    const auto first = [&](std::size_t p) { return numbers.size() * p / processes; };
    sizes_.clear();
    at_.clear();
    received_at_.clear();
    numbers_ = numbers;
    own_ = numbers.subspan(first(static_cast<std::size_t>(id)));
    own_ = own_.first(first(static_cast<std::size_t>(id) + 1) - first(static_cast<std::size_t>(id)));
    for (std::size_t p = 0; p < processes; ++p) {
      sizes_.push_back(static_cast<int>((first(p + 1) - first(p)) * sizeof(T)));
      at_.push_back(static_cast<int>(first(p) * sizeof(T)));
      received_at_.push_back(static_cast<int>(p * own_.size_bytes()));
    }
    received_sizes_.assign(processes, static_cast<int>(own_.size_bytes()));
    received_.resize(own_.size() * processes);
    sends_sums_ = false;
    MPI_Ialltoallv(numbers.data(), sizes_.data(), at_.data(), MPI_BYTE, received_.data(), received_sizes_.data(),
                   received_at_.data(), MPI_BYTE, communicator, &request_);
  }

  // Goes on if that needs no waiting. Returns true if the sums are on their way.
  bool advance(MPI_Comm communicator) {
    int complete = 0;
    MPI_Test(&request_, &complete, MPI_STATUS_IGNORE);
    if (complete && !sends_sums_) send_sums(communicator);
    return sends_sums_;
  }
  // Adds up the own part, and starts to send the sums, unless that has been done.
  void send_sums(MPI_Comm communicator) {
    if (sends_sums_) return;
    MPI_Wait(&request_, MPI_STATUS_IGNORE);
    const T* part = received_.data();
    std::copy_n(part, own_.size(), own_.data());
    for (std::size_t p = 1; p < sizes_.size(); ++p) {
      part += own_.size();
      for (std::size_t i = 0; i < own_.size(); ++i) own_[i] += part[i];
    }
    MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, numbers_.data(), sizes_.data(), at_.data(), MPI_BYTE,
                    communicator, &request_);
    sends_sums_ = true;
  }
  void wait() { MPI_Wait(&request_, MPI_STATUS_IGNORE); }

 private:
  std::span<T> numbers_, own_;
  std::vector<T> received_;                                     // the own part of each process
  std::vector<int> sizes_, at_, received_sizes_, received_at_;  // in bytes, by process
  MPI_Request request_ = MPI_REQUEST_NULL;
  bool sends_sums_ = false;
};

}  // namespace xeras::distribution
