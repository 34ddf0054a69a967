#include "kernels/simd.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"
#include "xeras/core/random.hpp"

using namespace xeras;
using namespace xeras::kernels;
using xeras::testing::random_floats;

namespace {

constexpr double few_roundings = 1e-6;  // of numbers near 1

double largest_distance(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  return largest;
}

}  // namespace

TEST_CASE("rmsprop_catch_up is rmsprop after updates without gradient") {
  for (const Simd* table : available_simd()) {
    CAPTURE(table->name);
    for (const std::size_t n : {0, 1, 3, 16, 50, 77}) {
      std::vector<float> w = random_floats(n, 1.0, 2.0, 1), expected_w = w;
      std::vector<float> v = random_floats(n, 0.1, 1.0, 2), expected_v = v;
      const std::vector<float> g = random_floats(n, -1.0, 1.0, 3);
      table->rmsprop_catch_up(w.data(), v.data(), g.data(), n, 0.01f, 0.5f * 0.5f * 0.5f, 0.5f, 1e-7f);
      reference::scale(0.5f * 0.5f, expected_v.data(), n);
      reference::rmsprop(expected_w.data(), expected_v.data(), g.data(), n, 0.01f, 0.5f, 1e-7f);
      CHECK(largest_distance(w, expected_w) < few_roundings);
      CHECK(largest_distance(v, expected_v) < few_roundings);
    }
  }
}

TEST_CASE("adam_catch_up agrees with the formula") {
  const float c[] = {0.5f, -0.25f, 0.125f, 2.0f};
  for (const Simd* table : available_simd()) {
    CAPTURE(table->name);
    for (const std::size_t n : {0, 1, 3, 16, 50, 77}) {
      for (const std::size_t terms : {1, 4}) {
        std::vector<float> w = random_floats(n, 1.0, 2.0, 1), expected_w = w;
        std::vector<float> m = random_floats(n, -0.5, 0.5, 2), expected_m = m;
        std::vector<float> v = random_floats(n, 0.0, 1.0, 3), expected_v = v;
        table->adam_catch_up(w.data(), m.data(), v.data(), n, c, terms, 0.5f, 0.75f, 0.1f);
        reference::adam_catch_up(expected_w.data(), expected_m.data(), expected_v.data(), n, c, terms, 0.5f, 0.75f,
                                 0.1f);
        CHECK(largest_distance(w, expected_w) < few_roundings);
        CHECK(m == expected_m);
        CHECK(v == expected_v);
      }
    }
  }
}

TEST_CASE("adam_catch_up gives an element the same bits wherever it lies") {
  const float c[] = {0.5f, -0.25f, 0.125f};
  const std::vector<float> start = random_floats(100, 0.1, 1.0, 1);
  for (const Simd* table : available_simd()) {
    CAPTURE(table->name);
    std::vector<float> w = start, m = start, v = start;
    table->adam_catch_up(w.data(), m.data(), v.data(), w.size(), c, 3, 0.5f, 0.75f, 0.1f);
    std::vector<float> parts_w = start, parts_m = start, parts_v = start;
    for (std::size_t at = 0, n = 1; at < start.size(); at += n, n = std::min(n + 6, start.size() - at)) {
      table->adam_catch_up(parts_w.data() + at, parts_m.data() + at, parts_v.data() + at, n, c, 3, 0.5f, 0.75f, 0.1f);
    }
    CHECK(w == parts_w);
    CHECK(m == parts_m);
    CHECK(v == parts_v);
  }
}
