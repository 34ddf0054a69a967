#include "xeras/text/vocabulary_files.hpp"

#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"
#include "xeras/text/byte_pair_tokenizer.hpp"
#include "xeras/text/word_piece_tokenizer.hpp"

using namespace xeras;
using namespace xeras::text;
using Texts = std::vector<std::string>;

namespace {

class Files {
 public:
  std::string write(const std::string& name, const std::string& content) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::string path(const std::string& name) { return folder_ / name; }

 private:
  testing::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("read_vocabulary takes a token per line without spaces at its end") {
  Files files;
  CHECK(read_vocabulary(files.write("vocab.txt", "[UNK]\nthe \r\n##s\t\u3000\n\u65e5\n a")) ==
        Texts{"[UNK]", "the", "##s", "\u65e5", " a"});
  CHECK(read_vocabulary(files.write("empty.txt", "")).empty());
  const std::string twice = files.write("twice.txt", "a\nb\na\n");
  CHECK(message_of<FileError>([&] { read_vocabulary(twice); }) ==
        twice + ", line 3: the token \"a\" is also in line 1; expected each token once.");
  const std::string latin = files.write("latin.txt", "a\nb\xe4\n");
  CHECK(message_of<FileError>([&] { read_vocabulary(latin); }) ==
        latin + ", line 2: not UTF-8; expected valid UTF-8. Convert the file.");
  const std::string missing = files.path("missing.txt");
  CHECK(message_of<FileError>([&] { WordPieceTokenizer{missing}; }) ==
        missing + ": cannot be read; expected a vocabulary file. Check the path and the permissions.");
  CHECK(message_of<FileError>([&] { read_vocabulary(files.path(".")); }).ends_with("expected a valid file."));
}

TEST_CASE("read_vocabulary_json takes a dictionary from tokens to ids") {
  Files files;
  CHECK(read_vocabulary_json(files.write("vocab.json", "{\"a\": 3, \"\\u0120b\": 0}")) ==
        std::vector<std::pair<std::string, int>>{{"a", 3}, {"\u0120b", 0}});
  const auto message = [&](const std::string& content) {
    const std::string path = files.write("wrong.json", content);
    const std::string text = message_of<FileError>([&] { read_vocabulary_json(path); });
    CHECK(text.starts_with(path + ": "));
    return text.substr(path.size() + 2);
  };
  CHECK(message("[1]") == "[1]; expected a dictionary from tokens to ids.");
  CHECK(message("{\"a\": \"b\"}") == "the id of \"a\" is \"b\"; expected an integer from 0 to 2^31 - 1.");
  CHECK(message("{\"a\": -1}") == "the id of \"a\" is -1; expected an integer from 0 to 2^31 - 1.");
  CHECK(message("{\"a\": 2147483648}") == "the id of \"a\" is 2147483648; expected an integer from 0 to 2^31 - 1.");
  CHECK(message("{\"a\": 1, \"a\": 2}") == "the key \"a\" comes twice; expected each key once.");
}

TEST_CASE("read_merges takes two tokens per line, behind a line with the version") {
  Files files;
  CHECK(read_merges(files.write("merges.txt", "#version: 0.2\nt h\r\n\n# version\n\u0120 th")) ==
        Texts{"t h", "# version", "\u0120 th"});
  const std::string wrong = files.write("wrong.txt", "t h\nth\n");
  CHECK(message_of<FileError>([&] { read_merges(wrong); }) ==
        wrong + ", line 2: \"th\"; expected two tokens with a space between them, such as \"t h\".");
}

TEST_CASE("Tokenizers of subwords read their files") {
  Files files;
  const std::string vocabulary = files.write("vocab.json", "{\"a\": 0, \"b\": 1, \"ab\": 2}");
  const std::string merges = files.write("merges.txt", "#version: 0.2\na b\n");
  CHECK(BytePairTokenizer(vocabulary, merges).tokenize("aab") == std::vector<int>{0, 2});
  CHECK(WordPieceTokenizer(files.write("vocab.txt", "[UNK]\na\n##b\n")).tokenize("ab c") == std::vector<int>{1, 2, 0});
}
