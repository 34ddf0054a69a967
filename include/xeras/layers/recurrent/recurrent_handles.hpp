#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

/// The common handles of SimpleRNN, LSTM and GRU. For internal use. Buffers (batch, time, ...) hold only the unmasked
/// steps, without gaps, in the order of the timeline.
struct RecurrentHandles {
  /// A value passed from step to step: the output, or the carry of an LSTM.
  struct Carried {
    Buffer before{};  // (batch, time, units): before each step
    Buffer last{};    // (batch, units): after the last step
    Buffer grad{};    // (batch, units)
    State state{};    // (batch, units), if stateful
  };

  Weight kernel{};             // (features, gates * units)
  Weight recurrent_kernel{};   // (units, gates * units)
  Weight bias{};               // (gates * units); (2, gates * units) for a GRU with reset_after
  Buffer sequences{};          // (batch); this and the next four belong to the timeline
  Buffer lengths{};            // (batch)
  Buffer firsts{};             // (1, time)
  Buffer actives{};            // (1, time)
  Buffer sources{};            // (batch, time)
  Buffer x{};                  // (batch, time, features): the input in timeline order, or the distinct words
  Buffer gates{};              // (batch, time, gates * units)
  Carried h{};                 // the output
  Buffer input_dropout{};      // (1 or gates, batch, features), with dropout: 0 or 1 / (1 - rate)
  Buffer recurrent_dropout{};  // (gates, batch, units)
  Buffer dropped_x{};          // (batch, time, features)
  Buffer dropped_h{};          // (batch, time, units)
  Packed packed_kernel{};      // the kernel in the order of the products
  Packed packed_recurrent{};   // the recurrent kernel, likewise
  Buffer transposed{};         // its transpose, for backward
};

}  // namespace xeras::layers
