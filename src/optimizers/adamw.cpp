#include "xeras/optimizers/adamw.hpp"

#include "optimizers/adam_with.hpp"
#include "xeras/core/error.hpp"

namespace xeras::optimizers {

template class AdamWith<AdamWOptions>;

AdamW::AdamW(AdamWOptions options) : AdamWith("AdamW", std::move(options)) {
  if (config().weight_decay) return;
  throw InvalidArgument("AdamW: weight_decay is None; expected a finite number >= 0. Use Adam for no weight decay.");
}

}  // namespace xeras::optimizers
