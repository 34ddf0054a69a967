#pragma once

#include <map>

#include "models/compiled.hpp"
#include "xeras/core/input.hpp"

namespace xeras {

// What a set of samples brings: inputs, targets, and how much each counts.
struct Samples {
  const Input& x;
  const Input& y;
  const Input& sample_weight;
  const std::map<std::int64_t, double>& class_weight;
};

// The rows of targets that go with predictions of this shape: the last axis of a prediction is one row.
std::int64_t target_rows(const Extents& predictions);

// Raises InvalidInput or InvalidArgument, `who` first, unless targets and weights fit predictions of this shape.
void check_targets(const char* who, const Compiled& compiled, const Samples& samples, const Extents& predictions);

}  // namespace xeras
