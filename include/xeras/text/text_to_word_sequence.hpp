#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras::text {

/// ASCII punctuation without the apostrophe, plus tab and line feed.
inline constexpr const char* default_filters = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n";

struct TextToWordSequenceOptions {
  std::string filters = default_filters;  ///< characters that also separate words
  bool lower = true;                      ///< as Python's str.lower()
  std::string split = " ";
  std::string errors =
      "strict";  ///< for bytes that are not UTF-8: "strict" throws, "replace" inserts U+FFFD. Not in Keras
};

/// Splits a text into words: converts it to lower case, replaces each filtered character by `split`, cuts at each
/// `split` and omits empty words. Only `split` and the filters separate words; a no-break space does not.
///
///   text_to_word_sequence("The quick, brown fox");  // {"the", "quick", "brown", "fox"}
///
/// Throws  InvalidArgument when split is empty, errors is unknown, or an option is not UTF-8; InvalidInput when the
///         text is not UTF-8
/// Source  keras.preprocessing.text.text_to_word_sequence
XERAS_API std::vector<std::string> text_to_word_sequence(std::string_view text,
                                                         const TextToWordSequenceOptions& options = {});

}  // namespace xeras::text
