#pragma once

#include "text/word_reader.hpp"
#include "xeras/layers/preprocessing/text_steps.hpp"

namespace xeras::layers {

// Returns the steps of a TextVectorization; functions of the user's own count as none. Throws InvalidArgument for
// unknown names and invalid sizes.
text::WordRules rules_of(const Standardize& standardize, const Split& split, const NGrams& ngrams,
                         const std::string& who);

}  // namespace xeras::layers
