#include "xeras/optimizers/optimizer.hpp"

#include <fmt/format.h>

#include "core/masked_traps.hpp"
#include "xeras/core/error.hpp"

namespace xeras::optimizers {

void Optimizer::apply(const std::vector<Tensor>& gradients, const std::vector<Tensor*>& parameters) {
  const MaskedTraps masked;
  if (gradients.size() != parameters.size()) {
    throw InvalidArgument(fmt::format("{}: {} gradients for {} parameters; expected one for each.", class_name(),
                                      gradients.size(), parameters.size()));
  }
  std::vector<Tensor> copies = gradients;  // clipping changes them in place
  std::vector<Parameter> step(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i] == nullptr || parameters[i]->dimension() > Extents::max_rank) {
      throw InvalidArgument(fmt::format("{}: parameter {} is {}; expected a tensor of at most {} axes.", class_name(),
                                        i, parameters[i] == nullptr ? "null" : shape_of(*parameters[i]).to_string(),
                                        Extents::max_rank));
    }
    step[i].values = parameters[i]->data();
    step[i].extents = extents_of(*parameters[i]);
    step[i].gradient.values = copies[i].data();
    if (shape_of(copies[i]) != shape_of(*parameters[i])) {
      throw InvalidArgument(fmt::format("{}: gradient {} has shape {} and its parameter {}; expected the same shape.",
                                        class_name(), i, shape_of(copies[i]).to_string(), step[i].extents.to_string()));
    }
  }
  apply(std::span<Parameter>(step));
}

}  // namespace xeras::optimizers
