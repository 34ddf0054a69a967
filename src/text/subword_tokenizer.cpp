#include "xeras/text/subword_tokenizer.hpp"

#include <fmt/format.h>

#include <exception>

#include "core/memory.hpp"
#include "core/parallel.hpp"
#include "core/shown.hpp"
#include "text/subword_model.hpp"
#include "text/utf8.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {

using Model = SubwordTokenizer::Model;

namespace {

// Positions in a text have 32 bits, also after its characters are decomposed.
constexpr std::size_t longest_text = std::size_t{1} << 30;

}  // namespace

std::string name_of_text(std::optional<std::size_t> number) {
  return number ? fmt::format("text {}", *number) : "the text";
}

Model::Model(std::string who, const std::vector<std::pair<std::string, int>>& tokens, const SubwordOptions& options)
    : who_(std::move(who)), table_(who_, tokens), replaces_invalid_(options.errors == "replace") {
  if (!replaces_invalid_ && options.errors != "strict") {
    throw InvalidArgument(who_ + ": " + unknown_name("errors", options.errors, {"strict", "replace"}));
  }
  if (options.sequence_length) {
    constexpr std::int64_t most = std::int64_t{1} << 31;
    if (*options.sequence_length <= 0 || *options.sequence_length > most) {
      throw InvalidArgument(
          fmt::format("{}: sequence_length is {}; expected 1 to 2^31. Leave it out to keep the length of each text.",
                      who_, *options.sequence_length));
    }
    sequence_length_ = static_cast<std::size_t>(*options.sequence_length);
  }
}

void Model::tokenize(std::string_view text, EncoderScratch& scratch, std::optional<std::size_t> number,
                     std::vector<int>& ids) const {
  if (text.size() > longest_text) {
    throw InvalidInput(
        fmt::format("{}: {} has {} bytes; expected at most 2^30. Split it.", who_, name_of_text(number), text.size()));
  }
  const std::size_t invalid = find_invalid(text);
  if (invalid != std::string_view::npos) {
    if (!replaces_invalid_) {
      throw InvalidInput(
          fmt::format("{}: {} is not UTF-8 at byte {} (0x{:02X}); expected valid UTF-8. Convert it, or set errors = "
                      "\"replace\".",
                      who_, name_of_text(number), invalid, static_cast<unsigned char>(text[invalid])));
    }
    scratch.valid = replace_invalid(text);
    text = scratch.valid;
  }
  scratch.ids.clear();
  encode(text, scratch, number);
  if (sequence_length_) scratch.ids.resize(*sequence_length_, 0);
  ids.assign(scratch.ids.begin(), scratch.ids.end());
}

std::string Model::detokenize(const std::vector<int>& ids, std::optional<std::size_t> number) const {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (table_.token_of(ids[i]) != nullptr) continue;
    throw InvalidInput(fmt::format(
        "{}: detokenize got id {} in {}, step {}; expected an id of the vocabulary, whose largest is {}. Do the ids "
        "come "
        "from another tokenizer?",
        who_, ids[i], number ? fmt::format("sequence {}", *number) : "the sequence", i, table_.largest_id()));
  }
  std::string text;
  decode(ids, text);
  return text;
}

Model::Borrowed::Borrowed(const Model& model) : model_(model) {
  {
    const std::lock_guard lock(model.mutex_);
    if (!model.free_.empty()) {
      scratch_ = std::move(model.free_.back());
      model.free_.pop_back();
    }
  }
  if (scratch_ == nullptr) scratch_ = model.make_scratch();
}

Model::Borrowed::~Borrowed() {
  try {
    const std::lock_guard lock(model_.mutex_);
    model_.free_.push_back(std::move(scratch_));
  } catch (...) {  // without memory for the list, the next call makes its own
  }
}

SubwordTokenizer::SubwordTokenizer(std::shared_ptr<const Model> model) : model_(std::move(model)) {}

std::vector<int> SubwordTokenizer::tokenize_text(std::string_view text) const try {
  const Model::Borrowed scratch(*model_);
  std::vector<int> ids;
  model_->tokenize(text, *scratch, std::nullopt, ids);
  return ids;
} catch (...) {
  rethrow_as("tokenize");
}

std::vector<std::vector<int>> SubwordTokenizer::tokenize(const std::vector<std::string>& texts) const {
  std::vector<std::vector<int>> result;
  tokenize(texts, result);
  return result;
}

void SubwordTokenizer::tokenize(const std::vector<std::string>& texts, std::vector<std::vector<int>>& result) const
    try {
  result.resize(texts.size());
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  // A byte takes some nanoseconds, as long as ten floats.
  const std::size_t work = texts.empty() ? 0 : 10 * (bytes / texts.size() + 16);
  std::mutex mutex;
  std::exception_ptr error;
  std::size_t first_wrong = texts.size();
  parallel_for(texts.size(), work, [&](std::size_t begin, std::size_t end) {
    std::size_t number = begin;
    try {
      const Model::Borrowed scratch(*model_);
      for (; number < end; ++number) model_->tokenize(texts[number], *scratch, number, result[number]);
    } catch (...) {
      // The error of the first wrong text, so that the message does not depend on the threads either.
      const std::lock_guard lock(mutex);
      if (number < first_wrong) {
        first_wrong = number;
        error = std::current_exception();
      }
    }
  });
  if (error) std::rethrow_exception(error);
} catch (...) {
  rethrow_as("tokenize");
}

std::string SubwordTokenizer::detokenize_ids(const std::vector<int>& ids) const try {
  return model_->detokenize(ids, std::nullopt);
} catch (...) {
  rethrow_as("detokenize");
}

std::vector<std::string> SubwordTokenizer::detokenize(const std::vector<std::vector<int>>& sequences) const try {
  std::vector<std::string> texts(sequences.size());
  for (std::size_t i = 0; i < sequences.size(); ++i) texts[i] = model_->detokenize(sequences[i], i);
  return texts;
} catch (...) {
  rethrow_as("detokenize");
}

std::int64_t SubwordTokenizer::vocabulary_size() const { return static_cast<std::int64_t>(model_->table().size()); }

std::vector<std::string> SubwordTokenizer::get_vocabulary() const { return model_->table().in_order(); }

std::string SubwordTokenizer::id_to_token(std::int64_t id) const {
  const std::string* token = model_->table().token_of(id);
  if (token == nullptr) {
    throw InvalidArgument(fmt::format(
        "{}: id_to_token got id {}; expected an id of the vocabulary, whose largest is {}. Does it come from another "
        "tokenizer?",
        model_->name(), id, model_->table().largest_id()));
  }
  return *token;
}

int SubwordTokenizer::token_to_id(std::string_view token) const {
  const std::optional<int> id = model_->table().find(token);
  if (!id) {
    throw InvalidArgument(
        fmt::format("{}: token_to_id got \"{}\"; expected a token of the vocabulary. get_vocabulary() lists them.",
                    model_->name(), shown(token)));
  }
  return *id;
}

}  // namespace xeras::text
