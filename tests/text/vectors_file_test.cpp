// Files of vectors: what is read, what the options select, and what is refused. Messages name the line or the byte.
#include "text/vectors_file.hpp"

#include <cstring>
#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "support/threads.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/threads.hpp"
#include "xeras/text/vectors.hpp"

using namespace xeras;
using text::Vectors;

namespace {

using Words = std::vector<std::string>;

// A file of this content.
class File {
 public:
  explicit File(std::string_view content) : path_(folder_ / "v") {
    std::ofstream(path_, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  }
  const std::string& path() const { return path_; }

 private:
  testing::TemporaryFolder folder_;
  std::string path_;
};

// The message that a file gives, without "Vectors: path".
std::string complaint(std::string_view content, const text::VectorsOptions& options = {}) {
  const File file(content);
  const std::string message = message_of<FileError>([&] { Vectors(file.path(), options); });
  const std::string start = "Vectors: " + file.path();
  return message.starts_with(start) ? message.substr(start.size()) : message;
}

std::string bytes_of(const std::vector<float>& numbers) {
  std::string bytes(numbers.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

template <class T>
void append(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// A fastText model of the words "ab" and "c", dim 2, and four buckets, as fastText lays it out.
struct Model {
  std::int32_t version = 12, dim = 2, bucket = 4, maxn = 3;
  std::int32_t entries = 2, words = 2, labels = 0;
  std::int64_t pruned = -1, rows = 6, cols = 2;
  float first = 1;
  std::int8_t second_type = 0;

  std::string bytes() const {
    std::string all = "\xBA\x16\x4F\x2F";
    for (const std::int32_t field : {version, dim, 5, 5, 1, 5, 1, 2, 2, bucket, 2, maxn, 100}) append(all, field);
    append(all, 1e-4);
    for (const std::int32_t field : {entries, words, labels}) append(all, field);
    append(all, std::int64_t{9});
    append(all, pruned);
    for (const std::string word : {"ab", "c"}) {
      all += word + '\0';
      append(all, std::int64_t{3});
      append(all, word == "c" ? second_type : std::int8_t{0});
    }
    append(all, std::uint8_t{0});
    append(all, rows);
    append(all, cols);
    all += bytes_of({first, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    return all;
  }
};

}  // namespace

TEST_CASE("Vectors reads text in all its forms") {
  for (const char* content : {"tea 1 2\nhot milk 3 4\n", "2 2\ntea 1 2\nhot milk 3 4\n",
                              "tea\t1\t2\r\nhot milk 3 4\r\n", "\xEF\xBB\xBFtea 1 2 \nhot milk 3 4",
                              "2 2 \r\ntea 1.0 2e0\nhot milk +3 40e-1\n\n", "\ntea 1 2\n\nhot milk 3 4\n"}) {
    INFO(content);
    const File file(content);
    const Vectors vectors(file.path());
    CHECK(vectors.words() == Words{"tea", "hot milk"});
    CHECK((vectors.vectors() == Tensor{{1, 2}, {3, 4}}));
  }
}

TEST_CASE("Vectors reads a file of many lines with the same result for any number of threads") {
  std::string content;
  for (int i = 0; i < 150000; ++i) content += "w" + std::to_string(i) + " " + std::to_string(i) + ".5 -0.125\n";
  const File file(content);
  REQUIRE(content.size() > 3000000);  // several parts
  const testing::Threads restore(1);
  const Vectors one(file.path());
  set_num_threads(3);
  const Vectors three(file.path());
  REQUIRE(one.size() == 150000);
  CHECK(one.words() == three.words());
  CHECK((one.vectors() == three.vectors()));
  CHECK(three["w149999"](0) == 149999.5f);
  // A mistake far behind names its line.
  std::string wrong = content;
  wrong += "last 1\n";
  CHECK(complaint(wrong) ==
        ", line 150001 has 1 number behind its word (\"last 1\"); expected 2. Is the file complete?");
}

TEST_CASE("Vectors reads lines that are longer than a part of the file") {
  std::string content;
  constexpr int dim = 700000;
  for (const char* word : {"a", "b"}) {
    content += word;
    for (int i = 0; i < dim; ++i) content += i % 2 == 0 ? " 1" : " 25";
    content += '\n';
  }
  const File file(content);
  const Vectors vectors(file.path());
  CHECK(vectors.words() == Words{"a", "b"});
  CHECK(vectors.dimension() == dim);
  CHECK(vectors["b"](dim - 1) == 25.0f);
}

TEST_CASE("Vectors reads only the first words, or only those that are wanted") {
  const std::string text = "tea 1 2\n. . . 3 4\nsea 5 6\nlime x y\n";
  const File file(text);
  CHECK(Vectors(file.path(), {.limit = 2}).words() == Words{"tea", ". . ."});
  const Vectors wanted(file.path(), {.words = {"sea", ". . ."}});
  CHECK(wanted.words() == Words{". . .", "sea"});
  CHECK((wanted.vectors() == Tensor{{3, 4}, {5, 6}}));
  CHECK(Vectors(file.path(), {.limit = 2, .words = {"sea", "tea"}}).words() == Words{"tea"});
  CHECK(complaint(text) ==
        ", line 4 has \"x\" where a number belongs; expected a word and 2 numbers. Correct the line.");

  const File binary("2 2\ntea " + bytes_of({1, 2}) + "sea " + bytes_of({3, 4}));
  CHECK(Vectors(binary.path(), {.limit = 1}).words() == Words{"tea"});
  CHECK(Vectors(binary.path(), {.words = {"sea"}}).words() == Words{"sea"});
  const File model(Model().bytes());
  CHECK(Vectors(model.path(), {.limit = 1}).words() == Words{"ab"});
  const Vectors last(model.path(), {.words = {"c"}});
  CHECK(last.words() == Words{"c"});
  CHECK((last["c"] == Vectors(model.path())["c"]));
}

TEST_CASE("Vectors refuses invalid options") {
  const auto message = [](const text::VectorsOptions& options) {
    return message_of<InvalidArgument>([&] { Vectors("v", options); });
  };
  CHECK(message({.limit = 0}) == "Vectors: limit is 0; expected a positive integer. Leave it out to read all words.");
  CHECK(message({.errors = "skip"}) ==
        "Vectors: errors \"skip\" is unknown; expected one of the known names. Known: replace, strict.");
  CHECK(message({.duplicates = "last"}) ==
        "Vectors: duplicates \"last\" is unknown; expected one of the known names. Known: error, first.");
}

TEST_CASE("Vectors refuses files that cannot be read or are something else") {
  CHECK(message_of<FileError>([] { Vectors("/nowhere/v"); }) ==
        "Vectors: /nowhere/v: No such file or directory; expected a file that can be read. Check the path.");
  CHECK(message_of<FileError>([] { Vectors("/tmp"); }) ==
        "Vectors: /tmp is not a regular file; expected one, which is read at several places at once. Check the path.");
  const std::string expected =
      "; expected a file of vectors: word2vec text or binary, GloVe text, fastText .vec or .bin. ";
  CHECK(complaint("") == " is empty" + expected + "Get the file again.");
  CHECK(complaint("\x1F\x8B\x08") == " is compressed with gzip" + expected + "Decompress it with gunzip.");
  CHECK(complaint("PK\3\4") == " is a zip archive" + expected + "Decompress it with unzip.");
  CHECK(complaint("\xFF\xFEt") == " is UTF-16" + expected + "Convert it to UTF-8.");
  CHECK(complaint("some text\nwithout numbers\n") ==
        ", line 1: no numbers behind a word; expected a file of vectors: word2vec text or binary, GloVe text, fastText "
        ".vec or .bin.");
}

TEST_CASE("Vectors names the line of a mistake in text") {
  const std::string good = "tea 1 2\nsea 3 4\n";
  CHECK(complaint(good + "milk 5\n") ==
        ", line 3 has 1 number behind its word (\"milk 5\"); expected 2. Is the file complete?");
  CHECK(complaint(good + "milk\n") ==
        ", line 3 has 0 numbers behind its word (\"milk\"); expected 2. Is the file complete?");
  CHECK(complaint("2 2\ntea 1 2\nsea 3 4x\n") ==
        ", line 3 has \"4x\" where a number belongs; expected a word and 2 numbers. Correct the line.");
  CHECK(complaint(good + "milk 5 nan\n") ==
        ", line 3 has the number nan; expected a finite float. Correct the line, or remove it.");
  CHECK(complaint(good + "milk 5 1e39\n") ==
        ", line 3 has the number 1e39; expected a finite float. Correct the line, or remove it.");
  CHECK(complaint(good + std::string("mi\0lk 5 6\n", 10)) ==
        ", line 3 has a NUL in its word; expected text. Is the file UTF-8, not UTF-16 or binary?");
  CHECK(
      complaint(good + "tea 5 6\n") ==
      ", line 3: the word \"tea\" is already in row 0; expected each word once. Correct the file, or set duplicates = "
      "\"first\".");
  CHECK(
      complaint(good + "caf\xE9 5 6\n") ==
      ", line 3: the word \"caf\uFFFD\" is not UTF-8 at its byte 3 (0xE9); expected valid UTF-8. Convert the file, or "
      "set errors = \"replace\".");
}

TEST_CASE("Vectors keeps the first of equal words, and replaces invalid bytes, if the options say so") {
  const File file("tea 1 2\ncaf\xE9 3 4\ntea 5 6\n");
  const Vectors vectors(file.path(), {.errors = "replace", .duplicates = "first"});
  CHECK(vectors.words() == Words{"tea", "caf\uFFFD"});
  CHECK((vectors["tea"] == Tensor{1, 2}));
}

TEST_CASE("Vectors refuses headers that do not fit the file") {
  const std::string lines = "tea 1 2\nsea 3 4\n";
  CHECK(complaint("3 2\n" + lines) ==
        ": the header says 3 words, but the file has 2; expected the same. Is the file complete? To read it as it is, "
        "set "
        "limit = 2.");
  CHECK(complaint("1 2\n" + lines) ==
        ": the header says 1 words, but the file has 2; expected the same. Is the file complete? To read it as it is, "
        "set "
        "limit = 1.");
  CHECK(complaint("2 3\n" + lines) ==
        ": the header says 3 numbers per word, but its first lines have 2; expected the same. Correct the header, or "
        "remove it.");
  CHECK(complaint("2 0\n" + lines) ==
        ": the header is \"2 0\", with 0 numbers per word; expected at least 1. Get the file again.");
  for (const std::string header : {"9223372036854775808 2", "2 18446744073709551616", "2 99999999999999999999999"}) {
    CHECK(complaint(header + "\n" + lines) ==
          ": the header is \"" + header + "\", but the file has only " + std::to_string(header.size() + 17) +
              " bytes; expected the number of words and the number of numbers per word. Get the file again.");
  }
}

TEST_CASE("Vectors refuses an endless word") {
  const std::string word(3000000, 'w');
  CHECK(complaint("tea 1 2\n" + word) ==
        ", line 2 has more than 1048704 bytes; expected a word and 2 numbers. Is it a file of vectors?");
  CHECK(complaint("1 2\n" + std::string("\0", 1) + word) ==
        ", byte 4: a word has more than 1048576 bytes; expected a word. Is the header right?");
}

TEST_CASE("Vectors names the word and byte of a mistake in word2vec's binary format") {
  const std::string tea = "tea " + bytes_of({1, 2}), sea = "\nsea " + bytes_of({3, 4});
  CHECK(
      complaint("2 2\n" + tea) ==
      ": the header says 2 words of 2 numbers, which take more than the 12 bytes behind it; expected a complete file. "
      "Get the file again.");
  CHECK(complaint("2 2\n" + tea + sea.substr(0, 10)) ==
        ", byte 21: a vector would have 8 bytes, but the file ends after 5; expected a complete file. Get the file "
        "again.");
  CHECK(complaint("2 2\n" + tea + "\n" + tea) ==
        ", word 1 at byte 17: the word \"tea\" is already in row 0; expected each word once. Correct the file, or set "
        "duplicates = \"first\".");
  CHECK(complaint("2 2\n" + tea + "\nsea " + bytes_of({3, NAN})) ==
        ", word 1 at byte 17: the vector of \"sea\" has NaN or infinity; expected finite floats. Is the header right?");
  CHECK(complaint("1 2\n" + tea + sea) ==
        ", byte 17: 12 bytes follow the 1 words of the header; expected the end. To read only these, set limit = 1.");
}

TEST_CASE("Vectors computes the vectors of a fastText model by hand-made n-grams") {
  const File file(Model{.maxn = 0}.bytes());
  CHECK((Vectors(file.path()).vectors() == Tensor{{1, 2}, {3, 4}}));
  // The word c has the n-grams <c, <c> and c>. Their FNV-1a hashes are 1727453512, 2358793410 and 2435444228 (by
  // Python): buckets 0, 2 and 0.
  const File with(Model().bytes());
  const Vectors vectors(with.path());
  CHECK((vectors["c"] == Tensor{(3 + 5 + 9 + 5) / 4.0f, (4 + 6 + 10 + 6) / 4.0f}));
}

TEST_CASE("Vectors refuses wrong fastText models") {
  CHECK(complaint(Model{.version = 13}.bytes()) ==
        " is a fastText model of version 13; expected version 11 or 12. Convert it with a current fastText.");
  CHECK(complaint(Model{.dim = 0}.bytes()) ==
        ": its arguments have dim 0 and bucket 4; expected a positive and a non-negative integer. Get the file again.");
  CHECK(complaint(Model{.maxn = 101}.bytes()) ==
        ": its n-grams have up to 101 characters; expected at most 100. Get the file again.");
  CHECK(complaint(Model{.labels = 1}.bytes()) ==
        ": its dictionary has 2 entries, 2 words and 1 labels; expected a sum. Get the file again.");
  CHECK(complaint(Model{.second_type = 1}.bytes()) ==
        ", byte 104: entry 1, \"c\", of the dictionary is a label; expected 2 words, then labels. Get the file again.");
  CHECK(complaint(Model{.pruned = std::int64_t{1} << 62}.bytes()) ==
        ", byte 115: 4611686018427387904 pruned n-grams would follow; expected a complete file. Get the file again.");
  CHECK(complaint(Model{.pruned = 0}.bytes()) ==
        " is a pruned fastText model; expected a whole one. Save the model without \"fasttext quantize\".");
  CHECK(complaint(Model{.cols = 3}.bytes()) ==
        ": its matrix has the shape (6, 3); expected (2 words + 4 buckets, 2). Get the file again.");
  CHECK(complaint(Model{.bucket = 2000000000, .rows = 2000000002}.bytes()) ==
        ", byte 132: its matrix has the shape (2000000002, 2), but the file ends after 48 bytes; expected a complete "
        "file. "
        "Get the file again.");
  CHECK(complaint(Model{.first = NAN}.bytes()) ==
        ": the vector of word 0, \"ab\", has NaN or infinity; expected finite floats. Did the training diverge?");
  const std::string bytes = Model().bytes();
  CHECK(
      complaint(bytes.substr(0, 40)) ==
      ", byte 40: the arguments would have 4 bytes, but the file ends after 0; expected a complete file. Get the file "
      "again.");
}

TEST_CASE("Vectors refuses a fastText model that is cut off anywhere") {
  const std::string bytes = Model().bytes();
  for (std::size_t size = 4; size < bytes.size(); ++size) {
    INFO(size);
    CHECK_FALSE(complaint(bytes.substr(0, size)).starts_with("nothing"));
  }
}
