#include "layers/embedding_mean.hpp"

#include <algorithm>

#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/parallel_each.hpp"
#include "layers/workspace.hpp"
#include "xeras/layers/core/embedding.hpp"
#include "xeras/layers/pooling/global_average_pooling1d.hpp"

namespace xeras::layers {

bool EmbeddingMean::fits(const Node& first, const Node& second) const {
  const auto* embedding = dynamic_cast<const Embedding*>(first.layer);
  return embedding != nullptr && dynamic_cast<const GlobalAveragePooling1D*>(second.layer) != nullptr &&
         embedding->options().dropout == 0.0 && !first.activity_regularizer;
}

void EmbeddingMean::forward(const Pair& pair, const Call& first, const Call& second) const {
  const auto& embedding = static_cast<const Embedding&>(*pair.first.layer);
  const auto& pool = static_cast<const GlobalAveragePooling1D&>(*pair.second.layer);
  const BasicView<std::int32_t> ids = first.integers(embedding.ids_);
  embedding.check_ids(first, ids.data);
  const float* const table = first.lookup(embedding.embeddings_, ids.span()).data;
  const auto B = static_cast<std::size_t>(ids.extents[0]), T = static_cast<std::size_t>(ids.extents[1]);
  const auto D = static_cast<std::size_t>(embedding.config().output_dim);
  const bool skips_padding = embedding.options().mask_zero;
  float *const y = second.output().data, *const inverse_count = second[pool.inverse_count_].data;
  parallel_each(B, T * D, [=, ids = ids.data](std::size_t b) {
    const std::int32_t *const from = ids + b * T, *const to = from + T;
    inverse_count[b] = kernels::mean_of_rows(table, from, to, skips_padding ? 0 : -1, y + b * D, D);
  });
}

void EmbeddingMean::backward(const Pair& pair, const BackwardCall& first, const BackwardCall& second) const {
  const auto& embedding = static_cast<const Embedding&>(*pair.first.layer);
  const auto& pool = static_cast<const GlobalAveragePooling1D&>(*pair.second.layer);
  if (!first.wants_grad(embedding.embeddings_)) return;
  const BasicView<std::int32_t> ids = first.integers(embedding.ids_);
  const std::int64_t D = embedding.config().output_dim;
  float* const dy = second.output_grad().data;
  for (std::int64_t b = 0; b < ids.extents[0]; ++b) {
    kernels::simd().scale(second[pool.inverse_count_].data[b], dy + b * D, static_cast<std::size_t>(D));
  }
  RowGradient& gradient =
      pair.workspace.gradients[pair.first.weights[static_cast<std::size_t>(embedding.embeddings_)].number].rows;
  const RowGradient::Share share{ids.extents[1], embedding.options().mask_zero ? 0 : -1};
  gradient.add(ids.span(), dy, embedding.config().input_dim, D, share);
}

}  // namespace xeras::layers
