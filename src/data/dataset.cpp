#include "xeras/data/dataset.hpp"

#include <fmt/format.h>

#include "data/checks.hpp"
#include "xeras/core/error.hpp"

namespace xeras {

data::Dataset& DatasetArgument::get(const char* who) const {
  if (dataset_ != nullptr) return *dataset_;
  throw InvalidArgument(
      fmt::format("{}: the dataset is null; expected a dataset. Give an object, or a pointer to one.", who));
}

namespace data {

std::optional<std::int64_t> size_of(const char* who, const Dataset& dataset) {
  const std::int64_t size = dataset.num_batches();
  if (size == unknown) return {};
  if (size >= 0) return size;
  throw InvalidArgument(
      fmt::format("{}: num_batches() of the dataset is {}; expected 0 or more, or data::unknown.", who, size));
}

void check_has_x(const char* who, const Batch& batch, std::int64_t index, std::int64_t size) {
  if (batch.x) return;
  throw InvalidInput(fmt::format(
      "{}: batch {} has no x; expected samples in each of the {} batches that num_batches() states. Return them, or "
      "data::unknown if only the end tells the number.",
      who, index, size));
}

void for_each(const DatasetArgument& argument, const std::function<void(const Batch&)>& f) {
  constexpr const char* who = "for_each";
  Dataset& dataset = argument.get(who);
  const std::optional<std::int64_t> size = size_of(who, dataset);
  dataset.set_epoch(0);
  dataset.on_epoch_begin();
  for (std::int64_t i = 0; !size || i < *size; ++i) {
    const Batch batch = dataset.get_batch(i);
    if (size) check_has_x(who, batch, i, *size);
    if (!batch.x) break;
    f(batch);
  }
  dataset.on_epoch_end();
}

std::vector<std::string> texts_of(const Batch& batch) {
  if (!batch.x) return {};
  if (!batch.x.is_text()) {
    throw InvalidInput("texts_of: x holds numbers; expected texts, such as those of data::TextLines.");
  }
  const auto* const texts = static_cast<const std::string_view*>(batch.x.data());
  return {texts, texts + batch.x.extents().size()};
}

}  // namespace data
}  // namespace xeras
