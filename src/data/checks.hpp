#pragma once

#include <optional>

#include "xeras/data/dataset.hpp"

namespace xeras::data {

// Returns the number of batches, none if it is unknown. Throws InvalidArgument, with `who` first, for a negative one.
std::optional<std::int64_t> size_of(const char* who, const Dataset& dataset);
// Throws InvalidInput, with `who` first, for a batch without x where a dataset states `size` batches.
void check_has_x(const char* who, const Batch& batch, std::int64_t index, std::int64_t size);

}  // namespace xeras::data
