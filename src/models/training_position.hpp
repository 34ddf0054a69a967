#pragma once

#include <cstdint>

namespace xeras {

// The place in its data that a fit has reached.
struct TrainingPosition {
  std::int64_t batches = 0;  // trained in this epoch, with those of the interrupted fit
};

}  // namespace xeras
