// Files that releases of Keras from 2.12 to 3.15 have written: golden/make_release_files.py makes them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "catch.hpp"
#include "support/release.hpp"

using xeras::testing::play_release;
using xeras::testing::ReleaseOutcome;

namespace {

std::string lines(const std::vector<std::string>& messages) { return fmt::format("{}", fmt::join(messages, "\n")); }

}  // namespace

TEST_CASE("Files of every release of Keras predict, evaluate and train as that release does") {
  const std::string release = GENERATE(from_range(xeras::testing::releases()));
  const ReleaseOutcome outcome = play_release(release);
  INFO(release << "\n" << lines(outcome.wrong));
  CHECK(outcome.wrong.empty());
  CHECK(outcome.largest.at("outputs") < 1e-6);
}

TEST_CASE("Files of every release of Keras load") {
  for (const std::string& release : xeras::testing::releases()) {
    const ReleaseOutcome outcome = play_release(release);
    INFO(release << ": " << outcome.loaded << " of " << outcome.files << "\n" << lines(outcome.refused));
    CHECK(outcome.refused.empty());
    CHECK(outcome.loaded > 10);
  }
}
