#include "models/share.hpp"

#include "core/input_visit.hpp"

namespace xeras {

Share::Share(std::int64_t batch) : batch_(batch) {
  Processes* const all = processes();
  if (all == nullptr || batch < all->count()) return;
  processes_ = all;
  id_ = all->id();
  processes_count_ = all->count();
}

std::int64_t Share::first_of(int id) const { return batch_ * id / processes_count_; }

AnyView Share::part_of(AnyView batch, Workspace& workspace) const {
  workspace.samples = count();
  workspace.samples_before = first();
  workspace.batch_samples = batch_;
  if (!is_part()) return batch;
  if (workspace.sample_numbers != nullptr) {
    workspace.sample_numbers += first();
  } else {
    workspace.first_sample += first();
  }
  const std::int64_t per_sample = batch.extents.size() / batch_;
  if (batch.kind == ElementKind::string) {
    batch.data = static_cast<const std::string_view*>(batch.data) + first() * per_sample;
  } else {
    visit_data(batch.kind, batch.data, [&](const auto* data) { batch.data = data + first() * per_sample; });
  }
  batch.extents[0] = count();
  return batch;
}

View Share::part_of(View batch) const {
  if (!is_part()) return batch;
  batch.data += first() * (batch.size() / batch_);
  batch.extents[0] = count();
  return batch;
}

void Share::join(const void* own, std::size_t bytes_per_sample, void* batch) const {
  std::vector<std::size_t> sizes;
  for (int id = 0; id < processes_count_; ++id) {
    sizes.push_back(static_cast<std::size_t>(first_of(id + 1) - first_of(id)) * bytes_per_sample);
  }
  processes_->gather(own, sizes, batch);
}

ConstView Share::join(ConstView own, Arena& arena) const {
  const std::int64_t per_sample = own.size() / count();
  Extents extents = own.extents;
  extents[0] = batch_;
  float* const all = arena.floats(batch_ * per_sample);
  join(own.data, static_cast<std::size_t>(per_sample) * sizeof(float), all);
  return {all, extents};
}

MaskView Share::join(MaskView own, Arena& arena) const {
  if (own.data == nullptr) return own;
  const auto per_sample = static_cast<std::size_t>(own.size() / count());
  Extents extents = own.extents;
  extents[0] = batch_;
  auto* const all = static_cast<std::uint8_t*>(arena.allocate(static_cast<std::size_t>(batch_) * per_sample));
  join(own.data, per_sample, all);
  return {all, extents};
}

double Share::sum(double own) const {
  processes_->sum({&own, 1});
  return own;
}

}  // namespace xeras
