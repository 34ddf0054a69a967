#include "xeras/plots/confusion.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "support/xml.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::testing::Picture;
using xeras::testing::TemporaryFolder;
using xeras::testing::XmlElement;

namespace {

using Texts = std::vector<std::string>;

Picture plotted(const Input& y_true, const Input& y_pred, const Texts& labels = {},
                const plots::ConfusionOptions& options = {}) {
  const TemporaryFolder folder;
  plots::confusion(folder / "a.svg", y_true, y_pred, labels, options);
  return Picture(folder / "a.svg");
}

std::string raised(const Input& y_true, const Input& y_pred, const Texts& labels = {}) {
  const TemporaryFolder folder;
  const std::string message = message_of<Error>([&] { plots::confusion(folder / "a.svg", y_true, y_pred, labels); });
  CHECK(std::filesystem::is_empty(folder.path()));
  return message;
}

}  // namespace

TEST_CASE("confusion counts the samples of each pair of classes") {
  const Picture picture = plotted({0, 0, 0, 1, 1, 2}, {0, 0, 1, 1, 0, 2}, {"cat", "dog", "<owl>"});
  CHECK(picture.titles() == Texts{"true cat, predicted cat: 2 of 3 (67 %)", "true cat, predicted dog: 1 of 3 (33 %)",
                                  "true cat, predicted <owl>: 0 of 3 (0 %)", "true dog, predicted cat: 1 of 2 (50 %)",
                                  "true dog, predicted dog: 1 of 2 (50 %)", "true dog, predicted <owl>: 0 of 2 (0 %)",
                                  "true <owl>, predicted cat: 0 of 1 (0 %)", "true <owl>, predicted dog: 0 of 1 (0 %)",
                                  "true <owl>, predicted <owl>: 1 of 1 (100 %)"});
  CHECK(picture.description() ==
        "6 samples of 3 classes, of which 4 (66.7 %) are predicted correctly. Rows are true classes, columns predicted "
        "ones.");
  for (const char* text : {"2", "cat", "<owl>", "True class", "Predicted class", "100 %"})
    CHECK(picture.has_text(text));
  CHECK(picture.size() < 5000);
}

TEST_CASE("confusion shows shares of the true class with normalize") {
  const Picture picture = plotted({0, 0, 0, 1}, {0, 0, 1, 1}, {}, {.normalize = true, .title = "A & B"});
  for (const char* text : {"0.67", "0.33", "0.00", "1.00", "A & B"}) CHECK(picture.has_text(text));
}

TEST_CASE("confusion writes numbers with enough contrast to their cell") {
  // All of row 0 are right, and none of row 1: dark and light cells.
  const Picture picture = plotted({0, 0, 1}, {0, 0, 0});
  std::vector<std::string> inks;
  for (const XmlElement& group : picture.all("g")) inks.push_back(group.attributes.at("fill"));
  CHECK(inks == std::vector<std::string>{"#000", "#fff"});
  CHECK(picture.all("rect").at(1).attributes.at("fill") == "#08306b");  // 100 %
  CHECK(picture.all("rect").at(2).attributes.at("fill") == "#f7fbff");  // 0 %
}

