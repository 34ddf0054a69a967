#include "text/splitter.hpp"

#include <fmt/format.h>

#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

void check_option(const std::string& who, const char* name, const std::string& value) {
  const std::size_t at = find_invalid(value);
  if (at == std::string::npos) return;
  throw InvalidArgument(
      fmt::format("{}: {} is not UTF-8 at byte {} (0x{:02X}); expected valid UTF-8. Save the source "
                  "file as UTF-8.",
                  who, name, at, static_cast<unsigned char>(value[at])));
}

std::string to_string(const Place& place) {
  if (!place.text) return "the text";
  if (!place.token) return fmt::format("text {}", *place.text);
  return fmt::format("text {}, token {}", *place.text, *place.token);
}

}  // namespace

Splitter::Splitter(std::string who, const TextToWordSequenceOptions& options)
    : who_(std::move(who)),
      split_(options.split),
      lowers_(options.lower),
      replaces_invalid_(options.errors == "replace") {
  if (!replaces_invalid_ && options.errors != "strict") {
    throw InvalidArgument(who_ + ": " + unknown_name("errors", options.errors, {"strict", "replace"}));
  }
  if (split_.empty()) {
    throw InvalidArgument(who_ +
                          ": split is \"\"; expected what separates words, such as \" \". For characters "
                          "instead of words use a Tokenizer with char_level = true.");
  }
  check_option(who_, "split", split_);
  check_option(who_, "filters", options.filters);
  for (std::size_t at = 0; at < options.filters.size();) {
    const CodePoint point = code_point_at(options.filters, at);
    if (point.value < filters_ascii_.size()) {
      filters_ascii_[point.value] = true;
    } else {
      filters_others_ += point.value;
    }
    at += point.length;
  }
  std::sort(filters_others_.begin(), filters_others_.end());
}

std::string_view Splitter::prepare(std::string_view text, const Place& place) {
  const std::size_t invalid = find_invalid(text);
  if (invalid != std::string_view::npos) {
    if (!replaces_invalid_) {
      throw InvalidInput(
          fmt::format("{}: {} is not UTF-8 at byte {} (0x{:02X}); expected valid UTF-8. Convert it, or "
                      "set errors = \"replace\".",
                      who_, to_string(place), invalid, static_cast<unsigned char>(text[invalid])));
    }
    valid_ = replace_invalid(text);
    text = valid_;
  }
  if (!lowers_) return text;
  lowered_.clear();
  append_lower(text, lowered_);
  return lowered_;
}

std::string_view Splitter::filter(std::string_view text) {
  filtered_.clear();
  std::size_t kept = 0;  // everything before it is in filtered_
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    std::size_t length = 1;
    bool is_filter = false;
    if (byte < filters_ascii_.size()) {
      is_filter = filters_ascii_[byte];
    } else if (!filters_others_.empty()) {
      const CodePoint point = code_point_at(text, at);
      length = point.length;
      is_filter = std::binary_search(filters_others_.begin(), filters_others_.end(), point.value);
    }
    if (is_filter) {
      filtered_.append(text, kept, at - kept);
      filtered_ += split_;
      kept = at + length;
    }
    at += length;
  }
  if (kept == 0) return text;
  filtered_.append(text, kept);
  return filtered_;
}

}  // namespace xeras::text
