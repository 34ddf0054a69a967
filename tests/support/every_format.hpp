#pragma once

#include <string>
#include <vector>

#include "xeras/xeras.hpp"

namespace xeras::testing {

// Saves a built model in each format, loads it again, and returns a sentence for each difference: in the configuration,
// the weights, or the predictions of x, to the bit. Returns nothing if all are equal.
std::vector<std::string> lost_in_files(const Sequential& model, const Input& x, const CustomObjects& own = {});

}  // namespace xeras::testing
