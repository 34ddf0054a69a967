#pragma once

#include "layers/workspace.hpp"
#include "xeras/core/input.hpp"

namespace xeras {

// Steps that are padding in every sequence of a batch need not be computed if they cannot affect the output.

// True when the first layer masks ids of 0.
bool makes_padding_mask(std::span<const Node> nodes);

// True when a layer sees no steps, keeps them apart, or ignores masked ones (see Builder).
bool ignores_masked_steps(const Node& node);

// True when a model whose layers all ignore masked steps may drop padding: it begins with an Embedding that masks 0,
// and its output has no axis of unknown length.
bool may_leave_padding_out(std::span<const Node> nodes);

// True when may_leave_padding_out holds and all layers ignore masked steps.
bool ignores_padding(std::span<const Node> nodes);

// Returns the ids (batch, time) without the last steps in which all ids are 0, but at least one step. Copies them to
// the arena if it drops any.
AnyView without_padding(const AnyView& ids, Arena& arena);

// Reorders samples so that batches hold sequences of similar length: sorts groups of some batches by length, then
// shuffles the batches by `stream`.
void bucket_by_length(const Input& ids, std::int64_t batch_size, const RandomStream& stream,
                      std::vector<std::int64_t>& order);

}  // namespace xeras
