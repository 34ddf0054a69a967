#include "layers/core/log_uniform_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "catch.hpp"

using xeras::RandomStream;
using xeras::layers::LogUniformSampler;

namespace {

std::int64_t draw(std::int64_t classes, std::uint64_t key, std::vector<std::int32_t>& to) {
  std::vector<std::int32_t> set(LogUniformSampler::room(to.size()));
  return LogUniformSampler(classes).draw(RandomStream(key), to, set.data());
}

}  // namespace

TEST_CASE("LogUniformSampler draws distinct classes, all of them if it must") {
  std::vector<std::int32_t> ids(99);
  CHECK(draw(100, 1, ids) > 99);
  CHECK(std::set(ids.begin(), ids.end()).size() == 99);
  CHECK(*std::min_element(ids.begin(), ids.end()) == 0);
  CHECK(*std::max_element(ids.begin(), ids.end()) <= 99);
  std::vector<std::int32_t> one(1);
  CHECK(draw(2, 5, one) == 1);
}

TEST_CASE("LogUniformSampler expects a class of one draw with the probability of Zipf's law") {
  const LogUniformSampler sampler(4);
  // P(0) = log(2) / log(5), P(3) = log(5 / 4) / log(5)
  CHECK(std::abs(sampler.log_expected(0, 1) - std::log(0.430677)) < 1e-5);
  CHECK(std::abs(sampler.log_expected(3, 1) - std::log(0.138647)) < 1e-5);
  // 1 - (1 - P(3))^10
  CHECK(std::abs(sampler.log_expected(3, 10) - std::log(0.775192)) < 1e-5);
}

TEST_CASE("LogUniformSampler draws classes as often as it expects") {
  constexpr std::int64_t classes = 50, rounds = 20000;
  const LogUniformSampler sampler(classes);
  std::vector<double> drawn(classes), expected(classes);
  std::vector<std::int32_t> ids(8);
  for (std::int64_t round = 0; round < rounds; ++round) {
    const std::int64_t draws = draw(classes, static_cast<std::uint64_t>(round), ids);
    for (const std::int32_t id : ids) ++drawn[static_cast<std::size_t>(id)];
    for (std::int32_t id = 0; id < classes; ++id) {
      expected[static_cast<std::size_t>(id)] += std::exp(sampler.log_expected(id, draws));
    }
  }
  for (const std::size_t id : {0u, 1u, 5u, 49u}) {
    INFO(id);
    // The number of draws is not independent of what is drawn, which makes the expected counts estimates.
    CHECK(std::abs(drawn[id] / expected[id] - 1.0) < 0.1);
  }
}
