#include "models/progress.hpp"

#include <regex>
#include <sstream>

#include "catch.hpp"

using namespace xeras;

namespace {

Scores scores() {
  Scores s(std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"loss", "val_loss"}));
  s.set(0, 0.25);
  s.set(1, 0.5);
  return s;
}

std::string shown(int verbose, bool terminal) {
  std::ostringstream out;
  Progress progress(verbose, 3, out, terminal);
  progress.epoch(1, 10, 3);
  for (int i = 0; i < 3; ++i) progress.batches(1, scores);
  progress.end(scores());
  return out.str();
}

}  // namespace

TEST_CASE("Progress is one plain line an epoch where the output is no terminal") {
  const std::regex plain("Epoch 2/10\n3/3 (━){20} \\d+s \\d+[mu]?s/step - loss: 0\\.2500 - val_loss: 0\\.5000\n");
  CHECK(std::regex_match(shown(1, false), plain));
}

TEST_CASE("Progress draws over itself on a terminal") { CHECK(shown(1, true).find('\r') != std::string::npos); }

TEST_CASE("Progress has no bar at verbose 2, and nothing at 0") {
  CHECK(std::regex_match(shown(2, true), std::regex("Epoch 2/10\n3/3 - \\d+s - \\d+[mu]?s/step - loss: 0.2500 .*\n")));
  CHECK(shown(0, true).empty());
}

TEST_CASE("Progress tells the time that remains as Keras does") {
  CHECK(time_left(0.4) == "0s");
  CHECK(time_left(60.0) == "60s");
  CHECK(time_left(61.9) == "1:01");
  CHECK(time_left(3600.0) == "60:00");
  CHECK(time_left(3723.5) == "1:02:03");
  CHECK(step_time(0.0) == "0s");
  CHECK(step_time(8.5e-4) == "850us");
  CHECK(step_time(0.0124) == "12ms");
  CHECK(step_time(2.6) == "3s");
}

TEST_CASE("Progress shows small scores with an exponent, and the epoch only if there are several") {
  Scores small(std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"loss"}));
  small.set(0, 1e-4);
  std::ostringstream out;
  Progress progress(2, 1, out, false);
  progress.epoch(0, 1, 12);
  progress.batches(1, [&] { return small; });
  progress.end(small);
  CHECK(std::regex_match(out.str(), std::regex(" 1/12 - 0s - \\d+[mu]?s/step - loss: 1.0000e-04\n")));
}

TEST_CASE("Progress counts the batches of a group at once, and divides the time by them") {
  std::ostringstream out;
  Progress progress(2, {}, out, false);
  progress.epoch(0, 1, 5);
  progress.batches(2, scores);
  progress.batches(2, scores);
  progress.batches(1, scores);
  progress.end(scores());
  CHECK(std::regex_match(out.str(), std::regex("5/5 - 0s - \\d+[mu]?s/step - loss: 0.2500 - .*\n")));
}

TEST_CASE("Progress counts on a terminal as long as the number of batches is unknown") {
  std::ostringstream out;
  Progress progress(1, {}, out, true);
  progress.batches(1, scores);
  CHECK(std::regex_match(out.str(), std::regex("\r      1/Unknown 0s \\d+[mu]?s/step - loss: 0.2500 - .*")));
}

TEST_CASE("Progress without a known number of batches knows it at the end") {
  std::ostringstream out;
  Progress progress(1, {}, out, false);
  progress.epoch(0, 2, {});
  for (int i = 0; i < 3; ++i) progress.batches(1, scores);
  progress.end(scores());
  CHECK(std::regex_match(out.str(), std::regex("Epoch 1/2\\n3/3 (━){20} \\d+s \\d+[mu]?s/step - loss: 0.2500 - .*\n")));
}
