#pragma once

#include <cstdint>

#include "xeras/core/random.hpp"

namespace xeras {

// A pass over the data that began in an earlier epoch, which steps_per_epoch allows.
struct DataPass {
  std::int64_t batches = 0;  // trained before this epoch; 0: the pass begins with the epoch
  std::int64_t epoch = 0;    // in which it began
  RandomState begin{};       // before its order was drawn
};

// The pass that a fit was in when it was interrupted.
struct InterruptedPass {
  DataPass pass;
  std::int64_t next_epoch = 0;  // the epoch to continue with
};

// The place in its data that a fit has reached.
struct TrainingPosition {
  std::int64_t batches = 0;  // trained in this epoch, with those of the interrupted fit
  DataPass pass;             // of the epoch; after its last batch, of the next one
};

}  // namespace xeras
