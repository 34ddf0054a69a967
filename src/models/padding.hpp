#pragma once

#include "layers/workspace.hpp"
#include "xeras/core/input.hpp"

namespace xeras {

// Steps behind the last one that counts in any sequence of a batch need not be computed, where nothing shows that they
// were there.

// Whether the first layer masks ids of 0.
bool makes_padding_mask(std::span<const Node> nodes);

// Whether a layer, if it sees steps at all, says that it keeps them apart or ignores masked ones (see Builder).
bool ignores_masked_steps(const Node& node);

// Whether a model of which each layer does so may leave padding out: it begins with an Embedding that masks 0, and its
// output does not have as many steps as the input.
bool may_leave_padding_out(std::span<const Node> nodes);

// Both of it.
bool ignores_padding(std::span<const Node> nodes);

// The ids (batch, time) without the steps behind the last one that has an id other than 0 in any row; one step stays.
// A copy lies in the arena.
AnyView without_padding(const AnyView& ids, Arena& arena);

// Reorders samples so that batches hold sequences of similar length: in each stretch of some batches by length, then
// the batches among each other by `stream`.
void bucket_by_length(const Input& ids, std::int64_t batch_size, const RandomStream& stream,
                      std::vector<std::int64_t>& order);

}  // namespace xeras
