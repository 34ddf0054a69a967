#include "models/sequential_parts.hpp"

namespace xeras {

void SequentialParts::build(Sequential& model, const Spec& input, std::int64_t weights_in_file) {
  std::optional<std::int64_t>& limit = model.state_->weights_in_file;
  limit = weights_in_file;
  try {
    model.build_all(input);
  } catch (...) {
    limit.reset();
    throw;
  }
  limit.reset();
  model.state_->sizes.weights_in_file.reset();
}

}  // namespace xeras
