#include "xeras/layers/preprocessing/category_encoding.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/input_visit.hpp"
#include "layers/preprocessing/encoding.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {

CategoryEncoding::CategoryEncoding(CategoryEncodingConfig config)
    : LayerWith(std::move(config)), mode_(mode_named(who(), options().output_mode, {"one_hot", "multi_hot", "count"})) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (this->config().num_tokens < 1 || this->config().num_tokens > most) {
    throw InvalidArgument(fmt::format("{}: num_tokens is {}; expected 1 to {}. It is the largest id + 1.", who(),
                                      this->config().num_tokens, most));
  }
  if (options().sparse) {
    throw InvalidArgument(
        fmt::format("{}: sparse is true; expected false, since arrays are dense. Leave it out.", who()));
  }
}

std::optional<Spec> CategoryEncoding::first_input() const {
  if (options().input_shape.rank() == 0) return std::nullopt;
  return Spec{options().input_shape.with_batch(), DType::int32};
}

Spec CategoryEncoding::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1, .dtype = DType::int32});
  return encoded(input, mode_, config().num_tokens, builder.who());
}

void CategoryEncoding::forward(const Call& call) const {
  const AnyView ids = call.ids();
  const std::int64_t limit = config().num_tokens;
  const std::int64_t width = ids.extents.size() / std::max<std::int64_t>(1, ids.extents[0]);
  visit_data(ids.kind, ids.data, [&](const auto* data) {
    encode(call, mode_, ids.extents, 1, {}, [&](std::size_t i) {
      const auto id = static_cast<std::uint64_t>(data[i]);  // a negative one becomes large
      if (id < static_cast<std::uint64_t>(limit)) return static_cast<std::int32_t>(id);
      throw InvalidInput(
          fmt::format("{}: id {} in row {}; expected 0..{} (num_tokens {}). Set num_tokens to the largest "
                      "id + 1.",
                      who(), +data[i], call.sample_number(static_cast<std::int64_t>(i) / width), limit - 1, limit));
    });
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(CategoryEncoding)
