#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "support/xml.hpp"
#include "xeras/core/error.hpp"
#include "xeras/models/history.hpp"

using namespace xeras;
using xeras::testing::Picture;
using xeras::testing::TemporaryFolder;
using xeras::testing::XmlElement;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

void append(History& history, std::int64_t epoch, const std::vector<std::pair<std::string, double>>& scores) {
  auto names = std::make_shared<std::vector<std::string>>();
  for (const auto& [name, value] : scores) names->push_back(name);
  Scores row(std::move(names));
  for (std::size_t i = 0; i < scores.size(); ++i) row.set(i, scores[i].second);
  history.append(epoch, row);
}

History history_of(const std::string& name, const std::vector<double>& values) {
  History history;
  for (const double value : values) append(history, static_cast<std::int64_t>(history.epoch().size()), {{name, value}});
  return history;
}

Picture plotted(const History& history, const HistoryPlotOptions& options = {}) {
  const TemporaryFolder folder;
  history.plot(folder / "a.svg", options);
  return Picture(folder / "a.svg");
}

// The lines of data, without grids and axes.
std::vector<XmlElement> lines(const Picture& picture) {
  std::vector<XmlElement> found;
  for (const XmlElement& path : picture.all("path")) {
    if (path.attributes.contains("stroke-linejoin")) found.push_back(path);
  }
  return found;
}

}  // namespace

TEST_CASE("History plots a panel for each score, with its validation dashed") {
  History history;
  append(history, 0, {{"loss", 2.0}, {"accuracy", 0.5}, {"val_loss", 2.5}, {"val_accuracy", 0.4}});
  append(history, 1, {{"loss", 1.0}, {"accuracy", 0.7}, {"val_loss", 1.5}, {"val_accuracy", 0.6}});
  const Picture picture = plotted(history);
  CHECK(picture.text("loss").attributes.at("font-weight") == "bold");
  CHECK(picture.has_text("accuracy"));
  CHECK_FALSE(picture.has_text("val_loss"));
  CHECK(picture.has_text("training"));
  CHECK(picture.has_text("validation"));
  const std::vector<XmlElement> drawn = lines(picture);
  REQUIRE(drawn.size() == 4);
  CHECK_FALSE(drawn[0].attributes.contains("stroke-dasharray"));
  CHECK(drawn[1].attributes.at("stroke-dasharray") == "6 3");
  CHECK(drawn[0].attributes.at("stroke") != drawn[1].attributes.at("stroke"));
  CHECK(picture.description() ==
        "loss: 2 in epoch 1, 1 in epoch 2. val_loss: 2.5 in epoch 1, 1.5 in epoch 2. accuracy: 0.5 in epoch 1, 0.7 in "
        "epoch 2. val_accuracy: 0.4 in epoch 1, 0.6 in epoch 2.");
  CHECK(picture.size() < 5000);
}

TEST_CASE("History plots each value at its place") {
  // 480 x 300 + 10: one panel of 470 x 300 from (10, 0). Its plot is 30 below the top and ends 38 above the bottom:
  // from y = 30 to 262, for the values -0.1 to 2.1. The labels 0.0 to 2.0 (3 characters of 0.63, 0.4 and 0.63 em at 11
  // pixels) are 18.26 wide, so it begins at 10 + 18.26 + 18 = 46.26 and ends 16 before the right edge, at 464.
  const Picture picture = plotted(history_of("loss", {2.0, 1.0, 0.0}));
  REQUIRE(lines(picture).size() == 1);
  CHECK(lines(picture)[0].attributes.at("d") == "M46.3 40.5L255.1 146L464 251.5");
  CHECK(picture.text("2").attributes.at("x") == "255.1");  // the second epoch
  CHECK(picture.text("1.0").attributes.at("y") == "150");  // the baseline is 4 below the middle
  CHECK_FALSE(picture.has_text("training"));               // one kind of line needs no legend
}

TEST_CASE("History counts epochs from 1, and from the first that was trained") {
  History history;
  for (std::int64_t epoch = 5; epoch < 8; ++epoch) append(history, epoch, {{"loss", 1.0}});
  const Picture picture = plotted(history);
  CHECK(picture.has_text("6"));
  CHECK(picture.has_text("8"));
  CHECK_FALSE(picture.has_text("5"));
  CHECK_FALSE(picture.has_text("6.5"));
}

TEST_CASE("History plots the score of a single epoch as a dot") {
  const Picture picture = plotted(history_of("loss", {0.5}));
  REQUIRE(picture.all("circle").size() == 1);
  CHECK(lines(picture).empty());
  CHECK(picture.has_text("1"));
  CHECK_FALSE(picture.has_text("0"));
  CHECK_FALSE(picture.has_text("2"));
  CHECK(picture.description() == "loss: 0.5 in epoch 1.");
}

TEST_CASE("History leaves gaps for NaN and infinity") {
  const Picture picture = plotted(history_of("loss", {3.0, 2.0, nan_value, 2.5, infinity, 1.0, 0.5, -infinity}));
  REQUIRE(lines(picture).size() == 1);
  const std::string commands = lines(picture)[0].attributes.at("d");
  CHECK(std::count(commands.begin(), commands.end(), 'M') == 2);
  CHECK(std::count(commands.begin(), commands.end(), 'L') == 2);
  CHECK(picture.all("circle").size() == 1);  // the value between two gaps
  const Picture without = plotted(history_of("loss", {nan_value, nan_value}));
  CHECK(without.has_text("no values to draw"));
  CHECK(without.description() == "loss: no values.");
}

