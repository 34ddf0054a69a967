#pragma once

#include <algorithm>
#include <cstring>

#include "xeras/layers/preprocessing/index_lookup.hpp"
#include "xeras/text/word_map.hpp"

namespace xeras::layers {

struct Vocabulary {
  text::WordMap<std::uint8_t> words;  // their positions are ids, less those of the mask and of unknown words
  std::vector<float> idf;             // of all ids, in the mode "tf_idf"
};

// An integer as a word of 8 bytes.
inline std::string_view as_word(const std::int64_t& integer) {
  return {reinterpret_cast<const char*>(&integer), sizeof integer};
}
inline std::int64_t as_integer(std::string_view word) {
  std::int64_t integer = 0;
  std::memcpy(&integer, word.data(), sizeof integer);
  return integer;
}

// The ids of words, for one call. The IndexLookup, which must have a vocabulary, must outlive it.
class IdFinder {
 public:
  explicit IdFinder(const IndexLookup& lookup)
      : lookup_(lookup),
        words_(lookup.vocabulary_->words),
        mode_(lookup.mode_),
        first_(static_cast<std::int32_t>(lookup.token_start())) {}

  static constexpr std::int32_t left_out = -1;

  // Returns the id of a word of the vocabulary, or left_out.
  std::int32_t known_id_of(std::string_view word, std::uint32_t hash) const {
    const std::size_t position = words_.position_of(word, hash);
    return position < words_.size() ? first_ + static_cast<std::int32_t>(position) : left_out;
  }

  const text::WordMap<std::uint8_t>& words() const { return words_; }

  // Returns the id of a word, or left_out for the mask token in modes with columns. Calls refuse(word), which throws,
  // for an unknown word without an id.
  template <class Refuse>
  std::int32_t id_of(std::string_view word, const Refuse& refuse) const {
    return id_of(word, text::hash_of(word), refuse);
  }
  template <class Refuse>
  std::int32_t id_of(std::string_view word, std::uint32_t hash, const Refuse& refuse) const {
    if (const std::int32_t known = known_id_of(word, hash); known != left_out) return known;
    if (lookup_.options_.mask_token && word == *lookup_.options_.mask_token) {
      return mode_ == IdMode::integer ? 0 : left_out;
    }
    if (lookup_.options_.num_oov_indices == 1) return first_ - 1;
    if (lookup_.options_.num_oov_indices == 0) refuse(word);
    return first_ - static_cast<std::int32_t>(lookup_.options_.num_oov_indices) + bucket_of(word);
  }
  [[noreturn]] void throw_unknown(std::string_view word, const std::string& who, std::int64_t row) const;

  // Fills the columns of one row: each(f) calls f(id), which returns true, for each word of the row.
  template <class Each>
  void fill(float* columns, std::size_t width, const Each& each) const {
    std::fill_n(columns, width, 0.0f);
    const bool counts = mode_ == IdMode::count || mode_ == IdMode::tf_idf;
    each([&](std::int32_t id) {
      if (id != left_out) columns[id] = counts ? columns[id] + 1.0f : 1.0f;
      return true;
    });
    if (mode_ != IdMode::tf_idf) return;
    const std::vector<float>& idf = lookup_.vocabulary_->idf;  // the columns behind the last id are 0
    for (std::size_t i = 0; i < std::min(width, idf.size()); ++i) columns[i] *= idf[i];
  }

 private:
  std::int32_t bucket_of(std::string_view word) const;

  const IndexLookup& lookup_;
  const text::WordMap<std::uint8_t>& words_;
  IdMode mode_;
  std::int32_t first_;
};

}  // namespace xeras::layers
