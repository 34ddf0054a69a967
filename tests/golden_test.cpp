#include "support/golden.hpp"

#include <cstdio>

#include "catch.hpp"

using namespace xeras::testing;

namespace {

const std::vector<std::string> files{"core",        "activation", "recurrent", "bidirectional", "time_distributed",
                                     "convolution", "pooling",    "reshaping", "normalization", "regularization",
                                     "models"};

}  // namespace

TEST_CASE("Layers and models give the numbers of Keras") {
  const std::string file = GENERATE(from_range(files));
  const GoldenOutcome outcome = play_golden_file(file);
  CHECK(outcome.cases > 0);
  for (const std::string& failure : outcome.failures) FAIL_CHECK(file << ".json: " << failure);
}

// Prints how near the library is: xeras_tests "[.figures]".
TEST_CASE("Largest differences from Keras", "[.figures]") {
  for (const std::string& file : files) {
    const GoldenOutcome outcome = play_golden_file(file);
    std::printf("%s.json (%s): %zu cases, %zu failures\n", file.c_str(), outcome.made_with.c_str(), outcome.cases,
                outcome.failures.size());
    for (const auto& [kind, largest] : outcome.largest) {
      std::printf("  %-18s %.1e (at most %.0e)\n", kind.c_str(), largest, golden_tolerance(kind));
    }
  }
}
