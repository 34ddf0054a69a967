#include "xeras/layers/preprocessing/hashing.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "core/input_visit.hpp"
#include "core/shown.hpp"
#include "layers/preprocessing/encoding.hpp"
#include "text/farm_hash.hpp"
#include "text/sip_hash.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

// A hash costs as much as so many floats that a loop processes.
constexpr std::size_t work_a_hash = 64;

}  // namespace

Value to_value(const MaskValue& field) {
  if (field.text() != nullptr) return *field.text();
  return field.integer() != nullptr ? Value(*field.integer()) : Value();
}

void from_value(const Value& value, MaskValue& field, const std::string& path) {
  if (const auto* text = value.get_if<std::string>()) {
    field = MaskValue(*text);
  } else if (value.is_null()) {
    field = MaskValue();
  } else {
    std::int64_t integer = 0;
    xeras::from_value(value, integer, path);
    field = MaskValue(integer);
  }
}

Hashing::Hashing(HashingConfig config)
    : LayerWith(std::move(config)),
      mode_(mode_named(who(), options().output_mode, {"int", "one_hot", "multi_hot", "count"})) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (this->config().num_bins <= 0 || this->config().num_bins > most) {
    throw InvalidArgument(
        fmt::format("{}: num_bins is {}; expected 1 to {}. More bins make it rarer that words share one.", who(),
                    this->config().num_bins, most));
  }
  if (options().sparse) {
    throw InvalidArgument(
        fmt::format("{}: sparse is true; expected false, since arrays are dense. Leave it out.", who()));
  }
}

Spec Hashing::build(const Spec& input, Builder& builder) {
  if (input.dtype == DType::float32) {
    throw ShapeError(fmt::format(
        "{}: input is floats; expected strings or integers. Put the layer first, or behind one that gives ids.",
        builder.who()));
  }
  builder.expect(input, {.min_rank = 1, .dtype = input.dtype});
  takes_texts_ = input.dtype == DType::string;
  if (options().mask_value && takes_texts_ != (options().mask_value.text() != nullptr)) {
    throw ShapeError(fmt::format("{}: input is {} and mask_value is {}; expected one kind. Correct mask_value.",
                                 builder.who(), takes_texts_ ? "strings" : "integers",
                                 shown(to_value(options().mask_value).to_string())));
  }
  return encoded(input, mode_, config().num_bins, builder.who());
}

std::int32_t Hashing::bin_of(std::string_view text, bool is_masked) const {
  const bool has_mask = options().mask_value && config().num_bins > 1;
  if (has_mask && is_masked) return 0;
  const std::uint64_t hash = options().salt ? text::sip_hash(text, options().salt.key()) : text::farm_fingerprint(text);
  const auto bins = static_cast<std::uint64_t>(config().num_bins) - (has_mask ? 1 : 0);
  return static_cast<std::int32_t>(hash % bins) + (has_mask ? 1 : 0);
}

void Hashing::forward(const Call& call) const {
  if (takes_texts_) {
    const StringsView strings = call.strings();
    const std::string* const mask = options().mask_value.text();
    encode(call, mode_, strings.extents, work_a_hash, {},
           [&](std::size_t i) { return bin_of(strings.data[i], mask != nullptr && strings.data[i] == *mask); });
    return;
  }
  const AnyView integers = call.ids();
  const std::int64_t* const mask = options().mask_value.integer();
  visit_data(integers.kind, integers.data, [&]<class T>(const T* data) {
    if constexpr (std::is_integral_v<T>) {
      encode(call, mode_, integers.extents, work_a_hash, {}, [&](std::size_t i) {
        char digits[24];
        const char* const end = std::to_chars(digits, digits + sizeof digits, +data[i]).ptr;
        return bin_of({digits, static_cast<std::size_t>(end - digits)},
                      mask != nullptr && static_cast<std::int64_t>(data[i]) == *mask);
      });
    }
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Hashing)
