#include "layers/regularization/noise.hpp"

#include "catch.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("shared_draws are the axes of 1 in a noise shape") {
  CHECK(shared_draws(Shape{None, 1, 4}) == AxisSet("010"));
  CHECK(shared_draws(Shape{}).none());
}

TEST_CASE("for_each_draw numbers the draws by position") {
  const auto draws = [](const AxisSet& shared) {
    std::vector<std::int64_t> numbers;
    for_each_draw(Extents{2, 2, 2}, shared, 1, [&](std::int64_t, std::int64_t draw) { numbers.push_back(draw); });
    return numbers;
  };
  CHECK(draws({}) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(draws(AxisSet("010")) == std::vector<std::int64_t>{0, 1, 0, 1, 2, 3, 2, 3});
  CHECK(draws(AxisSet("001")) == std::vector<std::int64_t>{0, 1, 2, 3, 0, 1, 2, 3});
}
