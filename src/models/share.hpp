#pragma once

#include "core/processes.hpp"
#include "layers/workspace.hpp"

namespace xeras {

// The samples of a batch that this process computes: its part, in the order of the processes, or the whole batch if the
// process works alone or there are fewer samples than processes.
class Share {
 public:
  explicit Share(std::int64_t batch);

  bool is_part() const { return processes_ != nullptr; }
  std::int64_t first() const { return first_of(id_); }
  std::int64_t count() const { return first_of(id_ + 1) - first(); }

  // Returns the own samples of the batch's input, and sets the workspace's numbers of samples.
  AnyView part_of(AnyView batch, Workspace& workspace) const;
  View part_of(View batch) const;
  // Joins the numbers of all samples, of which this process has its own, in `batch`, which may hold them already.
  void join(const void* own, std::size_t bytes_per_sample, void* batch) const;
  ConstView join(ConstView own, Arena& arena) const;
  MaskView join(MaskView own, Arena& arena) const;
  // Returns the sum over the processes.
  double sum(double own) const;

 private:
  std::int64_t first_of(int id) const;

  std::int64_t batch_;
  Processes* processes_ = nullptr;
  int id_ = 0, processes_count_ = 1;
};

}  // namespace xeras
