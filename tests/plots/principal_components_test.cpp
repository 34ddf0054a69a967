#include "plots/principal_components.hpp"

#include <cmath>

#include "catch.hpp"

using namespace xeras::plots;

namespace {
constexpr double rounding = 1e-7;
}

TEST_CASE("principal_components agrees with numpy") {
  // numpy 2: x -= x.mean(0); u, s, vt = np.linalg.svd(x, full_matrices=False); u * s, with the loading of the largest
  // size made positive; s**2 / sum(s**2).
  const PrincipalComponents result = principal_components({2, 0, 1, 0, 1, 3, 4, -1, 0, 1, 5, 2}, 4, 3);
  const double expected[4][2] = {
      {-1.31030218, -0.29540222}, {1.10407994, -2.03558553}, {-3.38849368, 0.93350424}, {3.59471591, 1.39748351}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t c = 0; c < 2; ++c) CHECK(std::abs(result.places[i][c] - expected[i][c]) < rounding);
  }
  CHECK(std::abs(result.shares[0] - 0.7924567) < rounding);
  CHECK(std::abs(result.shares[1] - 0.20450033) < rounding);
}

TEST_CASE("principal_components of points on axes are their coordinates") {
  // The second column varies most. Where the sign is open, the loading is positive.
  const PrincipalComponents result = principal_components({1, 0, -1, 0, 0, 3, 0, -3}, 4, 2);
  const double expected[4][2] = {{0, 1}, {0, -1}, {3, 0}, {-3, 0}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t c = 0; c < 2; ++c) CHECK(std::abs(result.places[i][c] - expected[i][c]) < rounding);
  }
  CHECK(std::abs(result.shares[0] - 0.9) < rounding);
  CHECK(std::abs(result.shares[1] - 0.1) < rounding);
}

TEST_CASE("principal_components without variance are 0") {
  using Place = std::array<double, 2>;
  CHECK(principal_components({5, 6, 7}, 1, 3).places == std::vector<Place>{{0, 0}});
  CHECK(principal_components({0.1, 0.7, 0.1, 0.7, 0.1, 0.7}, 3, 2).places == std::vector<Place>(3));
  CHECK(principal_components({0, 0, 0, 0}, 2, 2).shares == Place{0, 0});
  const PrincipalComponents line = principal_components({1, 2, 3, 6}, 4, 1);
  CHECK(std::abs(line.places[3][0] - 3.0) < rounding);
  CHECK(line.places[3][1] == 0.0);
  CHECK(std::abs(line.shares[0] - 1.0) < rounding);
  const PrincipalComponents two = principal_components({1, 2, 3, 1.5, 2, 4}, 2, 3);
  CHECK(two.places[0][1] == 0.0);
  CHECK(two.shares[1] == 0.0);
  CHECK(std::abs(two.places[1][0] - std::sqrt(1.25) / 2.0) < rounding);  // half of the distance
}