TEST_CASE("confusion takes probabilities and one-hot rows") {
  const std::string expected = plotted({0, 1, 2}, {0, 1, 1}).description();
  CHECK(plotted({0, 1, 2}, {{0.5f, 0.3f, 0.2f}, {0.1f, 0.6f, 0.3f}, {0.0f, 0.9f, 0.1f}}).description() == expected);
  CHECK(plotted({{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, {0, 1, 1}).description() == expected);
  CHECK(plotted({{0}, {1}, {2}}, std::vector<std::vector<double>>{{2, 1, 0}, {-3, -2, -4}, {0, 1, 1}}).description() ==
        expected);  // logits; the first of equal ones
  const std::string binary = plotted({0, 1, 1}, {0, 1, 0}).description();
  CHECK(plotted({0, 1, 1}, {{0.1f}, {0.51f}, {0.5f}}).description() == binary);
  CHECK(plotted({0.0, 1.0, 1.0}, {0.1, 0.9, 0.2}).description() == binary);
}

TEST_CASE("confusion draws one class") {
  const Picture picture = plotted({0, 0}, {0, 0}, {"only"});
  CHECK(picture.titles() == Texts{"true only, predicted only: 2 of 2 (100 %)"});
  CHECK(plotted({0}, {0}).has_text("0"));
}

TEST_CASE("confusion draws a hundred classes in a small file") {
  std::vector<int> y_true, y_pred;
  for (int i = 0; i < 10000; ++i) {
    y_true.push_back(i / 100);
    y_pred.push_back(i % 100);
  }
  const Picture picture = plotted(y_true, y_pred);
  CHECK(picture.has_text("99"));
  CHECK(picture.titles().empty());
  CHECK(picture.size() < 50000);
  CHECK(picture.description().starts_with("10000 samples of 100 classes, of which 100 (1.0 %)"));
  CHECK(raised({100}, {0}) ==
        "confusion: y_true is 100 at row 0; expected a class from 0 to 99. Pictures have room for 100 classes.");
  CHECK(raised({0}, {0}, Texts(101, "a")) ==
        "confusion: labels has 101 names; expected at most 100. Group the classes.");
}

TEST_CASE("confusion cuts long labels and shows them whole to a pointer") {
  const std::string name(300, 'n');
  const Texts titles = plotted({0, 1}, {0, 1}, {name, "b"}).titles();
  CHECK(std::count(titles.begin(), titles.end(), name) == 2);  // of its row and its column
}

TEST_CASE("confusion raises for data that does not fit") {
  CHECK(raised({0, 1}, {0}) == "confusion: y_true has 2 samples and y_pred has 1; expected equally many.");
  CHECK(raised(std::vector<int>{}, std::vector<int>{}) == "confusion: y_true has no samples; expected at least one.");
  CHECK(raised({0, 2}, {0, 1}, {"a", "b"}) ==
        "confusion: y_true is 2 at row 1; expected a class from 0 to 1. Give as many labels as there are classes.");
  CHECK(raised({0, 1}, {0, -1}, {"a", "b"}) ==
        "confusion: y_pred is -1 at row 1; expected a class from 0 to 1. Give as many labels as there are classes.");
  CHECK(raised({0.0, 0.5}, {0, 1}, {"a", "b"}) ==
        "confusion: y_true is 0.5 at row 1; expected a class from 0 to 1. Give as many labels as there are classes.");
  CHECK(raised({0}, {2.0}) ==
        "confusion: y_pred is 2 at row 0; expected probabilities of class 1, from 0 to 1. Give classes as integers.");
  CHECK(
      raised({0}, {0.9}, {"a"}) ==
      "confusion: y_pred is class 1 at row 0; expected a class from 0 to 0. Give as many labels as there are classes.");
  CHECK(raised({0}, std::vector<std::vector<double>>{{0.5, std::nan("")}}) ==
        "confusion: y_pred is NaN at row 0, column 1; expected numbers. Look for the reason in the model.");
  CHECK(raised({0}, {std::nan("")}) ==
        "confusion: y_pred is nan at row 0; expected probabilities of class 1, from 0 to 1. Give classes as integers.");
  CHECK(raised({0}, {{0.1, 0.2, 0.7}}, {"a", "b"}) ==
        "confusion: y_pred has shape (1, 3); expected rows of 1 to 2 classes.");
  CHECK(raised({{{0, 1}}}, {0}) ==
        "confusion: y_true has shape (1, 1, 2); expected classes (samples), or a row for each sample.");
  CHECK(raised({"a"}, {0}) == "confusion: y_true has texts; expected classes (samples), or a row for each sample.");
  CHECK(raised(Input(), {0}) ==
        "confusion: y_true has shape (); expected classes (samples), or a row for each sample.");
  CHECK(message_of<FileError>([] { plots::confusion("c.pdf", {0}, {0}); }) ==
        "confusion: the file is named \"c.pdf\"; expected a name that ends in .svg. Convert the picture with another "
        "program for other formats.");
}
