#include "xeras/metrics/reduction.hpp"

#include <limits>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using Catch::Matchers::WithinAbs;

// Keras 3.15.1.
TEST_CASE("Mean averages values", "[metrics]") {
  Mean mean;
  CHECK(mean.result() == 0.0);
  mean.update_state({1, 3, 5, 7});
  CHECK(mean.result() == 4.0);
  mean.reset_state();
  mean.update_state({1, 3, 5, 7}, {1, 1, 0, 0});
  CHECK(mean.result() == 2.0);
  mean.update_state(8.0);
  CHECK(mean.result() == 4.0);
  CHECK(mean.name() == "mean");
  CHECK(Mean({.name = "epoch"}).get_config().to_string() == R"({"name": "epoch"})");
}

TEST_CASE("Mean counts samples, whatever the number of their values", "[metrics]") {
  Mean mean;
  mean.update_state({{1, 3}, {5, 7}});
  mean.update_state({1, 1});
  CHECK(mean.result() == 2.5);  // (2 + 6 + 1 + 1) / 4
  Mean weighted;
  weighted.update_state({{1, 3}, {5, 7}}, {1, 3});
  weighted.update_state({{1, 3}, {5, 7}}, {{1, 0}, {0, 1}});
  CHECK_THAT(weighted.result(), WithinAbs((2.0 + 18.0 + 0.5 + 3.5) / 5.0, 1e-12));
  Mean column;
  column.update_state({{1, 3}, {5, 7}}, {{1}, {3}});
  CHECK(column.result() == 5.0);
  column.update_state({4, 4}, {{2}, {2}});
  CHECK(column.result() == 4.5);
  column.update_state(Input(std::vector<float>()));
  CHECK(column.result() == 4.5);
}

TEST_CASE("Sum adds values", "[metrics]") {
  Sum sum;
  sum.update_state({{1, 3}, {5, 7}});
  CHECK(sum.result() == 16.0);
  sum.update_state({{1, 3}, {5, 7}}, {1, 0});
  CHECK(sum.result() == 20.0);
  sum.update_state(0.5);
  CHECK(sum.result() == 20.5);
  sum.reset_state();
  CHECK(sum.result() == 0.0);
}

TEST_CASE("Mean and Sum refuse weights that do not fit, and NaN", "[metrics]") {
  CHECK(message_of<InvalidInput>([] {
          Mean().update_state({1, 2, 3}, {1, 2});
        }) ==
        "mean: sample_weight has shape (2,), but the values have (3,); expected their shape or that of their first "
        "axes. Give one weight to each sample.");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(message_of<InvalidInput>([&] {
          Sum().update_state({1.0f, nan});
        }) == "sum: values has nan at row 1; expected finite numbers. Remove or fill it.");
}
