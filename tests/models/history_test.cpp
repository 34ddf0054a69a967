#include "xeras/models/history.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

namespace {
Scores::Names names(std::vector<std::string> list) {
  return std::make_shared<const std::vector<std::string>>(std::move(list));
}
}  // namespace

TEST_CASE("Scores are read by name, and an unknown name lists the known ones") {
  Scores scores(names({"loss", "accuracy"}));
  scores.set(1, 0.5);
  CHECK(scores["accuracy"] == 0.5);
  CHECK(scores.contains("loss"));
  CHECK(message_of<InvalidArgument>([&] { (void)scores["acuracy"]; }) ==
        "score \"acuracy\" is unknown; did you mean \"accuracy\"? Known: accuracy, loss.");
}

TEST_CASE("Scores hold any number of metrics") {
  std::vector<std::string> many;
  for (int i = 0; i < 20; ++i) many.push_back("m" + std::to_string(i));
  Scores scores(names(many));
  for (std::size_t i = 0; i < 20; ++i) scores.set(i, static_cast<double>(i));
  CHECK(scores["m7"] == 7.0);
  CHECK(scores["m19"] == 19.0);
  CHECK(scores.with(scores, "val_")["val_m19"] == 19.0);
}

TEST_CASE("Scores take further names") {
  Scores scores;
  for (int i = 0; i < 12; ++i) scores.set("s" + std::to_string(i), i);
  scores.set("s3", 0.5);
  CHECK(scores.size() == 12);
  CHECK(scores["s3"] == 0.5);
  CHECK(scores["s11"] == 11.0);
}

TEST_CASE("History keeps a curve for each score") {
  Scores scores(names({"loss"}));
  History history;
  scores.set(0, 3.0);
  history.append(0, scores);
  scores.set(0, 2.0);
  history.append(1, scores);
  CHECK(history["loss"] == std::vector<double>{3.0, 2.0});
  CHECK(history.epoch() == std::vector<std::int64_t>{0, 1});
  CHECK(message_of<InvalidArgument>([&] { (void)history["val_loss"]; }) ==
        "history \"val_loss\" is unknown; expected one of the known names. Known: loss.");
}
