#pragma once

#include <string>
#include <vector>

namespace xeras::metrics {

// Splits a text for BLEU as the script mteval-v13a does: at white space and punctuation, except for periods and commas
// between digits, and dashes that do not follow a digit.
std::vector<std::string> mteval_tokens(const std::string& text);

}  // namespace xeras::metrics
