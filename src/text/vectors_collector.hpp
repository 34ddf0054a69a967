#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "text/vectors_file.hpp"
#include "xeras/text/vectors.hpp"

namespace xeras::text {

using Floats = std::vector<float, AlignedAllocator<float>>;

// The words of a file that the options select, and their vectors.
class VectorsCollector {
 public:
  // Throws InvalidArgument for invalid options.
  explicit VectorsCollector(const VectorsOptions& options);

  // Gives the length of vectors, and the number of words that the file may have at most, for which memory is reserved.
  void start(std::size_t dim, std::size_t most_words);
  std::size_t dim() const { return dim_; }
  // The number of words to read, if the options limit it.
  std::optional<std::size_t> limit() const { return limit_; }
  // True when the options select this word. Several threads may ask.
  bool wants(std::string_view word) const;
  // True when only some words are wanted, and when one of these has white space.
  bool is_selective() const { return !wanted_.empty(); }
  bool wants_spaces() const { return wants_spaces_; }
  // True when all wanted words are there, so that the rest of the file does not matter.
  bool is_complete() const { return is_selective() && words.size() == wanted_.size(); }

  // Adds a word that is wanted, if it is new, and returns the place for its vector, or null. `place` returns what
  // follows the name of the file in messages, such as ", line 3".
  template <class PlaceOf>
  float* add(const VectorsFile& file, std::string_view word, const PlaceOf& place) {
    const std::string* valid = nullptr;
    std::string replaced;
    if (!prepare(word, replaced)) throw_invalid(file, place(), word);
    if (!replaced.empty()) valid = &replaced;
    const std::size_t size = words.size();
    const std::size_t row = words.add(valid != nullptr ? std::string_view(*valid) : word);
    if (row < size) {
      if (takes_first_) return nullptr;
      throw_duplicate(file, place(), words.entry(row).first, row);
    }
    check_size(file, place);
    words.value(row) = static_cast<int>(row);
    values.resize(values.size() + dim_);
    return values.data() + row * dim_;
  }

  WordMap<int> words;
  Floats values;  // (words, dim)

 private:
  bool prepare(std::string_view word, std::string& replaced) const;
  template <class PlaceOf>
  void check_size(const VectorsFile& file, const PlaceOf& place) const {
    constexpr std::size_t most_words = 0x7fffffff;
    if (words.size() > most_words) file.fail(place() + ": more than 2^31 words; expected fewer. Set limit.");
  }
  [[noreturn]] static void throw_invalid(const VectorsFile& file, const std::string& place, std::string_view word);
  [[noreturn]] static void throw_duplicate(const VectorsFile& file, const std::string& place, const std::string& word,
                                           std::size_t row);

  std::optional<std::size_t> limit_;
  std::unordered_set<std::string> wanted_;
  bool wants_spaces_ = false;
  bool replaces_invalid_;
  bool takes_first_;
  std::size_t dim_ = 0;
};

}  // namespace xeras::text
