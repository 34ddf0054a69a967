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
  progress.epoch(1, 10);
  for (int i = 0; i < 3; ++i) progress.batch(scores);
  progress.end(scores());
  return out.str();
}

}  // namespace

TEST_CASE("Progress is one plain line an epoch where the output is no terminal") {
  const std::regex plain("Epoch 2/10\n3/3 (━){20} \\d+\\.\\ds \\d+us/step - loss: 0\\.2500 - val_loss: 0\\.5000\n");
  CHECK(std::regex_match(shown(1, false), plain));
}

TEST_CASE("Progress draws over itself on a terminal") { CHECK(shown(1, true).find('\r') != std::string::npos); }

TEST_CASE("Progress has no bar at verbose 2, and nothing at 0") {
  CHECK(std::regex_match(shown(2, true), std::regex("Epoch 2/10\n3/3 \\d+\\.\\ds .* - loss: .*\n")));
  CHECK(shown(0, true).empty());
}

TEST_CASE("Progress without a known number of batches counts them") {
  std::ostringstream out;
  Progress progress(1, {}, out, false);
  progress.epoch(0, 2);
  for (int i = 0; i < 3; ++i) progress.batch(scores);
  progress.end(scores());
  CHECK(std::regex_match(out.str(), std::regex("Epoch 1/2\\n3/Unknown \\d+\\.\\ds \\d+us/step - loss: 0.2500 - .*\n")));
}
