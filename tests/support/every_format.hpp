#pragma once

#include <string>
#include <vector>

#include "xeras/xeras.hpp"

namespace xeras::testing {

// Saves a built model in each format there is, loads it again, and says in a sentence each what of it is another one:
// the configuration, weights, or predictions of x, to the bit. None where all came back.
std::vector<std::string> lost_in_files(const Sequential& model, const Input& x, const CustomObjects& own = {});

}  // namespace xeras::testing
