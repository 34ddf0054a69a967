#include "xeras/text/sentence_piece_tokenizer.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/small_tokenizers.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::testing;
using xeras::text::SentencePieceTokenizer;
using Ids = std::vector<int>;
using Texts = std::vector<std::string>;

namespace {

std::string message_for(const std::string& proto) {
  return message_of<FileError>([&] { SentencePieceTokenizer::from_bytes(proto); });
}

std::string invalid(const std::string& problem) {
  return "SentencePieceTokenizer: " + problem + "; expected a model of SentencePiece. The file may be damaged.";
}

}  // namespace

// By hand: the scores are -2 - 1 for "▁" + "ab", -4 - 3 for "▁a" + "b".
TEST_CASE("SentencePieceTokenizer takes the pieces with the best sum, or joins them by their scores") {
  for (const int type : {1, 2}) {
    const SentencePieceTokenizer tokenizer = SentencePieceTokenizer::from_bytes(sentence_piece_model(type));
    CHECK(tokenizer.tokenize("ab a") == Ids{3, 7, 6});
    CHECK(tokenizer.tokenize("  ab  ") == Ids{3, 7});
    CHECK(tokenizer.tokenize("axyb") == Ids{6, 0, 5});  // several unknown characters are one piece
    CHECK(tokenizer.tokenize("") == Ids{});
    CHECK(tokenizer.detokenize({3, 7, 6}) == "ab a");
    CHECK(tokenizer.detokenize({1, 6, 0, 5, 2}) == "a \u2047 b");
    CHECK(tokenizer.vocabulary_size() == 8);
    CHECK(tokenizer.id_to_token(6) == "\u2581a");
    CHECK(tokenizer.token_to_id("</s>") == 2);
  }
}

TEST_CASE("SentencePieceTokenizer adds the beginning and the end, and cuts") {
  const SentencePieceTokenizer tokenizer = SentencePieceTokenizer::from_bytes(
      sentence_piece_model(1), {.sequence_length = 4, .add_bos = true, .add_eos = true});
  CHECK(tokenizer.tokenize("ab") == Ids{1, 3, 7, 2});
  CHECK(tokenizer.tokenize("") == Ids{1, 2, 0, 0});
  CHECK(tokenizer.tokenize("ab ab") == Ids{1, 3, 7, 3});
  const std::string without = piece("<unk>", 0, 2) + piece("a", -1, 1);
  CHECK(message_of<InvalidArgument>([&] { SentencePieceTokenizer::from_bytes(without, {.add_eos = true}); }) ==
        "SentencePieceTokenizer: add_eos with a model that has no piece \"</s>\"; expected one that has it. Leave "
        "add_eos "
        "out, or train the model with the piece.");
}

TEST_CASE("SentencePieceTokenizer defines bytes that are not UTF-8") {
  CHECK(
      message_of<InvalidInput>([] { SentencePieceTokenizer::from_bytes(sentence_piece_model(1)).tokenize("a\xff"); }) ==
      "SentencePieceTokenizer: the text is not UTF-8 at byte 1 (0xFF); expected valid UTF-8. Convert it, or set errors "
      "= \"replace\".");
  CHECK(SentencePieceTokenizer::from_bytes(sentence_piece_model(1), {.errors = "replace"}).tokenize("a\xff") ==
        Ids{6, 0});
}

TEST_CASE("SentencePieceTokenizer refuses damaged and unsupported models") {
  CHECK(message_for("") == invalid("it has no pieces"));
  CHECK(message_for("\x0a") == invalid("it ends too early"));
  CHECK(message_for("\x0a\x05") == invalid("it ends too early"));
  CHECK(message_for(std::string(11, '\xff')) == invalid("a number has more than 64 bits"));
  CHECK(message_for("\x0b") == invalid("field 1 has wire type 3"));
  CHECK(message_for(number_field(1, 1)) == invalid("field 1 has wire type 0"));
  CHECK(message_for(std::string("\0\0", 2)) == invalid("a field has number 0"));
  CHECK(message_for(piece("a", 0, 1)) == invalid("no piece is the unknown one"));
  CHECK(message_for(piece("a", 0, 7)) == invalid("a piece has type 7"));
  CHECK(message_for(piece("a", 0, 2) + piece("b", 0, 2)) == invalid("two pieces are unknown ones"));
  CHECK(message_for(piece("a", 0, 2) + piece("a", 0, 1)) == invalid("the piece \"a\" comes twice"));
  CHECK(message_for(piece("", 0, 2)) == invalid("piece 0 is empty, has a NUL or is not UTF-8"));
  CHECK(message_for(piece("a", 1.0f / 0.0f, 2)) == invalid("the score of piece 0 is not finite"));
  CHECK(message_for(piece("a", 0, 2) + piece("<0x1>", 0, 6)) == invalid("the byte piece \"<0x1>\" names no byte"));
  CHECK(message_for(sentence_piece_model(5)) == invalid("the model_type is 5"));
  CHECK(message_for(piece("a", 0, 2) + bytes_field(2, number_field(35, 1))) ==
        invalid("byte_fallback is set, and the piece <0x00> is missing"));
  CHECK(message_for(sentence_piece_model(1) + bytes_field(3, bytes_field(2, "\x08"))) ==
        invalid("the precompiled_charsmap ends too early"));
  CHECK(
      message_for(sentence_piece_model(2) + piece("c", 0, 5)) ==
      "SentencePieceTokenizer: the bpe model has the unused piece \"c\"; expected none, which are not supported. Save "
      "the model without a restricted vocabulary.");
  CHECK(
      message_for(sentence_piece_model(1) + bytes_field(5, bytes_field(2, "x"))) ==
      "SentencePieceTokenizer: the model has a denormalizer_spec with rules, which is not supported; expected a model "
      "without. Train it without denormalization_rule_tsv.");
}
