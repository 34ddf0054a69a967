// The JSON of keras-preprocessing's Tokenizer. Its dictionaries are strings of JSON in the JSON of the configuration.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "core/memory.hpp"
#include "core/shown.hpp"
#include "io/json.hpp"
#include "text/utf8.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/fields.hpp"
#include "xeras/text/tokenizer.hpp"

namespace xeras::text {
namespace {

// Larger counts are not exact in other programs, and a fit that adds to them must not overflow.
constexpr std::int64_t most_counts = std::int64_t{1} << 53;

// Appends a string of JSON as Python's json.dumps writes it: all characters beyond ASCII are escaped.
void append_quoted(std::string_view text, std::string& json) {
  json += '"';
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    at += point.length;
    switch (point.value) {
      case U'"':
        json += "\\\"";
        break;
      case U'\\':
        json += "\\\\";
        break;
      case U'\b':
        json += "\\b";
        break;
      case U'\f':
        json += "\\f";
        break;
      case U'\n':
        json += "\\n";
        break;
      case U'\r':
        json += "\\r";
        break;
      case U'\t':
        json += "\\t";
        break;
      default:
        if (point.value >= 0x20 && point.value < 0x7F) {
          json += static_cast<char>(point.value);
        } else if (point.value < 0x10000) {
          fmt::format_to(std::back_inserter(json), "\\u{:04x}", static_cast<std::uint32_t>(point.value));
        } else {
          const auto above = static_cast<std::uint32_t>(point.value) - 0x10000;
          fmt::format_to(std::back_inserter(json), "\\u{:04x}\\u{:04x}", 0xD800 + (above >> 10),
                         0xDC00 + (above & 0x3FF));
        }
    }
  }
  json += '"';
}

std::string json_string(std::string_view text) {
  std::string json;
  append_quoted(text, json);
  return json;
}

// Appends a key of the configuration, and as its value a string with the JSON of a dictionary.
template <class Entries, class Append>
void append_dict(const char* name, const Entries& entries, const Append& append, std::string& json) {
  std::string dict = "{";
  for (const auto& entry : entries) {
    if (dict.size() > 1) dict += ", ";
    append(entry, dict);
  }
  dict += '}';
  json += fmt::format(", \"{}\": ", name);
  append_quoted(dict, json);
}

void append_count(const std::pair<std::string, std::int64_t>& entry, std::string& json) {
  append_quoted(entry.first, json);
  fmt::format_to(std::back_inserter(json), ": {}", entry.second);
}

[[noreturn]] void throw_invalid(const std::string& path, const std::string& found, const std::string& expected) {
  throw FileError(fmt::format("Tokenizer: {}: {}; expected {}. The JSON may be damaged.", path, found, expected));
}

// Reads the fields of the configuration. Each must be there, and there must be no other.
class Reader {
 public:
  explicit Reader(const Value& config) {
    config_ = config.get_if<Value::Dict>();
    if (config_ == nullptr) throw_invalid("config", shown(config.to_string()), "a dictionary");
  }

  template <class T>
  T field(const std::string& name) {
    T result{};
    from_value(value(name), result, "Tokenizer: config." + name);
    return result;
  }

  // Calls f(path, key, value) for each entry of a dictionary that is stored as a string of JSON.
  template <class F>
  void each_entry(const std::string& name, const F& f) {
    const std::string path = "config." + name;
    const Value parsed = io::parse_json(field<std::string>(name), "Tokenizer: " + path);
    const auto* dict = parsed.get_if<Value::Dict>();
    if (dict == nullptr) throw_invalid(path, shown(parsed.to_string()), "a dictionary");
    for (const auto& [key, entry] : *dict) f(path, key, entry);
  }

  void check_all_read() const {
    for (const auto& [key, entry] : *config_) {
      if (std::find(read_.begin(), read_.end(), key) != read_.end()) continue;
      throw FileError("Tokenizer: " + unknown_name("config key", key, read_));
    }
  }

 private:
  const Value& value(const std::string& name) {
    read_.push_back(name);
    const auto found =
        std::find_if(config_->begin(), config_->end(), [&](const auto& entry) { return entry.first == name; });
    if (found == config_->end()) {
      throw_invalid("config", fmt::format("the key \"{}\" is missing", name), "what Tokenizer.to_json of Keras writes");
    }
    return found->second;
  }

  const Value::Dict* config_ = nullptr;
  std::vector<std::string> read_;
};

std::string place(const std::string& path, const std::string& key) {
  return fmt::format("{}[\"{}\"]", path, shown(key));
}

std::int64_t count_in(const Value& value, const std::string& path) {
  const auto* count = value.get_if<std::int64_t>();
  if (count == nullptr || *count < 0 || *count > most_counts) {
    throw_invalid(path, shown(value.to_string()), "a count from 0 to 2^53");
  }
  return *count;
}

int id_in(const Value& value, const std::string& path) {
  const auto* id = value.get_if<std::int64_t>();
  if (id == nullptr || *id < 0 || !std::in_range<int>(*id)) {
    throw_invalid(path, shown(value.to_string()), "an id from 0 to 2^31 - 1");
  }
  return static_cast<int>(*id);
}

// Reads an id that is the key of a dictionary, where JSON has only strings.
int id_in_key(const std::string& key, const std::string& path) {
  int id = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
  if (error != std::errc() || end != key.data() + key.size() || id < 0) {
    throw_invalid(path, fmt::format("the key \"{}\"", shown(key)), "an id from 0 to 2^31 - 1");
  }
  return id;
}

}  // namespace

