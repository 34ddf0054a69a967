#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras::text {

/// ASCII punctuation without the apostrophe, tab and line feed.
inline constexpr const char* default_filters = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n";

struct TextToWordSequenceOptions {
  std::string filters = default_filters;  ///< characters that separate words as well
  bool lower = true;                      ///< as Python's str.lower()
  std::string split = " ";
  std::string errors =
      "strict";  ///< bytes that are not UTF-8: "strict" raises, "replace" makes them U+FFFD. Not in Keras
};

/// The words of a text: in lower case, each filtered character replaced by `split`, cut at each `split`, empty ones
/// left out. Only `split` and the filters separate: a no-break space does not.
///
/// Throws  InvalidArgument when split is empty, errors unknown, or an option not UTF-8; InvalidInput when the text is
/// not Source  keras.preprocessing.text.text_to_word_sequence
XERAS_API std::vector<std::string> text_to_word_sequence(std::string_view text,
                                                         const TextToWordSequenceOptions& options = {});

}  // namespace xeras::text
