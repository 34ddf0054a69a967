#include "xeras/text/byte_pair_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/memory.hpp"
#include "core/shown.hpp"
#include "text/byte_alphabet.hpp"
#include "text/gpt2_splitter.hpp"
#include "text/merger.hpp"
#include "text/special_tokens.hpp"
#include "text/subword_model.hpp"
#include "text/word_cache.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

constexpr const char* byte_pair_name = "BytePairTokenizer";

int id_for_merge(const TokenTable& table, std::string_view token, std::size_t number, const std::string& merge) {
  const std::optional<int> id = table.find(token);
  if (!id) {
    throw InvalidArgument(fmt::format(
        "{}: merge {}, \"{}\", needs the token \"{}\", which the vocabulary lacks; expected it there. Do the "
        "vocabulary and the merges belong together?",
        byte_pair_name, number, shown(merge), shown(token)));
  }
  return *id;
}

Merger merger_for(const std::vector<std::string>& merges, const TokenTable& table) {
  std::vector<Merger::Rule> rules;
  rules.reserve(merges.size());
  for (std::size_t number = 0; number < merges.size(); ++number) {
    const std::string& merge = merges[number];
    const std::size_t space = merge.find(' ');
    if (space == 0 || space >= merge.size() - 1 || merge.find(' ', space + 1) != std::string::npos) {
      throw InvalidArgument(
          fmt::format("{}: merge {} is \"{}\"; expected two tokens with a space between them, such as \"t h\". Spell "
                      "spaces within tokens as \"\u0120\".",
                      byte_pair_name, number, shown(merge)));
    }
    const std::string left = merge.substr(0, space), right = merge.substr(space + 1);
    rules.push_back({id_for_merge(table, left, number, merge), id_for_merge(table, right, number, merge),
                     id_for_merge(table, left + right, number, merge)});
  }
  return Merger(rules);
}

class BytePairModel final : public SubwordTokenizer::Model {
 public:
  BytePairModel(const std::vector<std::pair<std::string, int>>& vocabulary, const std::vector<std::string>& merges,
                const BytePairTokenizerOptions& options)
      : Model(byte_pair_name, vocabulary, {.sequence_length = options.sequence_length, .errors = options.errors}),
        merger_(merger_for(merges, table())),
        special_(byte_pair_name, "unsplittable_tokens", options.unsplittable_tokens, table()),
        adds_space_(options.add_prefix_space) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      byte_ids_[byte] = table().find(spell_byte(static_cast<unsigned char>(byte))).value_or(-1);
    }
    for (const std::string& token : options.unsplittable_tokens) special_ids_.push_back(*table().find(token));
    std::sort(special_ids_.begin(), special_ids_.end());
  }

  std::unique_ptr<EncoderScratch> make_scratch() const override { return std::make_unique<Scratch>(); }

  void encode(std::string_view text, EncoderScratch& base, std::optional<std::size_t> number) const override {
    auto& scratch = static_cast<Scratch&>(base);
    std::vector<int>& ids = scratch.ids;
    special_.split(
        text,
        [&](std::string_view part) {
          if (adds_space_ && part[0] != ' ') {
            scratch.spaced.assign(1, ' ').append(part);
            part = scratch.spaced;
          }
          each_gpt2_word(part, [&](std::string_view word) {
            scratch.cache.append(word, ids, [&] { encode_word(word, scratch, number); });
          });
        },
        [&](int id) { ids.push_back(id); });
  }

  void decode(std::span<const int> ids, std::string& text) const override {
    std::string bytes;
    for (const int id : ids) {
      const std::string& token = *table().token_of(id);
      const bool is_special = std::binary_search(special_ids_.begin(), special_ids_.end(), id);
      bytes += is_special ? token : spelled_bytes(token).value_or(token);
    }
    text += replace_invalid(bytes);
  }

 private:
  struct Scratch final : EncoderScratch {
    WordCache cache;
    Merger::Scratch merger;
    std::vector<int> bytes;
    std::string spaced;
  };

  void encode_word(std::string_view word, Scratch& scratch, std::optional<std::size_t> number) const {
    scratch.bytes.clear();
    for (const char c : word) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte_ids_[byte] < 0) {
        throw InvalidInput(
            fmt::format("{}: {} has the byte 0x{:02X}, whose token \"{}\" the vocabulary lacks; expected a vocabulary "
                        "with all 256 bytes. Train it with these as the initial alphabet.",
                        byte_pair_name, name_of_text(number), byte, spell_byte(byte)));
      }
      scratch.bytes.push_back(byte_ids_[byte]);
    }
    merger_.apply(scratch.bytes, scratch.merger, scratch.ids);
  }

  Merger merger_;
  SpecialTokens special_;
  bool adds_space_;
  std::array<int, 256> byte_ids_{};
  std::vector<int> special_ids_;  // sorted
};

}  // namespace

BytePairTokenizer::BytePairTokenizer(const std::vector<std::pair<std::string, int>>& vocabulary,
                                     const std::vector<std::string>& merges,
                                     const BytePairTokenizerOptions& options) try
    : SubwordTokenizer(std::make_shared<BytePairModel>(vocabulary, merges, options)) {
} catch (...) {
  rethrow_as(byte_pair_name);
}

}  // namespace xeras::text
