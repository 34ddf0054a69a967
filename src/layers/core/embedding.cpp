#include "xeras/layers/core/embedding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/id_advice.hpp"
#include "core/input_visit.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {
namespace {

// The dropout of words. It depends only on the id, so all occurrences in a batch are dropped or none.
class WordDropout {
 public:
  WordDropout(RandomStream stream, double rate) : stream_(stream), rate_(rate) {}
  float scale(std::int32_t id) const {
    const bool dropped = stream_.uniform(static_cast<std::uint64_t>(id)) < rate_;
    return dropped ? 0.0f : static_cast<float>(1.0 / (1.0 - rate_));
  }
  void apply(std::span<const std::int32_t> ids, float* rows, std::size_t width) const {
    for (std::size_t i = 0; i < ids.size(); ++i) kernels::simd().scale(scale(ids[i]), rows + i * width, width);
  }

 private:
  RandomStream stream_;
  double rate_;
};

}  // namespace

Embedding::Embedding(EmbeddingConfig config) : LayerWith(std::move(config)) {
  const EmbeddingConfig& c = this->config();
  if (c.input_dim <= 0) {
    throw InvalidArgument(
        fmt::format("{}: input_dim is {}; expected a positive integer. Use the vocabulary size + 1 (id 0 is padding).",
                    who(), c.input_dim));
  }
  if (c.input_dim > std::numeric_limits<std::int32_t>::max()) {
    throw InvalidArgument(fmt::format("{}: input_dim is {}; expected at most {}. Hash the ids into a smaller range.",
                                      who(), c.input_dim, std::numeric_limits<std::int32_t>::max()));
  }
  if (c.output_dim < 0) {
    throw InvalidArgument(fmt::format("{}: output_dim is {}; expected an integer >= 0. Typical sizes are 16 to 300.",
                                      who(), c.output_dim));
  }
  if (options().input_length && *options().input_length <= 0) {
    throw InvalidArgument(fmt::format(
        "{}: input_length is {}; expected a positive integer. Leave it out when sequences differ in length.", who(),
        *options().input_length));
  }
  if (!(options().dropout >= 0.0 && options().dropout < 1.0)) {
    throw InvalidArgument(
        fmt::format("{}: dropout is {}; expected a rate in [0, 1). 0 turns it off.", who(), options().dropout));
  }
  const Shape& given = options().batch_input_shape;
  if (given.rank() != 0 && given.rank() != 2) {
    throw InvalidArgument(
        fmt::format("{}: batch_input_shape is {}; expected (batch, time). Write {{32, None}} for batches of 32.", who(),
                    given.to_string()));
  }
  std::optional<Tensor>& weights = config_.options.weights;
  if (!weights) {
    start_ = options().embeddings_initializer;
    return;
  }
  const Shape table{c.input_dim, c.output_dim};
  if (shape_of(*weights) != table) {
    throw InvalidArgument(fmt::format("{}: weights have shape {}; expected (input_dim, output_dim), which is {}.",
                                      who(), shape_of(*weights).to_string(), table.to_string()));
  }
  start_ = initializers::Constant(*weights);
  weights.reset();
}

std::optional<Spec> Embedding::first_input() const {
  if (options().batch_input_shape.rank() > 0) return Spec{options().batch_input_shape, DType::int32};
  return Spec{{None, options().input_length ? Dim(*options().input_length) : Dim(None)}, DType::int32};
}

Spec Embedding::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 2, .dtype = DType::int32});
  const Dim length = options().input_length ? Dim(*options().input_length) : input.shape[1];
  if (input.shape[1].known() && input.shape[1] != length) {
    throw ShapeError(fmt::format(
        "{}: input is {}; expected sequences of input_length {}. Pad or cut the sequences, or leave input_length out.",
        builder.who(), input.shape.to_string(), length.size()));
  }
  ids_ = builder.saved(input.shape);
  if (options().mask_zero) {
    builder.ignores_masked_steps();
    builder.masks_padding();
  }
  builder.activity_regularizer(options().activity_regularizer);
  embeddings_ = builder.weight(
      "embeddings", {config().input_dim, config().output_dim}, start_,
      {.regularizer = options().embeddings_regularizer, .constraint = options().embeddings_constraint, .lookup = true});
  start_ = options().embeddings_initializer;  // frees the initial table
  return {{input.shape[0], length, config().output_dim}, DType::float32, options().mask_zero};
}

void Embedding::check_ids(const Call& call, std::int32_t* ids) const {
  const AnyView given = call.ids();
  // A layer before this one may give any length.
  if (options().input_length && given.extents[1] != *options().input_length) {
    throw InvalidInput(
        fmt::format("{}: ids have shape {}; expected sequences of input_length {}. Pad or cut the sequences, or leave "
                    "input_length out.",
                    who(), given.extents.to_string(), *options().input_length));
  }
  const std::int64_t count = given.extents.size(), limit = config().input_dim;
  visit_data(given.kind, given.data, [&]<class T>(const T* data) {
    if constexpr (std::is_integral_v<T>) {
      // The unsigned comparison also finds negative ids. The loop has no branch so that it is vectorized.
      bool bad = false;
      for (std::int64_t i = 0; i < count; ++i) {
        bad |= static_cast<std::uint64_t>(data[i]) >= static_cast<std::uint64_t>(limit);
        ids[i] = static_cast<std::int32_t>(data[i]);
      }
      if (!bad) return;
      const T* first = std::find_if(data, data + count, [&](T id) {
        return static_cast<std::uint64_t>(id) >= static_cast<std::uint64_t>(limit);
      });
      const std::int64_t row = (first - data) / given.extents[1], step = (first - data) % given.extents[1];
      throw InvalidInput(fmt::format("{}: id {} at row {}, step {}; expected 0..{} (input_dim {}). {}", who(), +*first,
                                     call.sample_number(row), step, limit - 1, limit,
                                     advice_for_id(*first, limit, "input_dim")));
    }
  });
}

void Embedding::forward(const Call& call) const {
  const BasicView<std::int32_t> ids = call.integers(ids_);
  const auto count = static_cast<std::size_t>(ids.size()), width = static_cast<std::size_t>(config().output_dim);
  check_ids(call, ids.data);
  const float* const table = call.lookup(embeddings_, ids.span()).data;
  kernels::gather_rows(table, ids.data, call.output().data, count, width);
  if (call.training() && options().dropout > 0.0) {
    WordDropout(call.random(options().seed), options().dropout).apply(ids.span(), call.output().data, width);
  }
  call.alike_where(ids.span());
  if (options().mask_zero) {
    const std::span<std::uint8_t> mask = call.make_mask();
    for (std::size_t i = 0; i < count; ++i) mask[i] = ids.data[i] != 0;
  }
}

void Embedding::backward(const BackwardCall& call) const {
  if (!call.wants_grad(embeddings_)) return;
  const BasicView<std::int32_t> ids = call.integers(ids_);
  if (options().dropout > 0.0 && call.training()) {
    WordDropout(call.random(options().seed), options().dropout)
        .apply(ids.span(), call.output_grad().data, static_cast<std::size_t>(config().output_dim));
  }
  call.add_rows(embeddings_, ids.span(), call.output_grad().data);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Embedding)
