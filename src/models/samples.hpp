#pragma once

#include "models/compiled.hpp"

namespace xeras {

// Inputs, targets, and weights. Predictions need only inputs.
struct Samples {
  Input x;
  Input y = {};
  Input sample_weight = {};
  const std::map<std::int64_t, double>* class_weight = nullptr;  // by label; a missing label weighs 1

  bool has_class_weight() const { return class_weight != nullptr && !class_weight->empty(); }
  // Returns samples [first, first + count).
  Samples range(std::int64_t first, std::int64_t count) const;
};

// Throws InvalidInput or InvalidArgument, with `who` first, unless targets and weights fit predictions of this shape.
void check_targets(const char* who, const Compiled& compiled, const Samples& samples, const Extents& predictions);

}  // namespace xeras
