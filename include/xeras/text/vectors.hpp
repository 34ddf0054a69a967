#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xeras/core/fields.hpp"
#include "xeras/core/one_or_more.hpp"
#include "xeras/core/tensor.hpp"
#include "xeras/text/vectors_reports.hpp"
#include "xeras/text/word_map.hpp"

namespace xeras::text {

struct VectorsOptions {
  std::optional<Count> limit = {};      ///< reads only the first words of the file; default: all
  std::vector<std::string> words = {};  ///< keeps only these words, so that memory stays small; default: all
  std::string errors = "strict";        ///< for words that are not UTF-8: "strict" throws, "replace" inserts U+FFFD
  std::string duplicates = "error";  ///< for a word that occurs again: "error" throws, "first" keeps the first vector
  bool subwords = true;              ///< keeps the n-grams of a fastText model, for words that it does not list
};

struct VectorsMatrixOptions {
  /// The row of a word without a vector: "zeros", "mean" (of all vectors), "random_uniform" (in -0.05 .. 0.05, as the
  /// Embedding begins), "random_normal" (with the mean and deviation of the vectors' elements), or "error", which
  /// throws
  std::string missing = "zeros";
  bool lower = false;                     ///< a word without a vector gets the one of its lower case
  bool subwords = true;                   ///< a word that the file does not list gets the mean of its n-grams
  std::optional<Count> num_words = {};    ///< the number of rows: ids below it, as in Tokenizer; default: all ids
  std::optional<std::int64_t> seed = {};  ///< for random rows; default: from xeras::set_random_seed
};

struct VectorsCoverageOptions {
  bool lower = false;                   ///< as in matrix
  bool subwords = true;                 ///< as in matrix
  std::optional<Count> num_words = {};  ///< counts only words with an id below it
};

struct MostSimilarOptions {
  OneOrMore<std::string> positive = {};      ///< words to be near to
  OneOrMore<std::string> negative = {};      ///< words to be far from
  Count topn = 10;                           ///< the number of results
  std::optional<Count> restrict_vocab = {};  ///< searches only the first words; default: all
};

struct AnalogiesOptions {
  Count restrict_vocab = 300000;  ///< uses only the first words
  bool case_insensitive = true;
  bool dummy4unknown = false;  ///< a question with unknown words counts as wrong, instead of being skipped
};

struct SaveWord2VecOptions {
  bool binary = false;
};

/// Pretrained word vectors, from a file of word2vec (text or binary), GloVe or fastText (.vec or .bin). The content of
/// the file decides its format, not its name. Words keep the order of the file, in which the frequent ones are first.
///
///   text::Vectors glove("glove.6B.50d.txt");
///   const Tensor table = glove.matrix(tokenizer.word_index());
///   Embedding(table.shape(0), table.shape(1), {.embeddings_initializer = initializers::Constant(table),
///                                              .trainable = false});
///   std::cout << glove.coverage(tokenizer.word_index());
///   glove.most_similar("king", 10);
///
/// A fastText .bin model, unless it is quantized, also gives vectors for words that it does not list: the mean of the
/// vectors of their character n-grams. Reading uses several threads, with the same result for any number of them.
/// Copies share the vectors. All functions may be called from several threads at once.
///
/// Throws  FileError for a file that cannot be read or is invalid (it names the line or byte); InvalidArgument for
///         invalid options and unknown words; InvalidInput for ids below 0 or used twice, and for a wrong file of
///         analogies
/// Source  gensim.models.KeyedVectors, gensim.models.fasttext.load_facebook_vectors
class XERAS_API Vectors {
 public:
  explicit Vectors(const std::string& path, const VectorsOptions& options = {});
  /// Takes a word for each row of a table (words, dimension).
  Vectors(const std::vector<std::string>& words, const Tensor& table);
  // Moves are copies, so that an object is always valid.
  Vectors(const Vectors&) = default;
  Vectors& operator=(const Vectors&) = default;

  /// Returns the number of words.
  std::int64_t size() const;
  std::int64_t dimension() const;
  /// Returns the words with their rows, in order.
  const WordMap<int>& word_index() const;
  std::vector<std::string> words() const;
  /// Returns all vectors: (size, dimension).
  Tensor vectors() const;

  /// True when a word has a vector: its own, or one from n-grams.
  bool contains(std::string_view word) const;
  bool has_subwords() const;
  /// Returns the vector of a word: (dimension).
  Tensor operator[](std::string_view word) const;

  /// Returns a table for an Embedding: row i is the vector of the word with id i, and rows without a word (such as 0,
  /// the padding) are zero. The words come from Tokenizer::word_index(), or from a vocabulary in which position i has
  /// id i, such as TextVectorization's: there "" and "[UNK]" at the start are not words. "" gets zeros, "[UNK]" counts
  /// as missing.
  Tensor matrix(const WordMap<int>& word_index, const VectorsMatrixOptions& options = {}) const;
  Tensor matrix(const std::vector<std::string>& vocabulary, const VectorsMatrixOptions& options = {}) const;

  /// Counts the words that have a vector. With Tokenizer::word_counts(), also their share of the texts.
  Coverage coverage(const WordMap<int>& word_index, const VectorsCoverageOptions& options = {}) const;
  Coverage coverage(const std::vector<std::string>& vocabulary, const VectorsCoverageOptions& options = {}) const;
  Coverage coverage(const WordMap<std::int64_t>& word_counts, const VectorsCoverageOptions& options = {}) const;

  /// Returns the cosine of the angle between the vectors of two words.
  double similarity(std::string_view a, std::string_view b) const;
  /// Returns the words with the largest cosines, and these, without the word itself.
  std::vector<std::pair<std::string, double>> most_similar(std::string_view word, Count topn = 10) const;
  /// Returns the words nearest to a vector (dimension).
  std::vector<std::pair<std::string, double>> most_similar(const Tensor& vector, Count topn = 10) const;
  /// Returns the words nearest to the mean of the normalized vectors, those of `negative` with their sign reversed, but
  /// none of these words:
  ///
  ///   glove.most_similar({.positive = {"king", "woman"}, .negative = "man"});  // {{"queen", 0.85}, ...}
  std::vector<std::pair<std::string, double>> most_similar(const MostSimilarOptions& options) const;

  /// Answers the questions of a file such as questions-words.txt: sections that begin with ": name", and lines "a b c
  /// d", which ask for the word that is to c as b is to a. The answer is the word nearest to b - a + c.
  AnalogyScores evaluate_word_analogies(const std::string& path, const AnalogiesOptions& options = {}) const;

  /// Writes a file in the format of word2vec. Text has the shortest digits that restore each float.
  void save_word2vec(const std::string& path, const SaveWord2VecOptions& options = {}) const;

 private:
  struct State;
  Tensor table_of(std::int64_t rows, const std::vector<std::pair<std::int64_t, std::string_view>>& words,
                  std::optional<std::int64_t> unknown, const VectorsMatrixOptions& options) const;
  Coverage cover(const std::vector<std::pair<std::string_view, std::int64_t>>& words,
                 const VectorsCoverageOptions& options) const;
  std::vector<std::pair<std::string, double>> nearest(const float* vector, std::vector<int> excluded, std::int64_t topn,
                                                      std::size_t words) const;

  std::shared_ptr<const State> state_;
};

}  // namespace xeras::text
