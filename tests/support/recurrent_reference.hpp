#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "xeras/layers/layer.hpp"

namespace xeras::testing {

// A slow, simple implementation of the recurrent layers in double: one number at a time, by the formulas of Keras's
// cells and of its loop over steps. Sequences are (batch, time, ...).
struct RecurrentReference {
  enum class Cell { simple_rnn, lstm, gru_reset_after, gru_reset_before };

  Cell cell = Cell::simple_rnn;
  std::size_t batch = 1, time = 1, features = 1, units = 1;
  std::function<double(double)> activation = {};            // none: linear
  std::function<double(double)> recurrent_activation = {};  // none: linear
  bool use_bias = true;
  bool return_sequences = false;
  bool go_backwards = false;
  bool zero_output_for_mask = false;
  std::vector<std::uint8_t> mask = {};  // (batch, time), or empty

  std::size_t gates() const;
  // The weights in the layer's order: kernel, recurrent_kernel, bias.
  std::vector<double> output(const std::vector<double>& x, const std::vector<std::vector<double>>& weights) const;
};

// Compares the layer's output and every gradient with the reference and its central differences, for random weights and
// input. Uses the reference's mask.
void check_recurrent(Layer& layer, const RecurrentReference& reference);

// Does so for each combination of return_sequences, go_backwards, zero_output_for_mask and a mask: with padding on
// either side, holes, and a fully masked row.
template <class L>
void check_recurrent_variants(typename L::Config config, RecurrentReference reference) {
  const std::vector<std::uint8_t> mask = {1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0};
  reference.batch = 5;
  reference.time = 5;
  reference.features = 2;
  reference.units = static_cast<std::size_t>(config.units);
  for (const bool masked : {false, true}) {
    for (const bool sequences : {false, true}) {
      for (const bool backwards : {false, true}) {
        for (const bool zero : {false, true}) {
          if (zero && !masked) continue;
          reference.mask = masked ? mask : std::vector<std::uint8_t>();
          config.options.return_sequences = reference.return_sequences = sequences;
          config.options.go_backwards = reference.go_backwards = backwards;
          config.options.zero_output_for_mask = reference.zero_output_for_mask = zero;
          L layer(config);
          check_recurrent(layer, reference);
        }
      }
    }
  }
}

}  // namespace xeras::testing
