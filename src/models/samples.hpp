#pragma once

#include <map>

#include "models/compiled.hpp"
#include "xeras/core/input.hpp"

namespace xeras {

// Inputs, targets, and how much each sample counts. A prediction has inputs only.
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

// The rows of targets that go with predictions of this shape: the last axis of a prediction is one row.
std::int64_t target_rows(const Extents& predictions);

// Raises InvalidInput or InvalidArgument, `who` first, unless targets and weights fit predictions of this shape.
void check_targets(const char* who, const Compiled& compiled, const Samples& samples, const Extents& predictions);

}  // namespace xeras
