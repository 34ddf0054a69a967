#include "layers/preprocessing/element_lookup.hpp"

#include <fmt/format.h>

#include "xeras/core/error.hpp"

namespace xeras::layers {

void check_lookup(bool invert, bool sparse, const std::string& elements, const std::string& who) {
  if (invert) {
    throw InvalidArgument(fmt::format(
        "{}: invert is true; expected false, since a model gives numbers. Call words_of(ids) for the {} of ids.", who,
        elements));
  }
  if (sparse) {
    throw InvalidArgument(
        fmt::format("{}: sparse is true; expected false, since arrays are dense. Leave it out.", who));
  }
}

std::optional<Spec> first_input_of(const IndexLookup& lookup, const Shape& input_shape, DType dtype) {
  const bool can_build = lookup.mode() == IdMode::integer || lookup.width();
  if (input_shape.rank() == 0 || !can_build) return std::nullopt;
  return Spec{input_shape.with_batch(), dtype};
}

Spec build_lookup(const IndexLookup& lookup, const Spec& input, DType dtype, const Builder& builder) {
  builder.expect(input, {.min_rank = 1, .dtype = dtype});
  if (lookup.mode() != IdMode::integer && !lookup.width()) lookup.require_vocabulary(builder.who());
  return encoded(input, lookup.mode(), lookup.width().value_or(0), builder.who());
}

}  // namespace xeras::layers
