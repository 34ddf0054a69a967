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
