#pragma once

#include <string>
#include <vector>

#include "xeras/core/fields.hpp"
#include "xeras/core/input.hpp"

namespace xeras::plots {

struct EmbeddingOptions {
  Count max_words = 500;  ///< the first rows of the table, which are analyzed and drawn
  std::string title = {};
  double width = 800.0;
  double height = 600.0;
  std::string background = {};  ///< "white", "black" or "#rrggbb"; default: transparent, readable on light and dark
};

/// Draws the vectors of words, by their first two principal components, to an SVG file. A label that would cover
/// another one is omitted; a pointer over its dot shows it.
///
///   const Tensor table = model.get_layer("embedding").get_weights()[0];
///   plots::embedding("words.svg", table, words);  // words[i] is the word of row i
///
/// Input   table: (words, dimensions)
/// Throws  InvalidInput for a table that is not finite or does not fit the words, InvalidArgument for an option,
///         FileError for the file
XERAS_API void embedding(const std::string& path, const Input& table, const std::vector<std::string>& words,
                         const EmbeddingOptions& options = {});

}  // namespace xeras::plots
