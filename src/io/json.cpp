#include "io/json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

using nlohmann::json;

// The deepest nesting of lists and dictionaries; functions that process a configuration recurse as deep.
constexpr std::size_t deepest = 200;

[[noreturn]] void throw_too_deep(const std::string& where, const char* advice) {
  throw FileError(fmt::format("{}: values are nested more than {} deep; expected a model.{}", where, deepest, advice));
}

// The parser's event handler; builds a Value from the outside in.
class Reader {
 public:
  using number_integer_t = json::number_integer_t;
  using number_unsigned_t = json::number_unsigned_t;
  using number_float_t = json::number_float_t;
  using string_t = json::string_t;
  using binary_t = json::binary_t;

  explicit Reader(const std::string& where) : where_(where) {}
  Value result;

  bool null() { return add({}); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(number_integer_t value) { return add(std::int64_t{value}); }
  bool number_unsigned(number_unsigned_t value) {
    constexpr auto largest = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    return add(value <= largest ? Value(static_cast<std::int64_t>(value)) : Value(static_cast<double>(value)));
  }
  bool number_float(number_float_t value, const string_t&) { return add(value); }
  bool string(string_t& value) { return add(std::move(value)); }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Value::Dict()); }
  bool start_array(std::size_t) { return open(Value::List()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(string_t& name) {
    if (!keys_.back().insert(name).second) {
      throw FileError(fmt::format("{}: the key \"{}\" comes twice; expected each key once.", where_, shown(name)));
    }
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) {
    throw FileError(
        fmt::format("{}: invalid JSON at byte {} ({}); expected what Keras writes. The file may be damaged.", where_,
                    position, shown(error.what(), 300)));
  }

 private:
  Value& place(Value value) {
    if (open_.empty()) return result = std::move(value);
    if (auto* list = open_.back()->get_if<Value::List>()) return list->emplace_back(std::move(value));
    return open_.back()->get_if<Value::Dict>()->emplace_back(std::move(key_), std::move(value)).second;
  }
  bool add(Value value) {
    place(std::move(value));
    return true;
  }
  bool open(Value value) {
    if (open_.size() == deepest) throw_too_deep(where_, "");
    open_.push_back(&place(std::move(value)));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  const std::string& where_;
  std::vector<Value*> open_;  // a container grows only while it is the innermost, so these pointers stay valid
  std::vector<std::set<std::string>> keys_;  // the keys of each; a tree, which no choice of keys makes slow
  std::string key_;
};

nlohmann::ordered_json to_json(const Value& value, const std::string& where, std::size_t depth) {
  using nlohmann::ordered_json;
  if (const auto* flag = value.get_if<bool>()) return *flag;
  if (const auto* whole = value.get_if<std::int64_t>()) return *whole;
  if (const auto* text = value.get_if<std::string>()) return *text;
  if (const auto* number = value.get_if<double>()) {
    if (!std::isfinite(*number)) {
      throw FileError(fmt::format("{}: a number is {}; expected a finite number, as JSON needs.", where, *number));
    }
    return *number;
  }
  // The parser would refuse deeper values.
  const bool is_container = value.get_if<Value::List>() != nullptr || value.get_if<Value::Dict>() != nullptr;
  if (is_container && depth == deepest) throw_too_deep(where, " Flatten nested models.");
  if (const auto* list = value.get_if<Value::List>()) {
    ordered_json result = ordered_json::array();
    for (const Value& item : *list) result.push_back(to_json(item, where, depth + 1));
    return result;
  }
  if (const auto* dict = value.get_if<Value::Dict>()) {
    ordered_json result = ordered_json::object();
    for (const auto& [key, item] : *dict) result[key] = to_json(item, where, depth + 1);
    return result;
  }
  return nullptr;
}

}  // namespace

Value parse_json(std::string_view text, const std::string& where) {
  Reader reader(where);
  json::sax_parse(text.begin(), text.end(), &reader);
  return std::move(reader.result);
}

const std::string* text_at(const Value& dict, std::string_view key) {
  const Value* found = dict.find(key);
  return found != nullptr ? found->get_if<std::string>() : nullptr;
}

std::string write_json(const Value& value, const std::string& where) {
  const nlohmann::ordered_json converted = to_json(value, where, 0);
  try {
    return converted.dump();
  } catch (const json::exception& error) {
    throw FileError(fmt::format("{}: {}; expected names in UTF-8.", where, error.what()));
  }
}

}  // namespace xeras::io
