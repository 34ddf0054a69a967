#pragma once

#include "models/compiled.hpp"

namespace xeras {

// Inputs, targets, and weights. Predictions need only inputs.
struct Samples {
  Input x;
  Input y = {};
  Input sample_weight = {};
  const std::map<std::int64_t, double>* class_weight = nullptr;  // by label; a missing label counts 1
  std::int64_t first = 0;                                        // the first sample's number in the user's arrays

  bool has_class_weight() const { return class_weight != nullptr && !class_weight->empty(); }
  // Samples [begin, begin + count) of the same data.
  Samples range(std::int64_t begin, std::int64_t count) const;
};

// Throws InvalidInput or InvalidArgument, with `who` first, unless targets and weights fit predictions of this shape.
void check_targets(const char* who, const Compiled& compiled, const Samples& samples, const Extents& predictions);

}  // namespace xeras
