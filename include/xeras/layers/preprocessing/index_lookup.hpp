#pragma once

#include <span>

#include "xeras/layers/preprocessing/vocabulary.hpp"

namespace xeras::layers {

class IdFinder;
class WordCounts;
struct Vocabulary;

/// The form in which a layer gives the ids of words: the ids themselves, or one column for each id.
enum class IdMode { integer, one_hot, multi_hot, count, tf_idf };

/// The arguments that StringLookup, IntegerLookup and TextVectorization share.
struct IndexLookupOptions {
  std::string who = {};  ///< the start of messages of the constructor
  std::optional<std::int64_t> max_tokens = {};
  std::int64_t num_oov_indices = 1;
  std::optional<std::string> mask_token = {};
  std::optional<std::string> oov_token = {};
  bool integers = false;  ///< words are the bytes of 64-bit integers
  std::string output_mode = "int";
  std::vector<std::string> output_modes = {};  ///< the known ones
  bool pad_to_max_tokens = false;
  bool farmhash = true;  ///< how to hash unknown words; false: the integer modulo num_oov_indices
  Salt salt = {};
  std::optional<std::int64_t> vocabulary_size = {};
};

/// The words of a lookup layer and their ids: the mask token (in the mode "int"), the ids of unknown words, the words.
/// Copies share the words. Part of the layers StringLookup, IntegerLookup and TextVectorization.
///
/// Source  keras.src.layers.preprocessing.index_lookup.IndexLookup
class XERAS_API IndexLookup {
 public:
  IndexLookup() = default;
  /// Throws InvalidArgument for invalid options.
  explicit IndexLookup(IndexLookupOptions options);
  // A move copies, since a model's layer that is moved from remains in use.
  IndexLookup(const IndexLookup&) = default;
  IndexLookup& operator=(const IndexLookup&) = default;

  IdMode mode() const { return mode_; }
  bool has_vocabulary() const { return vocabulary_ != nullptr; }
  /// The number of ids, with those of the mask and of unknown words.
  std::int64_t vocabulary_size() const;
  /// The number of columns, if it is known.
  std::optional<std::int64_t> width() const;
  std::optional<std::int64_t> recorded_size() const;
  std::vector<std::string> words(bool include_special_tokens) const;
  /// Returns the word of an id; the oov_token for an unknown one.
  std::string word_of(std::int64_t id) const;
  /// Returns the weights of the ids in the mode "tf_idf"; none in other modes.
  std::span<const float> idf() const;
  /// Returns them for all columns, as set_idf takes them.
  std::vector<float> idf_of_columns() const;
  void set_idf(std::vector<float> weights);

  /// Set the words. `fixed_width` is that of a built layer, which cannot change; `who` begins the messages.
  void set(const std::string& who, std::vector<std::string> words, const IdfWeights& idf_weights,
           std::optional<std::int64_t> fixed_width);
  void set_from_file(const std::string& who, std::vector<std::string> words, std::vector<float> idf);
  /// Counts words and takes the most frequent ones; equally frequent ones from the last in order to the first.
  void set_from_counts(const std::string& who, WordCounts& counts, std::optional<std::int64_t> fixed_width);

  /// Throws Error, which says to call adapt, unless there is a vocabulary.
  void require_vocabulary(const std::string& who) const;

 private:
  friend class IdFinder;

  std::int64_t oov_start() const { return options_.mask_token && mode_ == IdMode::integer ? 1 : 0; }
  std::int64_t token_start() const { return oov_start() + options_.num_oov_indices; }
  std::string shown_word(std::string_view word) const;
  void check_width(const std::string& who, std::size_t words, std::optional<std::int64_t> fixed_width) const;
  // Removes the mask token and those of unknown words from the start, if they are there. Returns true if they were.
  bool remove_special_tokens(std::vector<std::string>& words) const;

  IndexLookupOptions options_;
  IdMode mode_ = IdMode::integer;
  std::shared_ptr<const Vocabulary> vocabulary_;
};

}  // namespace xeras::layers
