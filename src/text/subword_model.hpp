#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/token_table.hpp"
#include "xeras/text/subword_tokenizer.hpp"

namespace xeras::text {

/// The memory of one thread that encodes, kept from call to call.
class EncoderScratch {
 public:
  virtual ~EncoderScratch() = default;

  std::string valid;     ///< a text with its invalid bytes replaced
  std::vector<int> ids;  ///< of the current text
};

/// The options that all tokenizers have.
struct SubwordOptions {
  std::optional<std::int64_t> sequence_length = {};
  std::string errors = "strict";
};

/// A tokenizer's vocabulary and algorithm. It does not change after its construction, except that it keeps the scratch
/// memory of finished calls for the next ones.
class SubwordTokenizer::Model {
 public:
  /// Throws InvalidArgument, in the name of `who`, for invalid options and tokens.
  Model(std::string who, const std::vector<std::pair<std::string, int>>& tokens, const SubwordOptions& options);
  virtual ~Model() = default;

  virtual std::unique_ptr<EncoderScratch> make_scratch() const = 0;
  /// Appends the ids of a text, which is UTF-8, to scratch.ids. Messages name the text with that number.
  virtual void encode(std::string_view text, EncoderScratch& scratch, std::optional<std::size_t> number) const = 0;
  /// Appends the text of some ids, which are in the table.
  virtual void decode(std::span<const int> ids, std::string& text) const = 0;

  const std::string& name() const { return who_; }
  const TokenTable& table() const { return table_; }

  /// Replaces `ids` by those of a text.
  void tokenize(std::string_view text, EncoderScratch& scratch, std::optional<std::size_t> number,
                std::vector<int>& ids) const;
  std::string detokenize(const std::vector<int>& ids, std::optional<std::size_t> number) const;

  /// A scratch of the pool, during its lifetime.
  class Borrowed {
   public:
    explicit Borrowed(const Model& model);
    ~Borrowed();
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    EncoderScratch& operator*() const { return *scratch_; }

   private:
    const Model& model_;
    std::unique_ptr<EncoderScratch> scratch_;
  };

 private:
  std::string who_;
  TokenTable table_;
  std::optional<std::size_t> sequence_length_;
  bool replaces_invalid_ = false;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<EncoderScratch>> free_;
};

/// Returns "text 3", or "the text" without a number.
std::string name_of_text(std::optional<std::size_t> number);

}  // namespace xeras::text
