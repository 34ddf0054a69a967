#include "xeras/core/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/checked.hpp"
#include "core/input_visit.hpp"
#include "xeras/core/error.hpp"

namespace xeras {

Input::Input(const std::vector<std::string_view>& texts) : data_(texts.data()), kind_(Kind::string) {
  const std::size_t size = texts.size();
  set_shape(&size, &size + 1);
}

Input::Input(const std::vector<std::string>& texts) {
  const auto views = std::make_shared<const std::vector<std::string_view>>(texts.begin(), texts.end());
  *this = Input(*views);
  owned_ = views;
}

Input::Input(std::vector<std::string>&& texts) {
  struct Owned {
    std::vector<std::string> texts;
    std::vector<std::string_view> views;
  };
  const auto owned = std::make_shared<Owned>(Owned{std::move(texts), {}});
  owned->views.assign(owned->texts.begin(), owned->texts.end());
  *this = Input(owned->views);
  owned_ = owned;
  owns_ = true;
}

Input::Input(const std::vector<std::vector<std::string>>& rows) {
  const std::size_t columns = rows.empty() ? 0 : rows.front().size();
  std::vector<std::string> texts;
  for (const std::vector<std::string>& row : rows) {
    if (row.size() != columns) throw_ragged(row.size(), columns, true);
    texts.insert(texts.end(), row.begin(), row.end());
  }
  *this = Input(std::move(texts));
  const std::array<std::size_t, 2> shape{rows.size(), columns};
  extents_ = {};
  set_shape(shape.begin(), shape.end());
}

Input::Input(const AnyView& array, std::shared_ptr<const void> owner)
    : data_(array.data),
      owned_(std::move(owner)),
      extents_(array.extents),
      kind_(array.kind),
      kind_given_(true),
      owns_(owned_ != nullptr) {}

std::size_t Input::element_size() const {
  if (is_text()) return sizeof(std::string_view);
  return visit_data(*this, [](const auto* data) { return sizeof(*data); });
}

void Input::copy_floats(std::int64_t first, std::int64_t count, float* to) const {
  visit_data(*this, [&](const auto* data) {
    for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<float>(data[first + i]);
  });
}

Tensor Input::to_tensor() const {
  Tensor::shape_type shape(extents_.rank());
  for (std::size_t axis = 0; axis < extents_.rank(); ++axis) shape[axis] = static_cast<std::size_t>(extents_[axis]);
  Tensor tensor = Tensor::from_shape(shape);
  copy_floats(0, extents_.size(), tensor.data());
  return tensor;
}

Input Input::samples(std::int64_t first, std::int64_t count) const {
  Input part = *this;
  const std::int64_t width = length() == 0 ? 0 : extents_.size() / length();
  part.data_ = static_cast<const std::byte*>(data_) + static_cast<std::size_t>(first * width) * element_size();
  part.extents_[0] = count;
  return part;
}

Input Input::gather(std::span<const std::int64_t> positions, const Extents& leading) const {
  Input result;
  const std::int64_t width = length() == 0 ? 0 : extents_.size() / length();
  const auto copy = [&](const auto* from, auto* to) {
    for (const std::int64_t position : positions) to = std::copy_n(from + position * width, width, to);
  };
  if (is_text()) {
    std::vector<std::string> texts(positions.size() * static_cast<std::size_t>(width));
    copy(static_cast<const std::string_view*>(data_), texts.data());
    result = Input(std::move(texts));
    result.extents_ = {};
  } else {
    const std::size_t size = element_size();
    const std::int64_t bytes = static_cast<std::int64_t>(positions.size() * size) * width;
    std::shared_ptr<std::byte[]> values = memory<std::byte>(bytes);
    visit_data(*this, [&]<class T>(const T* from) { copy(from, reinterpret_cast<T*>(values.get())); });
    result.data_ = values.get();
    result.owned_ = std::move(values);
    result.owns_ = true;
    result.kind_ = kind_;
  }
  result.kind_given_ = true;
  for (std::size_t axis = 0; axis < leading.rank(); ++axis) result.add_axis(leading[axis]);
  for (std::size_t axis = 1; axis < extents_.rank(); ++axis) result.add_axis(extents_[axis]);
  return result;
}

Input Input::owned() const {
  if (owns_ || !kind_given_ || extents_.rank() == 0) return *this;
  std::vector<std::int64_t> all(static_cast<std::size_t>(length()));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return gather(all, {length()});
}

void Input::add_axis(std::int64_t size) {
  if (extents_.rank() == Extents::max_rank) {
    throw InvalidInput(
        fmt::format("input: more than {} axes; expected at most {}.", Extents::max_rank, Extents::max_rank));
  }
  extents_.push_back(size);
  if (!fits_memory(extents_)) {
    throw InvalidInput(
        fmt::format("input: an array of shape {}; expected one of fewer than 2^45 numbers.", extents_.to_string()));
  }
}

void throw_texts() {
  throw InvalidInput(
      "input: an array of texts; expected numbers. Only the first layer of a model can take texts; text::Tokenizer "
      "makes "
      "ids of them.");
}

void Input::throw_ragged(std::size_t size, std::size_t expected, bool texts) {
  throw InvalidInput(
      fmt::format("input: a row of length {} beside rows of length {}; expected rows of one length. Pad the short ones "
                  "with {}.",
                  size, expected, texts ? "\"\"" : "0, as text::pad_sequences does"));
}

}  // namespace xeras