std::string Tokenizer::to_json() const try {
  if (options_.analyzer) {
    throw InvalidArgument(
        "Tokenizer: to_json of a tokenizer with an analyzer; expected one without, because JSON cannot hold a "
        "function. "
        "Make the tokens with your function and use fit_on_tokens and tokens_to_sequences.");
  }
  if (options_.oov_token && find_invalid(*options_.oov_token) != std::string::npos) {
    throw InvalidArgument(
        "Tokenizer: to_json with an oov_token that is not UTF-8; expected valid UTF-8. Save the source file as UTF-8.");
  }
  std::string json = fmt::format(
      R"({{"class_name": "Tokenizer", "config": {{"num_words": {}, "filters": {}, "lower": {}, "split": {}, )"
      R"("char_level": {}, "oov_token": {}, "document_count": {})",
      options_.num_words ? fmt::format("{}", *options_.num_words) : "null", json_string(options_.filters),
      options_.lower, json_string(options_.split), options_.char_level,
      options_.oov_token ? json_string(*options_.oov_token) : "null", document_count_);
  append_dict("word_counts", word_counts_, append_count, json);
  append_dict("word_docs", word_docs_, append_count, json);
  const std::map<int, std::int64_t> index_docs(index_docs_.begin(), index_docs_.end());
  append_dict(
      "index_docs", index_docs,
      [](const auto& entry, std::string& dict) { dict += fmt::format("\"{}\": {}", entry.first, entry.second); }, json);
  append_dict(
      "index_word", index_word_,
      [](const auto& entry, std::string& dict) {
        dict += fmt::format("\"{}\": ", entry.first);
        append_quoted(entry.second, dict);
      },
      json);
  append_dict("word_index", word_index_, append_count, json);
  json += '}';
  // Keras ignores keys beside config, and has no such option.
  if (options_.errors != "strict") json += fmt::format(", \"errors\": {}", json_string(options_.errors));
  return json + '}';
} catch (...) {
  rethrow_as("to_json");
}

Tokenizer Tokenizer::from_json(const std::string& json) try {
  const Value file = io::parse_json(json, "Tokenizer: json");
  const std::string* class_name = io::text_at(file, "class_name");
  if (class_name == nullptr || *class_name != "Tokenizer" || file.find("config") == nullptr) {
    throw_invalid("json", shown(file.to_string()), R"({"class_name": "Tokenizer", "config": {...}})");
  }
  Reader reader(*file.find("config"));
  TokenizerOptions options;
  options.num_words = reader.field<std::optional<std::int64_t>>("num_words");
  options.filters = reader.field<std::string>("filters");
  options.lower = reader.field<bool>("lower");
  options.split = reader.field<std::string>("split");
  options.char_level = reader.field<bool>("char_level");
  options.oov_token = reader.field<std::optional<std::string>>("oov_token");
  if (const Value* errors = file.find("errors")) from_value(*errors, options.errors, "Tokenizer: errors");
  Tokenizer result = [&] {
    try {
      return Tokenizer(options);
    } catch (const InvalidArgument& error) {
      throw FileError(error.what());
    }
  }();
  result.document_count_ = reader.field<std::int64_t>("document_count");
  count_in(result.document_count_, "config.document_count");

  reader.each_entry("word_counts", [&](const std::string& path, const std::string& word, const Value& value) {
    result.word_counts_.value(result.word_counts_.add(word)) = count_in(value, place(path, word));
  });
  // Keras writes these in random order.
  WordMap<std::int64_t> docs;
  reader.each_entry("word_docs", [&](const std::string& path, const std::string& word, const Value& value) {
    if (!result.word_counts_.contains(word)) {
      throw_invalid(place(path, word), "a word that word_counts lacks", "the same words in both");
    }
    docs.value(docs.add(word)) = count_in(value, place(path, word));
  });
  for (const auto& [word, count] : result.word_counts_) {
    if (!docs.contains(word)) {
      throw_invalid(place("config.word_counts", word), "a word that word_docs lacks", "the same words in both");
    }
    result.word_docs_.value(result.word_docs_.add(word)) = docs[word];
  }
  reader.each_entry("index_docs", [&](const std::string& path, const std::string& id, const Value& value) {
    result.index_docs_[id_in_key(id, path)] = count_in(value, place(path, id));
  });
  reader.each_entry("index_word", [&](const std::string& path, const std::string& id, const Value& value) {
    from_value(value, result.index_word_[id_in_key(id, path)], "Tokenizer: " + place(path, id));
  });
  reader.each_entry("word_index", [&](const std::string& path, const std::string& word, const Value& value) {
    result.word_index_.value(result.word_index_.add(word)) = id_in(value, place(path, word));
  });
  const auto& oov = options.oov_token;
  if (oov && !result.word_index_.empty() && !result.word_index_.contains(*oov)) {
    throw_invalid("config.word_index", fmt::format("no id for the oov_token \"{}\"", shown(*oov)), "one");
  }
  reader.check_all_read();
  return result;
} catch (...) {
  rethrow_as("from_json");
}

Tokenizer tokenizer_from_json(const std::string& json) { return Tokenizer::from_json(json); }

}  // namespace xeras::text