TEST_CASE("History plots values of any size") {
  for (const std::vector<double>& values : std::vector<std::vector<double>>{
           {0.0, 0.0}, {1e308, -1e308}, {1e300, -1e300}, {5e-324, 0.0}, {1.0, 1.0 + 1e-15}}) {
    const Picture picture = plotted(history_of("loss", values), {.log_scale = {}});
    for (const XmlElement& path : picture.all("path")) {
      CHECK(path.attributes.at("d").find_first_of("nif") == std::string::npos);  // nan, inf
    }
  }
}

TEST_CASE("History plots validation that not every epoch has at its own epochs") {
  History history;
  for (std::int64_t epoch = 0; epoch < 4; ++epoch) {
    if (epoch % 2 == 0) append(history, epoch, {{"loss", 1.0}});
    if (epoch % 2 == 1) append(history, epoch, {{"loss", 1.0}, {"val_loss", 2.0 - 0.5 * static_cast<double>(epoch)}});
  }
  CHECK(history.epoch("val_loss") == std::vector<std::int64_t>{1, 3});
  CHECK(history.epoch("loss") == history.epoch());
  CHECK(plotted(history).description() ==
        "loss: 1 in epoch 1, 1 in epoch 4. val_loss: 1.5 in epoch 2, 0.5 in epoch 4.");
}

TEST_CASE("History plots the learning rate, and other scores on demand, on a logarithmic axis") {
  History history;
  for (int epoch = 0; epoch < 5; ++epoch) {
    append(history, epoch, {{"loss", epoch - 1.0}, {"learning_rate", std::pow(10.0, -epoch)}});
  }
  const Picture picture = plotted(history);
  CHECK(picture.has_text("1e-4"));
  CHECK(picture.has_text("0.01"));
  const Picture both = plotted(history, {.log_scale = {"loss", "learning_rate"}});
  CHECK(both.description() == "loss: 1 in epoch 3, 3 in epoch 5. learning_rate: 1 in epoch 1, 0.0001 in epoch 5.");
}

TEST_CASE("History plots the chosen keys") {
  History history;
  append(history, 0, {{"loss", 1.0}, {"mae", 2.0}, {"val_loss", 3.0}, {"val_mae", 4.0}});
  CHECK(plotted(history, {.keys = "mae"}).description() == "mae: 2 in epoch 1. val_mae: 4 in epoch 1.");
  CHECK(plotted(history, {.keys = {"val_loss", "mae"}}).description() ==
        "mae: 2 in epoch 1. val_mae: 4 in epoch 1. val_loss: 3 in epoch 1.");
}

TEST_CASE("History plots a title, a background, a size and any name") {
  const Picture picture = plotted(history_of("<a & 😀>", {1.0, 2.0}),
                                  {.title = "Run \"3\"", .width = 600, .height = 400, .background = "#222"});
  CHECK(picture.has_text("Run \"3\""));
  CHECK(picture.has_text("<a & 😀>"));
  CHECK(picture.elements()[0].attributes.at("viewBox") == "0 0 600 400");
  CHECK(picture.all("rect").at(0).attributes.at("fill") == "#222222");
  CHECK(plotted(history_of(std::string(500, 'x'), {1.0})).titles() == std::vector<std::string>{std::string(500, 'x')});
}

TEST_CASE("History plots thousands of epochs in a small file") {
  std::vector<double> values(20000, 1.0);
  values[12345] = 7.0;
  const Picture picture = plotted(history_of("loss", values));
  CHECK(picture.size() < 20000);
  CHECK(lines(picture)[0].attributes.at("d").find(" 40.5") != std::string::npos);  // the single peak is there
}

TEST_CASE("History raises for what it cannot plot") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.svg";
  const History history = history_of("loss", {1.0});
  CHECK(message_of<InvalidArgument>([&] { History().plot(path); }) ==
        "plot: the history has no epochs; expected at least one. Train with fit first.");
  CHECK(message_of<InvalidArgument>([&] { history.plot(path, {.keys = {"los"}}); }) ==
        "history \"los\" is unknown; did you mean \"loss\"? Known: loss.");
  CHECK(message_of<InvalidArgument>([&] { history.plot(path, {.log_scale = {"mae"}}); }) ==
        "history \"mae\" is unknown; expected one of the known names. Known: loss.");
  CHECK(message_of<InvalidArgument>([&] { history.plot(path, {.width = 10}); }) ==
        "plot: width is 10; expected 200 to 10000.");
  CHECK(message_of<InvalidArgument>([&] { history.plot(path, {.height = 100}); }) ==
        "plot: height is 100; expected 160 to 10000.");
  CHECK(message_of<FileError>([&] { history.plot("curves.png"); }) ==
        "plot: the file is named \"curves.png\"; expected a name that ends in .svg. Convert the picture with another "
        "program for other formats.");
  CHECK(std::filesystem::is_empty(folder.path()));
}
