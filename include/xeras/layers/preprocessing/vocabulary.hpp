#pragma once

#include <array>
#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xeras/core/fields.hpp"

namespace xeras::layers {

/// The words of a layer, or the path of a text file with one on each line. Copies share the words.
template <class T>
class VocabularyOf {
 public:
  using Word = T;

  VocabularyOf() = default;
  VocabularyOf(std::vector<T> words) : words_(std::make_shared<const std::vector<T>>(std::move(words))) {}
  template <class Item>
  requires std::constructible_from<T, Item> VocabularyOf(std::initializer_list<Item> words)
      : VocabularyOf(std::vector<T>(words.begin(), words.end())) {}
  VocabularyOf(const char* path) : path_(path) {}
  VocabularyOf(std::string path) : path_(std::move(path)) {}

  explicit operator bool() const { return words_ != nullptr || !path_.empty(); }
  /// Returns null for a path.
  const std::vector<T>* words() const { return words_.get(); }
  const std::string& path() const { return path_; }

 private:
  std::shared_ptr<const std::vector<T>> words_;
  std::string path_;
};

using StringVocabulary = VocabularyOf<std::string>;
using IntegerVocabulary = VocabularyOf<std::int64_t>;

template <class T>
Value to_value(const VocabularyOf<T>& field) {
  return field.words() != nullptr ? xeras::to_value(*field.words()) : Value();
}
/// Throws FileError for a path, since a file must not read others.
XERAS_API void from_value(const Value& value, StringVocabulary& field, const std::string& path);
XERAS_API void from_value(const Value& value, IntegerVocabulary& field, const std::string& path);

/// The weights of words in the mode "tf_idf", or none.
struct XERAS_API IdfWeights : std::optional<std::vector<double>> {
  IdfWeights() = default;
  IdfWeights(std::vector<double> weights) : optional(std::move(weights)) {}
  IdfWeights(std::initializer_list<double> weights) : optional(std::vector<double>(weights)) {}
};
XERAS_API Value to_value(const IdfWeights& field);
XERAS_API void from_value(const Value& value, IdfWeights& field, const std::string& path);

/// The key of a keyed hash (SipHash): two integers, one for both, or none.
class XERAS_API Salt {
 public:
  Salt() = default;
  Salt(std::nullptr_t) {}
  template <std::integral I>
  Salt(I both) : Salt(both, both) {}
  template <std::integral I, std::integral J>
  Salt(I first, J second) : key_({static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(second)}) {}

  explicit operator bool() const { return key_.has_value(); }
  const std::array<std::uint64_t, 2>& key() const { return *key_; }

 private:
  std::optional<std::array<std::uint64_t, 2>> key_;
};
XERAS_API Value to_value(const Salt& field);
XERAS_API void from_value(const Value& value, Salt& field, const std::string& path);

struct AdaptOptions {
  std::optional<std::int64_t> steps = {};  ///< the first batches of a dataset; default: all
};

/// A layer with words that files keep beside its configuration, unless they are one of its arguments.
class XERAS_API HasVocabulary {
 public:
  virtual ~HasVocabulary() = default;

  /// Returns the lines of Keras's file vocabulary.txt; nothing if the configuration has the words.
  virtual std::optional<std::string> vocabulary_file() const = 0;
  /// Sets the words from such a file, and the weights of "tf_idf", which are empty in other modes.
  virtual void set_vocabulary_file(std::string_view lines, const std::vector<float>& idf_weights) = 0;
  /// Returns the weights of all columns of the output in the mode "tf_idf"; empty in other modes.
  virtual std::vector<float> idf_of_columns() const = 0;
  virtual void set_idf_of_columns(std::vector<float> weights) = 0;
  virtual bool has_words() const = 0;
  /// True for a layer that Keras builds around a lookup layer, which has the same files again.
  virtual bool has_inner_lookup() const { return false; }

 protected:
  HasVocabulary() = default;
  HasVocabulary(const HasVocabulary&) = default;
  HasVocabulary& operator=(const HasVocabulary&) = default;
};

}  // namespace xeras::layers
