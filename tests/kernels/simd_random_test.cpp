#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "kernels/simd.hpp"
#include "xeras/core/random.hpp"

using xeras::RandomStream;
using namespace xeras::kernels;

TEST_CASE("drop drops where RandomStream's uniform is below the rate, from any position on") {
  const RandomStream stream(17);
  for (const Simd* simd : available_simd()) {
    for (const double rate : {0.0, 0.3, 0.5, 1.0}) {
      const auto limit = static_cast<std::uint64_t>(std::ceil(rate * 0x1.0p53));
      for (const std::uint64_t position : {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{1} << 40}) {
        for (std::size_t n = 0; n < 70; ++n) {
          INFO("instruction set " << simd->name << ", rate " << rate << ", " << n << " from " << position);
          const std::vector<float> x(n, 1.5f);
          std::vector<float> y(n), expected(n);
          simd->drop(stream.key(), position, limit, 2.0f, x.data(), y.data(), n);
          for (std::size_t i = 0; i < n; ++i) expected[i] = stream.uniform(position + i) < rate ? 0.0f : 3.0f;
          CHECK(y == expected);
        }
      }
    }
  }
}

TEST_CASE("uniform draws RandomStream's numbers from any position on, and none above the largest") {
  const RandomStream stream(17);
  for (const Simd* simd : available_simd()) {
    for (const std::uint64_t position : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{1} << 40}) {
      for (std::size_t n = 0; n < 70; ++n) {
        INFO("instruction set " << simd->name << ", " << n << " from " << position);
        std::vector<float> y(n + 1, 7.0f);
        simd->uniform(stream.key(), position, -0.5, 2.0, 1.25f, y.data(), n);
        for (std::size_t i = 0; i < n; ++i) {
          const double expected = std::min(-0.5 + 2.0 * stream.uniform(position + i), 1.25);
          if (y[i] != static_cast<float>(expected)) FAIL("number " << i << ": " << y[i] << " and " << expected);
        }
        CHECK(y[n] == 7.0f);
      }
    }
  }
}
