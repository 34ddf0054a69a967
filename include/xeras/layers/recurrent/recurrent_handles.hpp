#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

/// What SimpleRNN, LSTM and GRU declare alike. Theirs alone: nobody else needs it.
struct RecurrentHandles {
  /// What goes on from step to step: the output, and of an LSTM its carry.
  struct Carried {
    Buffer before{};  // (time, batch, units): as each step found it
    Buffer last{};    // (batch, units): as the last step left it
    Buffer grad{};    // (batch, units)
    State state{};    // (batch, units), where stateful
  };

  Weight kernel{};             // (features, gates * units)
  Weight recurrent_kernel{};   // (units, gates * units)
  Weight bias{};               // (gates * units); of a GRU with reset_after (2, gates * units)
  Buffer x{};                  // (time, batch, features): the input in the order of the walk, 0 where masked
  Buffer gates{};              // (time, batch, gates * units)
  Carried h{};                 // the output
  Buffer input_dropout{};      // (1 or gates, batch, features), where there is dropout: 0 or 1 / (1 - rate)
  Buffer recurrent_dropout{};  // (gates, batch, units)
  Buffer dropped_x{};          // (time, batch, features)
  Buffer dropped_h{};          // (time, batch, units)
  Buffer packed{};             // the recurrent kernel, or its transpose, as the products of all steps read it
};

}  // namespace xeras::layers
