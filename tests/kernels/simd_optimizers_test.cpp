#include "kernels/simd.hpp"

#include <vector>

#include "catch.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"
#include "support/simd_tables.hpp"

using namespace xeras::kernels;
using namespace xeras::testing;

TEST_CASE("sgd agrees with the formula") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      std::vector<float> w = random_floats(n, 1.0f, 2.0f, 1), expected = w;
      const std::vector<float> g = random_floats(n, -1.0f, 1.0f, 2);
      table.sgd(w.data(), g.data(), n, 0.01f);
      reference::sgd(expected.data(), g.data(), n, 0.01f);
      CHECK(largest_distance(w, expected) <= one_rounding);
    }
  });
}

TEST_CASE("sgd_momentum agrees with the formula, plain and nesterov") {
  for_each_table([](const Simd& table) {
    for (bool nesterov : {false, true}) {
      for (std::size_t n : lengths()) {
        std::vector<float> w = random_floats(n, 1.0f, 2.0f, 1), expected_w = w;
        std::vector<float> v = random_floats(n, 0.5f, 1.0f, 2), expected_v = v;
        const std::vector<float> g = random_floats(n, -1.0f, 1.0f, 3);
        table.sgd_momentum(w.data(), v.data(), g.data(), n, 0.01f, 0.9f, nesterov);
        reference::sgd_momentum(expected_w.data(), expected_v.data(), g.data(), n, 0.01f, 0.9f, nesterov);
        CHECK(largest_distance(w, expected_w) <= few_roundings);
        CHECK(largest_distance(v, expected_v) <= few_roundings);
      }
    }
  });
}

TEST_CASE("rmsprop agrees with the formula") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      std::vector<float> w = random_floats(n, 1.0f, 2.0f, 1), expected_w = w;
      std::vector<float> v = random_floats(n, 0.0f, 1.0f, 2), expected_v = v;
      const std::vector<float> g = random_floats(n, -1.0f, 1.0f, 3);
      table.rmsprop(w.data(), v.data(), g.data(), n, 0.01f, 0.9f, 1e-7f);
      reference::rmsprop(expected_w.data(), expected_v.data(), g.data(), n, 0.01f, 0.9f, 1e-7f);
      CHECK(largest_distance(w, expected_w) <= few_roundings);
      CHECK(largest_distance(v, expected_v) <= few_roundings);
    }
  });
}

TEST_CASE("rmsprop has epsilon inside the square root") {
  for_each_table([](const Simd& table) {
    float w = 1.0f, v = 0.0f;
    const float g = 1.0f;
    // v = 0.25, so that w = 1 - 0.5 / sqrt(0.25 + 0.75) = 0.5.
    table.rmsprop(&w, &v, &g, 1, 0.5f, 0.75f, 0.75f);
    CHECK(v == 0.25f);
    CHECK(w == 0.5f);
  });
}

TEST_CASE("adam agrees with the formula") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      std::vector<float> w = random_floats(n, 1.0f, 2.0f, 1), expected_w = w;
      std::vector<float> m = random_floats(n, 0.5f, 1.0f, 2), expected_m = m;
      std::vector<float> v = random_floats(n, 0.1f, 1.0f, 3), expected_v = v;
      const std::vector<float> g = random_floats(n, -1.0f, 1.0f, 4);
      table.adam(w.data(), m.data(), v.data(), g.data(), n, 0.01f, 0.1f, 0.001f, 1e-7f);
      reference::adam(expected_w.data(), expected_m.data(), expected_v.data(), g.data(), n, 0.01f, 0.1f, 0.001f, 1e-7f);
      CHECK(largest_distance(w, expected_w) <= few_roundings);
      CHECK(largest_distance(m, expected_m) <= few_roundings);
      CHECK(largest_distance(v, expected_v) <= few_roundings);
    }
  });
}

TEST_CASE("adam has epsilon outside the square root") {
  for_each_table([](const Simd& table) {
    float w = 1.0f, m = 0.0f, v = 0.0f;
    const float g = 1.0f;
    // m = 0.5 and v = 0.25, so that w = 1 - 1 * 0.5 / (0.5 + 0.5) = 0.5.
    table.adam(&w, &m, &v, &g, 1, 1.0f, 0.5f, 0.25f, 0.5f);
    CHECK(m == 0.5f);
    CHECK(v == 0.25f);
    CHECK(w == 0.5f);
  });
}

TEST_CASE("sgd, sgd_momentum, rmsprop and adam give an element the same bits wherever it lies") {
  for_each_table([](const Simd& table) {
    const std::vector<float> g = random_floats(100, -1.0f, 1.0f, 1), start = random_floats(100, 0.1f, 1.0f, 2);
    check_parts([&](std::size_t offset, std::size_t n) {
      std::vector<float> w = start;
      table.sgd(w.data() + offset, g.data() + offset, n, 0.01f);
      return Arrays{w};
    });
    for (bool nesterov : {false, true}) {
      check_parts([&](std::size_t offset, std::size_t n) {
        std::vector<float> w = start, v = start;
        table.sgd_momentum(w.data() + offset, v.data() + offset, g.data() + offset, n, 0.01f, 0.9f, nesterov);
        return Arrays{w, v};
      });
    }
    check_parts([&](std::size_t offset, std::size_t n) {
      std::vector<float> w = start, v = start;
      table.rmsprop(w.data() + offset, v.data() + offset, g.data() + offset, n, 0.01f, 0.9f, 1e-7f);
      return Arrays{w, v};
    });
    check_parts([&](std::size_t offset, std::size_t n) {
      std::vector<float> w = start, m = start, v = start;
      table.adam(w.data() + offset, m.data() + offset, v.data() + offset, g.data() + offset, n, 0.01f, 0.1f, 0.001f,
                 1e-7f);
      return Arrays{w, m, v};
    });
  });
}
