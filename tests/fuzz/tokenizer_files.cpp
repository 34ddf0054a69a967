// Fuzzes the files of tokenizers: vocab.json and merges.txt, vocab.txt, the JSON of Keras's Tokenizer, and .model files
// of SentencePiece. The first byte selects one; a NUL separates the two files of the first, and a file from a text.
#include <unistd.h>

#include <optional>
#include <string>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "xeras/text/text.hpp"

using namespace xeras;
using namespace xeras::text;

namespace {

// Returns the part up to the next NUL, and removes it.
std::string_view take(std::string_view& bytes) {
  const std::size_t end = std::min(bytes.find('\0'), bytes.size());
  const std::string_view part = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return part;
}

void use(const SubwordTokenizer& tokenizer, std::string_view text) {
  const std::vector<std::string> texts{std::string(text), "The dog doesn't bark\u3000\u65e5\u672c, \u0130stanbul! "};
  const auto ids = tokenizer.tokenize(texts);
  tokenizer.detokenize(ids);
  for (const std::string& token : tokenizer.get_vocabulary()) tokenizer.token_to_id(token);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0: {
      fuzz::write_file(fuzz::scratch_file(".vocab.json"), take(bytes));
      fuzz::write_file(fuzz::scratch_file(".merges.txt"), take(bytes));
      fuzz::expect_error_or_nothing([&] {
        use(BytePairTokenizer(fuzz::scratch_file(".vocab.json"), fuzz::scratch_file(".merges.txt"),
                              {.errors = "replace"}),
            bytes);
      });
      break;
    }
    case 1:
      fuzz::write_file(fuzz::scratch_file(".vocab.txt"), take(bytes));
      fuzz::expect_error_or_nothing([&] {
        use(WordPieceTokenizer(fuzz::scratch_file(".vocab.txt"),
                               {.lowercase = true, .strip_accents = true, .errors = "replace"}),
            bytes);
      });
      break;
    case 2:
      fuzz::expect_error_or_nothing([&] {
        Tokenizer tokenizer = tokenizer_from_json(std::string(bytes));
        Tokenizer::from_json(tokenizer.to_json());
        const auto ids = tokenizer.texts_to_sequences({"The dog, the cat"});
        tokenizer.sequences_to_texts(ids);
        tokenizer.fit_on_texts({"the dog", "a cat"});
        tokenizer.texts_to_sequences({"a dog"});
      });
      break;
    default: {
      const std::string file(bytes);  // with NULs
      fuzz::expect_error_or_nothing([&] {
        use(SentencePieceTokenizer::from_bytes(file, {.errors = "replace"}), bytes.substr(0, bytes.size() / 2));
      });
    }
  }
  return 0;
}
