#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "xeras/core/export.hpp"
#include "xeras/core/fields.hpp"
#include "xeras/text/text_to_word_sequence.hpp"

namespace xeras::text {

/// The hash of hashing_trick: a name, "fnv1a" or "md5", or your own function.
///
///   hashing_trick(text, 200, {.hash_function = [](const std::string& word) { return std::uint64_t{word.size()}; }});
class XERAS_API HashFunction {
 public:
  using Function = std::function<std::uint64_t(const std::string&)>;

  HashFunction(const char* name) : name_(name) {}
  HashFunction(std::string name) : name_(std::move(name)) {}
  template <class F>
  requires std::is_invocable_r_v<std::uint64_t, const F&, const std::string&> HashFunction(F function)
      : function_(std::move(function)) {}

  const std::string& name() const { return name_; }  ///< empty for a function
  const Function& function() const { return function_; }

 private:
  std::string name_;
  Function function_;
};

struct HashingTrickOptions {
  /// "fnv1a" is the 64-bit FNV-1a hash, the same in every process and on every machine; "md5" gives the ids of Keras
  HashFunction hash_function = "fnv1a";
  std::string filters = default_filters;  ///< characters that also separate words
  bool lower = true;                      ///< as Python's str.lower()
  std::string split = " ";
  /// Splits the text into words, instead of filters, lower and split
  std::function<std::vector<std::string>(const std::string&)> analyzer = {};
  std::string errors = "strict";  ///< as in text_to_word_sequence. Not in Keras
};

/// Turns a text into ids by hashing, without a dictionary: id = hash(word) mod (n - 1) + 1. Different words may get the
/// same id. The ids are 1 to n - 1; id 0 is reserved for padding.
///
///   hashing_trick("The quick fox", 1000, {.hash_function = "md5"});  // {132, 454, 641}, as in Keras
///
/// The default is not Keras's, which is Python's `hash`: there, ids differ from one process to the next.
///
/// Throws  InvalidArgument when n is not 2 to 2^31, for an unknown hash_function, and for the options of
///         text_to_word_sequence; InvalidInput when the text is not UTF-8
/// Source  keras.preprocessing.text.hashing_trick (keras-preprocessing 1.1.2)
XERAS_API std::vector<int> hashing_trick(std::string_view text, Count n, const HashingTrickOptions& options = {});

struct OneHotOptions {
  std::string filters = default_filters;
  bool lower = true;
  std::string split = " ";
  std::function<std::vector<std::string>(const std::string&)> analyzer = {};
  std::string errors = "strict";
};

/// Returns hashing_trick(text, n) with the default hash. Despite its name, it returns ids, as in Keras.
///
/// Source  keras.preprocessing.text.one_hot
XERAS_API std::vector<int> one_hot(std::string_view text, Count n, const OneHotOptions& options = {});

}  // namespace xeras::text
