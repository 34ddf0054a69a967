#include "xeras/schedules/piecewise_constant_decay.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using schedules::PiecewiseConstantDecay;

TEST_CASE("PiecewiseConstantDecay keeps a value until its boundary, included") {
  const PiecewiseConstantDecay rate({.boundaries = {2, 4.9}, .values = {1.0, 0.5, 0.25}});
  CHECK(rate(0) == 1.0);
  CHECK(rate(2) == 1.0);
  CHECK(rate(3) == 0.5);
  CHECK(rate(4) == 0.5);
  CHECK(rate(5) == 0.25);  // as in Keras, which rounds the boundary down
  CHECK(rate(std::int64_t{1} << 40) == 0.25);
}

TEST_CASE("PiecewiseConstantDecay refuses lists that do not fit") {
  const auto message = [](schedules::PiecewiseConstantDecayOptions options) {
    return message_of<InvalidArgument>([&] { PiecewiseConstantDecay{options}; });
  };
  CHECK(message({.boundaries = {1, 2}, .values = {0.1, 0.2}}) ==
        "PiecewiseConstantDecay: 2 boundaries and 2 values; expected at least one boundary, and one value more. The "
        "last value holds after the last boundary.");
  CHECK(message({.values = {0.1}}) ==
        "PiecewiseConstantDecay: 0 boundaries and 1 values; expected at least one boundary, and one value more. The "
        "last value holds after the last boundary.");
  CHECK(message({.boundaries = {3, 3}, .values = {0.1, 0.2, 0.3}}) ==
        "PiecewiseConstantDecay: boundaries[1] is 3; expected a larger step than the boundary before it.");
  CHECK(message({.boundaries = {3}, .values = {0.1, std::nan("")}}) ==
        "PiecewiseConstantDecay: values[1] is nan; expected a finite number.");
  CHECK(message({.boundaries = {HUGE_VAL}, .values = {0.1, 0.2}}) ==
        "PiecewiseConstantDecay: boundaries[0] is inf; expected a finite number.");
}
