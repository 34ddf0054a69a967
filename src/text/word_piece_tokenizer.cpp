#include "xeras/text/word_piece_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/memory.hpp"
#include "core/shown.hpp"
#include "text/special_tokens.hpp"
#include "text/subword_model.hpp"
#include "text/unicode.hpp"
#include "text/utf8.hpp"
#include "text/word_cache.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

constexpr const char* word_piece_name = "WordPieceTokenizer";

std::vector<std::pair<std::string, int>> numbered(const std::vector<std::string>& tokens) {
  std::vector<std::pair<std::string, int>> result;
  result.reserve(tokens.size());
  for (const std::string& token : tokens) result.emplace_back(token, static_cast<int>(result.size()));
  return result;
}

// Tests for white space that separates words. The other control characters are left out of words, as in BERT.
bool separates(char32_t point) {
  return point == ' ' || point == '\t' || point == '\n' || point == '\r' || (point >= 0xA0 && is_white_space(point));
}

class WordPieceModel final : public SubwordTokenizer::Model {
 public:
  WordPieceModel(const std::vector<std::string>& vocabulary, const WordPieceTokenizerOptions& options)
      : Model(word_piece_name, numbered(vocabulary),
              {.sequence_length = options.sequence_length, .errors = options.errors}),
        options_(options),
        special_(word_piece_name, "special_tokens", options.special_tokens, table()),
        no_special_(word_piece_name, "special_tokens", {}, table()) {
    const std::optional<int> oov = table().find(options.oov_token);
    if (!oov) {
      throw InvalidArgument(fmt::format(
          "{}: the vocabulary lacks the oov_token \"{}\"; expected it there. Add it, or set another oov_token.",
          word_piece_name, shown(options.oov_token)));
    }
    oov_ = *oov;
    if (options.max_input_chars_per_word <= 0) {
      throw InvalidArgument(
          fmt::format("{}: max_input_chars_per_word is {}; expected a positive integer. Leave it out for 100.",
                      word_piece_name, options.max_input_chars_per_word));
    }
    if (!options.split && options.special_tokens_in_strings) {
      throw InvalidArgument(fmt::format(
          "{}: special_tokens_in_strings with split = false; expected one of them. A text that is one special token "
          "gets its id without it.",
          word_piece_name));
    }
    for (const auto& [token, id] : table().tokens()) {
      longest_ = std::max(longest_, token.size());
      if (!token.starts_with(options.suffix_indicator)) continue;
      suffixes_.value(suffixes_.add(std::string_view(token).substr(options.suffix_indicator.size()))) = id;
    }
  }

  std::unique_ptr<EncoderScratch> make_scratch() const override { return std::make_unique<Scratch>(); }

  void encode(std::string_view text, EncoderScratch& base, std::optional<std::size_t>) const override {
    auto& scratch = static_cast<Scratch&>(base);
    if (!options_.split) {
      if (!text.empty()) append_chunk(text, scratch);
      return;
    }
    (options_.special_tokens_in_strings ? special_ : no_special_)
        .split(
            text, [&](std::string_view part) { encode_part(part, scratch); },
            [&](int id) { scratch.ids.push_back(id); });
  }

