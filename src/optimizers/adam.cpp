#include "xeras/optimizers/adam.hpp"

#include "optimizers/adam_with.hpp"

namespace xeras::optimizers {

template class AdamWith<AdamOptions>;

}  // namespace xeras::optimizers
