#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace xeras::layers {

// The common options of SimpleRNN, LSTM and GRU, except those of their weights.
struct WalkOptions {
  std::size_t gates;
  std::int64_t units;
  bool use_bias;
  double dropout, recurrent_dropout;
  std::optional<std::int64_t> seed;
  bool return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask;

  template <class Config>
  WalkOptions(std::size_t number_of_gates, const Config& config)
      : gates(number_of_gates),
        units(config.units),
        use_bias(config.options.use_bias),
        dropout(config.options.dropout),
        recurrent_dropout(config.options.recurrent_dropout),
        seed(config.options.seed),
        return_sequences(config.options.return_sequences),
        return_state(config.options.return_state),
        go_backwards(config.options.go_backwards),
        stateful(config.options.stateful),
        unroll(config.options.unroll),
        zero_output_for_mask(config.options.zero_output_for_mask) {}

  // Throws InvalidArgument for invalid options.
  void check(const std::string& who) const;
  // Returns the number of draws for the input: one, or one per gate with recurrent dropout, as in Keras.
  std::size_t input_draws() const { return recurrent_dropout > 0.0 ? gates : 1; }
  std::size_t columns() const { return gates * static_cast<std::size_t>(units); }
};

}  // namespace xeras::layers
