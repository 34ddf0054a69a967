#include "models/sequential_parts.hpp"

#include <algorithm>

namespace xeras {

void SequentialParts::build(Sequential& model, const Spec& input, std::int64_t weights_in_file) {
  // States are in no file: a few MiB are always theirs.
  constexpr std::int64_t always_allowed = std::int64_t{1} << 22;
  Sequential::State& state = model.state();
  const auto limit = [&](std::optional<std::int64_t> weights, std::optional<std::int64_t> states) {
    state.weights_in_file = weights;
    state.states_in_file = states;
  };
  limit(weights_in_file, std::max(weights_in_file, always_allowed));
  try {
    model.build_all(input);
  } catch (...) {
    limit({}, {});
    throw;
  }
  limit({}, {});
  state.sizes.weights_in_file.reset();
  state.sizes.states_in_file.reset();
}

}  // namespace xeras
