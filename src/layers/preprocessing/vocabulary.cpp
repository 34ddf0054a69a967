#include "xeras/layers/preprocessing/vocabulary.hpp"

#include <fmt/format.h>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

template <class T>
void read(const Value& value, VocabularyOf<T>& field, const std::string& path) {
  if (value.is_null()) {
    field = {};
    return;
  }
  if (const auto* name = value.get_if<std::string>()) {
    throw FileError(fmt::format(
        "{}: \"{}\", the path of another file; expected a list of words. Files must not make the program read others.",
        path, shown(*name)));
  }
  std::vector<T> words;
  xeras::from_value(value, words, path);
  field = VocabularyOf<T>(std::move(words));
}

}  // namespace

void from_value(const Value& value, StringVocabulary& field, const std::string& path) { read(value, field, path); }
void from_value(const Value& value, IntegerVocabulary& field, const std::string& path) { read(value, field, path); }

Value to_value(const IdfWeights& field) { return field ? xeras::to_value(*field) : Value(); }
void from_value(const Value& value, IdfWeights& field, const std::string& path) {
  field = IdfWeights();
  if (!value.is_null()) xeras::from_value(value, field.emplace(), path);
}

Value to_value(const Salt& field) {
  if (!field) return {};
  return Value::List{static_cast<std::int64_t>(field.key()[0]), static_cast<std::int64_t>(field.key()[1])};
}

void from_value(const Value& value, Salt& field, const std::string& path) {
  field = Salt();
  if (value.is_null()) return;
  std::vector<std::int64_t> key;
  if (const auto* both = value.get_if<std::int64_t>()) {
    key = {*both, *both};
  } else {
    xeras::from_value(value, key, path);
  }
  if (key.size() != 2) {
    throw FileError(fmt::format("{}: {}; expected two integers.", path, shown(value.to_string())));
  }
  field = Salt(key[0], key[1]);
}

}  // namespace xeras::layers
