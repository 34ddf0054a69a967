#include "xeras/data/text_lines.hpp"

#include <algorithm>
#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"

using namespace xeras;
using data::TextLines;
using data::texts_of;

namespace {

struct Pass {
  std::vector<std::string> texts;
  std::vector<float> labels;
  std::vector<std::int64_t> sizes;
};

Pass pass_of(TextLines& lines, std::int64_t epoch = 0) {
  Pass pass;
  lines.set_epoch(epoch);
  for (std::int64_t i = 0;; ++i) {
    const data::Batch batch = lines.get_batch(i);
    if (!batch.x) return pass;
    for (const std::string& text : texts_of(batch)) pass.texts.push_back(text);
    if (batch.y) {
      const Tensor y = batch.y.to_tensor();
      pass.labels.insert(pass.labels.end(), y.begin(), y.end());
    }
    pass.sizes.push_back(batch.x.length());
  }
}

class Files {
 public:
  std::string operator()(const std::string& content, const std::string& name = "a.tsv") {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  const std::string& folder() { return folder_.path().native(); }

 private:
  testing::TemporaryFolder folder_;
};

std::string hundred() {
  std::string content;
  for (int i = 0; i < 100; ++i) content += (i % 2 == 0 ? "a\t" : "b\t") + std::to_string(i) + "\n";
  return content;
}

}  // namespace

TEST_CASE("TextLines reads label<TAB>text, and numbers labels as they come") {
  Files file;
  TextLines lines(file("\xEF\xBB\xBFpos\tgood film\r\nneg\tbad\ttab inside\npos\t\nneutral\tso so"), {.batch_size = 3});
  CHECK(lines.labels().empty());
  const Pass pass = pass_of(lines);
  CHECK(pass.texts == std::vector<std::string>{"good film", "bad\ttab inside", "", "so so"});
  CHECK(pass.labels == std::vector<float>{0, 1, 0, 2});
  CHECK(pass.sizes == std::vector<std::int64_t>{3, 1});
  CHECK(lines.labels() == std::vector<std::string>{"pos", "neg", "neutral"});
  CHECK(lines.num_batches() == data::unknown);
  CHECK(pass_of(lines).labels == pass.labels);
  const data::Batch batch = lines.get_batch(0);
  CHECK(batch.y.kind() == Input::Kind::i32);
}

TEST_CASE("TextLines takes the numbers of labels from .labels, and texts without labels") {
  Files file;
  TextLines given(file("pos\ta\nneg\tb\n"), {.labels = {"neg", "pos"}});
  CHECK(pass_of(given).labels == std::vector<float>{1, 0});
  TextLines texts(file("a\tb\n\nc", "texts.txt"), {.has_labels = false});
  CHECK(pass_of(texts).texts == std::vector<std::string>{"a\tb", "", "c"});
  CHECK(pass_of(texts).labels.empty());
  CHECK_FALSE(texts.get_batch(0).y);
}

TEST_CASE("TextLines leaves a smaller last batch out on demand, and reads an empty file") {
  Files file;
  TextLines lines(file(hundred()), {.batch_size = 30, .drop_remainder = true});
  CHECK(pass_of(lines).sizes == std::vector<std::int64_t>{30, 30, 30});
  TextLines empty(file("", "empty.tsv"));
  CHECK_FALSE(empty.get_batch(0).x);
}

TEST_CASE("TextLines shuffles by seed and epoch, from a buffer") {
  Files file;
  const std::string path = file(hundred());
  TextLines lines(path, {.batch_size = 8, .shuffle_buffer = 10, .seed = 1});
  const Pass first = pass_of(lines, 0), second = pass_of(lines, 1);
  CHECK(first.texts != second.texts);
  CHECK(pass_of(lines, 0).texts == first.texts);
  TextLines again(path, {.batch_size = 7, .shuffle_buffer = 10, .seed = 1});
  CHECK(pass_of(again, 1).texts == second.texts);
  TextLines other(path, {.shuffle_buffer = 10, .seed = 2});
  CHECK(pass_of(other, 0).texts != first.texts);
  for (std::size_t i = 0; i < 100; ++i) {
    const int number = std::stoi(first.texts[i]);
    CHECK(number < static_cast<int>(i) + 10);  // the buffer has seen no further
    CHECK(first.labels[i] == static_cast<float>(number % 2));
  }
  std::vector<std::string> sorted = first.texts;
  std::sort(sorted.begin(), sorted.end());
  CHECK(std::unique(sorted.begin(), sorted.end()) == sorted.end());
  CHECK(lines.labels() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("TextLines without a seed takes the next of the process") {
  Files file;
  const std::string path = file(hundred());
  const auto texts = [&](std::uint64_t seed) {
    set_random_seed(seed);
    TextLines lines(path, {.shuffle_buffer = 100});
    return pass_of(lines).texts;
  };
  CHECK(texts(1) == texts(1));
  CHECK(texts(1) != texts(2));
  set_random_seed(3);
  TextLines unshuffled(path);
  CHECK(random_state().drawn == 0);
}

TEST_CASE("TextLines reads lines that are longer than its buffer, up to a limit") {
  Files file;
  const std::string text(200'000, 'x');
  TextLines lines(file("a\t" + text + "\r\na\tshort\n"));
  CHECK(pass_of(lines).texts == std::vector<std::string>{text, "short"});
  for (const char* end : {"", "\n", "\r\n"}) {
    TextLines fits(file(std::string("\xEF\xBB\xBF") + "a\t12345" + end, "b.tsv"), {.max_line_bytes = 7});
    CHECK(pass_of(fits).texts == std::vector<std::string>{"12345"});
    const std::string path = file(std::string("\xEF\xBB\xBF") + "a\t123456" + end, "c.tsv");
    TextLines longer(path, {.max_line_bytes = 7});
    CHECK(message_of<InvalidInput>([&] { pass_of(longer); }) ==
          "TextLines: " + path +
              ", line 1 has more than 7 bytes; expected at most that many. Split the line, or raise max_line_bytes.");
  }
}

TEST_CASE("TextLines names file and line of what is wrong") {
  Files file;
  const std::string path = file("");
  const auto message = [&](const std::string& content, data::TextLinesOptions options = {}) {
    file(content);
    TextLines lines(path, options);
    return message_of<InvalidInput>([&] { pass_of(lines); });
  };
  CHECK(message("a\tx\nno tab here\n") ==
        "TextLines: " + path +
            ", line 2 has no tab: \"no tab here\"; expected label<TAB>text. Set has_labels = false for a file of texts "
            "only.");
  CHECK(message("pos\tx\nneg\ty\npso\tz\n", {.labels = {"neg", "pos"}}) ==
        "TextLines: " + path +
            ", line 3: label \"pso\" is unknown; did you mean \"pos\"? Known: neg, pos. Correct the file, or add the "
            "label to .labels.");
  CHECK(message(std::string("a\tx\0y\n", 6)) ==
        "TextLines: " + path +
            ", line 1 has a NUL; expected text. Check that the file is UTF-8, not UTF-16 or binary.");
}

TEST_CASE("TextLines refuses a file that is not there, a folder, and wrong options") {
  Files file;
  CHECK(message_of<FileError>([&] { TextLines lines(file.folder() + "/none.tsv"); }) ==
        "TextLines: " + file.folder() +
            "/none.tsv: No such file or directory; expected a file that can be read. Check "
            "the path.");
  CHECK(message_of<FileError>([&] {
          TextLines lines(file.folder());
          lines.get_batch(0);
        }) == "TextLines: " + file.folder() +
                  ": Is a directory; expected a file that can be read. Check that it is not a folder.");
  const std::string path = file("a\tx\n");
  const auto message = [&](data::TextLinesOptions options) {
    return message_of<InvalidArgument>([&] { TextLines lines(path, options); });
  };
  CHECK(message({.batch_size = 0}) == "TextLines: batch_size is 0; expected a positive integer. 32 is usual.");
  CHECK(message({.shuffle_buffer = -1}) ==
        "TextLines: shuffle_buffer is -1; expected 0 or more lines. 0 keeps the order of the file.");
  CHECK(message({.labels = {"a", "b", "a"}}) ==
        "TextLines: labels has \"a\" twice; expected each label once. Leave one out.");
  CHECK(message({.labels = {"a"}, .has_labels = false}) ==
        "TextLines: labels are given and has_labels is false; expected one of them. Leave one out.");
  CHECK(message({.max_line_bytes = 0}) ==
        "TextLines: max_line_bytes is 0; expected a positive integer. Leave it out for 16 MiB.");
}

TEST_CASE("TextLines gives batches in order, and starts again with 0") {
  Files file;
  const std::string path = file(hundred());
  TextLines lines(path, {.batch_size = 10});
  const auto message = [&](std::int64_t index) { return message_of<InvalidArgument>([&] { lines.get_batch(index); }); };
  CHECK(message(3) == "TextLines: " + path +
                          ": batch 3 is asked for; expected 0, since a file is read in order. Begin again with 0.");
  lines.get_batch(0);
  lines.get_batch(1);
  CHECK(message(1) ==
        "TextLines: " + path +
            ": batch 1 is asked for; expected 0 or 2, since a file is read in order. Begin again with 0.");
  CHECK(texts_of(lines.get_batch(0))[0] == "0");
  TextLines moved = std::move(lines);
  CHECK(texts_of(moved.get_batch(1))[0] == "10");
}
