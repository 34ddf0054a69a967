#pragma once

#include <optional>
#include <string>
#include <vector>

#include "text/vectors_subwords.hpp"
#include "xeras/text/vectors.hpp"

namespace xeras::text {

// The part that copies of Vectors share. It does not change after its construction.
struct Vectors::State {
  WordMap<int> words;
  Floats values;  // (words, dim)
  std::size_t dim = 0;
  std::optional<Subwords> subwords;
  std::vector<float> norms;  // (words): lengths of the vectors

  const float* row(std::size_t i) const { return values.data() + i * dim; }
  // Writes a word's vector to `to`, (dim). Returns false if it has none; then the contents of `to` are undefined.
  bool find(std::string_view word, bool uses_subwords, float* to) const;
  // Throws InvalidArgument if the word has none.
  void get(const char* function, std::string_view word, float* to) const;
  void set_norms();
};

}  // namespace xeras::text
