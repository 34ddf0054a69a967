#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

/// What SimpleRNN, LSTM and GRU declare alike. Theirs alone: nobody else needs it. Where there is a row for each step
/// of each sequence, (batch, time), the steps that count lie one after the other; the others have none.
struct RecurrentHandles {
  /// What goes on from step to step: the output, and of an LSTM its carry.
  struct Carried {
    Buffer before{};  // (batch, time, units): as each step found it
    Buffer last{};    // (batch, units): as the last step left it
    Buffer grad{};    // (batch, units)
    State state{};    // (batch, units), where stateful
  };

  Weight kernel{};             // (features, gates * units)
  Weight recurrent_kernel{};   // (units, gates * units)
  Weight bias{};               // (gates * units); of a GRU with reset_after (2, gates * units)
  Buffer sequences{};          // (batch): of the timeline, as all until `sources`
  Buffer lengths{};            // (batch)
  Buffer firsts{};             // (1, time)
  Buffer actives{};            // (1, time)
  Buffer sources{};            // (batch, time)
  Buffer x{};                  // (batch, time, features): the input in the order of the walk, or each distinct word's
  Buffer gates{};              // (batch, time, gates * units)
  Carried h{};                 // the output
  Buffer input_dropout{};      // (1 or gates, batch, features), where there is dropout: 0 or 1 / (1 - rate)
  Buffer recurrent_dropout{};  // (gates, batch, units)
  Buffer dropped_x{};          // (batch, time, features)
  Buffer dropped_h{};          // (batch, time, units)
  Packed packed_kernel{};      // the kernel as products read it
  Packed packed_recurrent{};   // the recurrent kernel as those of all steps read it
  Buffer transposed{};         // its transpose, for the way back
};

}  // namespace xeras::layers
