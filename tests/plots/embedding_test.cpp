#include "xeras/plots/embedding.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/random_floats.hpp"
#include "support/temporary_folder.hpp"
#include "support/xml.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::testing::Picture;
using xeras::testing::TemporaryFolder;
using xeras::testing::XmlElement;

namespace {

using Texts = std::vector<std::string>;

Picture plotted(const Input& table, const Texts& words, const plots::EmbeddingOptions& options = {}) {
  const TemporaryFolder folder;
  plots::embedding(folder / "a.svg", table, words, options);
  return Picture(folder / "a.svg");
}

std::string raised(const Input& table, const Texts& words, const plots::EmbeddingOptions& options = {}) {
  const TemporaryFolder folder;
  const std::string message = message_of<Error>([&] { plots::embedding(folder / "a.svg", table, words, options); });
  CHECK(std::filesystem::is_empty(folder.path()));
  return message;
}

}  // namespace

TEST_CASE("embedding draws words at their principal components") {
  const Picture picture = plotted({{1, 0}, {-1, 0}, {0, 3}, {0, -3}}, {"a", "b", "c", "d"}, {.title = "Four <words>"});
  CHECK(picture.has_text("component 1 (90.0 % of the variance)"));
  CHECK(picture.has_text("component 2 (10.0 % of the variance)"));
  CHECK(picture.has_text("Four <words>"));
  CHECK(picture.description() ==
        "The vectors of 4 words by component 1 (90.0 % of the variance) and component 2 (10.0 % of the variance).");
  // The plot is 724 wide from x = 64 and 522 high from y = 36. Component 1 is from -3 to 3, and with a margin of 0.3 at
  // both ends 6.6 wide: 724 / 6.6 = 109.7 for each unit, around (426, 297).
  const std::vector<XmlElement> dots = picture.all("circle");
  REQUIRE(dots.size() == 4);
  CHECK(dots[0].attributes.at("cx") == "426");
  CHECK(dots[0].attributes.at("cy") == "187.3");
  CHECK(dots[2].attributes.at("cx") == "755.1");
  CHECK(dots[2].attributes.at("cy") == "297");
  CHECK(picture.text("c").attributes.at("x") == "760.1");  // beside its dot
  CHECK(picture.titles().empty());
}

TEST_CASE("embedding omits labels that would cover others and keeps their dots with titles") {
  std::vector<std::vector<double>> table(30, {1.0, 1.0});
  table[0] = {0.0, 0.0};
  Texts words;
  for (int i = 0; i < 30; ++i) words.push_back("word" + std::to_string(i));
  const Picture picture = plotted(table, words);
  CHECK(picture.all("circle").size() == 30);
  const Texts titles = picture.titles();
  CHECK(titles.size() > 10);
  for (int i = 0; i < 30; ++i) {
    const std::string word = "word" + std::to_string(i);
    CHECK(picture.has_text(word) == (std::find(titles.begin(), titles.end(), word) == titles.end()));
  }
  CHECK(picture.has_text("word0"));
  CHECK(picture.has_text("word1"));  // earlier words come first
}

TEST_CASE("embedding draws the first max_words, in a small file that is always the same") {
  const std::vector<float> values = xeras::testing::random_floats(2000 * 8, 1);
  std::vector<std::vector<float>> table;
  Texts words;
  for (std::size_t i = 0; i < 2000; ++i) {
    const auto row = values.begin() + static_cast<std::ptrdiff_t>(8 * i);
    table.emplace_back(row, row + 8);
    words.push_back("word" + std::to_string(i));
  }
  const Picture picture = plotted(table, words);
  CHECK(picture.all("circle").size() == 500);
  CHECK(picture.size() < 100000);
  CHECK(plotted(table, words, {.max_words = 3}).all("circle").size() == 3);
  CHECK(plotted(table, words, {.max_words = 5000}).all("circle").size() == 2000);
  CHECK(plotted(table, words).texts() == picture.texts());
}

TEST_CASE("embedding draws one word, equal words, one dimension and any text") {
  CHECK(plotted({{1, 2, 3}}, {"one"}).has_text("one"));
  CHECK(plotted({{1, 2}, {1, 2}}, {"a", "b"}).all("circle").size() == 2);
  CHECK(plotted({{1}, {2}}, {"a", "b"}).has_text("component 2 (0.0 % of the variance)"));
  const Picture picture = plotted({{1, 0}, {-1, 0}, {0, 3}, {0, -3}, {1, 1}, {2, 2}},
                                  {"<&>\"'", "😀", "שלום", "\xff", "", std::string(300, 'w')});
  for (const char* word : {"<&>\"'", "😀", "שלום", "\uFFFD"}) CHECK(picture.has_text(word));
  CHECK(picture.titles() == Texts{std::string(300, 'w')});
  const Picture large = plotted({{3e38f, 0.0f}, {-3e38f, 1.0f}}, {"a", "b"});
  for (const XmlElement& dot : large.all("circle"))
    CHECK(dot.attributes.at("cx").find_first_of("nif") == std::string::npos);
}

TEST_CASE("embedding raises for tables that do not fit") {
  CHECK(raised({{1, 2}, {3, 4}}, {"a"}) ==
        "embedding: the table has 2 rows and there are 1 words; expected a word for each row. Select the rows of the "
        "words first.");
  CHECK(raised({1, 2}, {"a", "b"}) == "embedding: the table has shape (2,); expected shape (words, dimensions).");
  CHECK(raised({"a"}, {"a"}) == "embedding: the table has texts; expected shape (words, dimensions).");
  CHECK(raised(Tensor::from_shape({0, 3}), {}) == "embedding: the table has no rows; expected at least one word.");
  CHECK(raised(Tensor::from_shape({1, 0}), {"a"}) ==
        "embedding: the table has shape (1, 0); expected shape (words, dimensions).");
  CHECK(raised(std::vector<std::vector<double>>{{1, 2}, {3, std::nan("")}}, {"a", "b"}) ==
        "embedding: the table has nan in row 1; expected finite numbers.");
  CHECK(raised(std::vector<std::vector<double>>{{1e300, 2}, {3, 4}}, {"a", "b"}) ==
        "embedding: the table has inf in row 0; expected finite numbers.");
  CHECK(raised({{1, 2}}, {"a"}, {.max_words = 0}) == "embedding: max_words is 0; expected a positive number.");
  CHECK(raised({{1, 2}}, {"a"}, {.width = 20}) == "embedding: width is 20; expected 200 to 10000.");
  CHECK(message_of<FileError>([] {
          plots::embedding("words", {{1, 2}}, {"a"});
        }) ==
        "embedding: the file is named \"words\"; expected a name that ends in .svg. Convert the picture with another "
        "program for other formats.");
}