  void decode(std::span<const int> ids, std::string& text) const override {
    const std::string& suffix = options_.suffix_indicator;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::string_view token = *table().token_of(ids[i]);
      if (i > 0 && token.size() > suffix.size() && token.starts_with(suffix)) {
        text += token.substr(suffix.size());
      } else {
        if (i > 0) text += ' ';
        text += token;
      }
    }
  }

 private:
  struct Scratch final : EncoderScratch {
    WordCache cache;
    std::vector<char32_t> points;
    std::string word;
  };

  // Calls append_chunk for each run of characters between white space. These do not influence each other.
  void encode_part(std::string_view text, Scratch& scratch) const {
    std::size_t begin = 0;
    const auto finish = [&](std::size_t end) {
      if (end > begin) append_chunk(text.substr(begin, end - begin), scratch);
    };
    for (std::size_t at = 0; at < text.size();) {
      const auto byte = static_cast<unsigned char>(text[at]);
      std::size_t length = 1;
      bool is_end = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
      if (byte >= 0x80) {
        const CodePoint point = code_point_at(text, at);
        length = point.length;
        is_end = separates(point.value);
      }
      if (is_end) {
        finish(at);
        begin = at + length;
      }
      at += length;
    }
    finish(text.size());
  }

  void append_chunk(std::string_view chunk, Scratch& scratch) const {
    scratch.cache.append(chunk, scratch.ids, [&] { encode_chunk(chunk, scratch); });
  }

  void encode_chunk(std::string_view chunk, Scratch& scratch) const {
    std::vector<char32_t>& points = scratch.points;
    normalize(chunk, points);
    std::string& word = scratch.word;
    word.clear();
    std::size_t characters = 0;
    const auto finish = [&] {
      if (characters > 0) encode_word(word, characters, scratch.ids);
      word.clear();
      characters = 0;
    };
    for (const char32_t point : points) {
      if (options_.split && is_white_space(point)) {
        finish();
        continue;
      }
      const bool is_alone = options_.split && is_punctuation(point);
      if (is_alone) finish();
      append_letter(point, word);
      ++characters;
      if (is_alone) finish();
    }
    finish();
  }

  // Replaces `points` by those of a chunk: without control characters, with spaces around CJK ideographs, and without
  // accents, each if the options say so. Upper case comes last, in append_letter. This is the order of BERT.
  void normalize(std::string_view chunk, std::vector<char32_t>& points) const {
    points.clear();
    for (std::size_t at = 0; at < chunk.size();) {
      const CodePoint point = code_point_at(chunk, at);
      at += point.length;
      const bool is_cleaned = options_.split;
      if (is_cleaned && (point.value == 0xFFFD || is_control_or_format(point.value))) continue;
      const bool is_spaced = options_.split && options_.split_on_cjk && is_cjk_ideograph(point.value);
      if (is_spaced) points.push_back(' ');
      points.push_back(point.value);
      if (is_spaced) points.push_back(' ');
    }
    if (options_.strip_accents) {
      decompose(points);
      points.erase(std::remove_if(points.begin(), points.end(), is_nonspacing_mark), points.end());
    }
  }

  void append_letter(char32_t point, std::string& word) const {
    if (options_.lowercase && point == capital_dotted_i) {
      append_utf8('i', word);
      append_utf8(dot_above, word);
    } else {
      append_utf8(options_.lowercase ? lower_of(point) : point, word);
    }
  }

  // Appends the longest tokens from the left, or the oov_token alone.
  void encode_word(std::string_view word, std::size_t characters, std::vector<int>& ids) const {
    const std::size_t before = ids.size();
    bool is_known = characters <= static_cast<std::size_t>(options_.max_input_chars_per_word);
    for (std::size_t begin = 0; is_known && begin < word.size();) {
      const WordMap<int>& tokens = begin == 0 ? table().tokens() : suffixes_;
      std::size_t end = std::min(word.size(), begin + longest_);
      while (end < word.size() && is_continuation(word[end])) --end;
      auto found = tokens.end();
      while (end > begin) {
        found = tokens.find(word.substr(begin, end - begin));
        if (found != tokens.end()) break;
        do --end;
        while (end > begin && is_continuation(word[end]));
      }
      is_known = end > begin;
      if (is_known) ids.push_back(found->second);
      begin = end;
    }
    if (is_known) return;
    ids.resize(before);
    ids.push_back(oov_);
  }

  static bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

  WordPieceTokenizerOptions options_;
  SpecialTokens special_, no_special_;
  int oov_ = 0;
  std::size_t longest_ = 0;  // in bytes
  WordMap<int> suffixes_;    // without the suffix_indicator
};

}  // namespace

WordPieceTokenizer::WordPieceTokenizer(const std::vector<std::string>& vocabulary,
                                       const WordPieceTokenizerOptions& options) try
    : SubwordTokenizer(std::make_shared<WordPieceModel>(vocabulary, options)) {
} catch (...) {
  rethrow_as(word_piece_name);
}

}  // namespace xeras::text
