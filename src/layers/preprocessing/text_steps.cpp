#include "xeras/layers/preprocessing/text_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "layers/preprocessing/word_rules.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

std::vector<std::int64_t> sizes_of(const NGrams& ngrams, const std::string& who) {
  std::vector<std::int64_t> sizes;
  if (ngrams.up_to()) {
    if (*ngrams.up_to() < 1 || *ngrams.up_to() > 1000) {
      throw InvalidArgument(
          fmt::format("{}: ngrams is {}; expected 1 to 1000. 2 gives single words and pairs.", who, *ngrams.up_to()));
    }
    for (std::int64_t size = 1; size <= *ngrams.up_to(); ++size) sizes.push_back(size);
    return sizes;
  }
  if (!ngrams.sizes()) return sizes;
  for (const std::int64_t size : *ngrams.sizes()) {
    if (size < 1) {
      throw InvalidArgument(
          fmt::format("{}: ngrams has {}; expected positive integers. 1 stands for single words.", who, size));
    }
  }
  if (ngrams.sizes()->empty()) {
    throw InvalidArgument(fmt::format("{}: ngrams is empty; expected sizes. Leave it out for single words.", who));
  }
  return *ngrams.sizes();
}

std::string without_name(const char* what) {
  return fmt::format(
      "TextVectorization: {} is a function; expected a name in a configuration or a file. Use a name, or "
      "apply the function to the texts before the model.",
      what);
}

}  // namespace

text::WordRules rules_of(const Standardize& standardization, const Split& splitting, const NGrams& ngrams,
                         const std::string& who) {
  text::WordRules rules{.ngrams = sizes_of(ngrams, who)};
  const std::string& standardize = standardization.name();
  static const auto& names =
      *new std::vector<std::string>{"lower_and_strip_punctuation", "lower", "strip_punctuation", "none"};
  if (!standardization.function() && std::find(names.begin(), names.end(), standardize) == names.end()) {
    throw InvalidArgument(who + ": " + unknown_name("standardize", standardize, names));
  }
  rules.lower = standardize == names[0] || standardize == names[1];
  rules.strip_punctuation = standardize == names[0] || standardize == names[2];
  static const auto& splits = *new std::vector<std::string>{"whitespace", "character", "none"};
  const auto split = std::find(splits.begin(), splits.end(), splitting.name());
  if (!splitting.function() && split == splits.end()) {
    throw InvalidArgument(who + ": " + unknown_name("split", splitting.name(), splits));
  }
  if (!splitting.function()) rules.splitting = static_cast<text::Splitting>(split - splits.begin());
  return rules;
}

Value to_value(const Standardize& field) {
  if (field.function()) throw Error(without_name("standardize"));
  return field.name() == "none" ? Value() : Value(field.name());
}
void from_value(const Value& value, Standardize& field, const std::string& path) {
  std::string name = "none";
  if (!value.is_null()) xeras::from_value(value, name, path);
  field = Standardize(std::move(name));
}
Value to_value(const Split& field) {
  if (field.function()) throw Error(without_name("split"));
  return field.name() == "none" ? Value() : Value(field.name());
}
void from_value(const Value& value, Split& field, const std::string& path) {
  std::string name = "none";
  if (!value.is_null()) xeras::from_value(value, name, path);
  field = Split(std::move(name));
}
Value to_value(const NGrams& field) {
  if (field.up_to()) return *field.up_to();
  return field.sizes() ? xeras::to_value(*field.sizes()) : Value();
}
void from_value(const Value& value, NGrams& field, const std::string& path) {
  field = NGrams();
  if (value.is_null()) return;
  if (const auto* up_to = value.get_if<std::int64_t>()) {
    field = NGrams(*up_to);
  } else {
    std::vector<std::int64_t> sizes;
    xeras::from_value(value, sizes, path);
    field = NGrams(std::move(sizes));
  }
}

}  // namespace xeras::layers
