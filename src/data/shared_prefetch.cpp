#include "data/shared_prefetch.hpp"

namespace xeras::data {
namespace {

PrefetchOptions of_process(PrefetchOptions options, const Processes* processes) {
  if (processes != nullptr) {
    options.process = processes->id();
    options.processes = processes->count();
  }
  return options;
}

}  // namespace

SharedPrefetch::SharedPrefetch(Dataset& dataset, PrefetchOptions options, Processes* processes)
    : processes_(processes != nullptr && processes->count() > 1 ? processes : nullptr),
      own_(dataset, of_process(options, processes_)) {}

Batch SharedPrefetch::next() {
  if (processes_ == nullptr) return own_.next();
  if (taken_ == round_.size()) begin_round();
  const PackedBatch& form = round_[taken_];
  if (!form.has_x()) return {};  // the end, of all later rounds too
  const auto from = static_cast<int>(taken_++);
  const std::shared_ptr<std::byte[]> bytes(new std::byte[form.bytes()]);
  if (processes_->id() == from) form.pack(made_, bytes.get());
  processes_->broadcast(bytes.get(), form.bytes(), from);
  return form.unpack(bytes);
}

void SharedPrefetch::begin_round() {
  made_ = own_.next();
  const PackedBatch own(made_);
  static_assert(std::is_trivially_copyable_v<PackedBatch>);
  const auto count = static_cast<std::size_t>(processes_->count());
  round_.resize(count);
  processes_->gather(&own, std::vector<std::size_t>(count, sizeof own), round_.data());
  taken_ = 0;
}

}  // namespace xeras::data
