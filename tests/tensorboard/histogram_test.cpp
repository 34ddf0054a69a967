#include "tensorboard/histogram.hpp"

#include <limits>
#include <vector>

#include "catch.hpp"

using namespace xeras::tensorboard;

TEST_CASE("histogram_of counts in thirty buckets of equal width, the last with its right edge") {
  std::vector<float> values;
  for (int i = 0; i <= 30; ++i) values.push_back(static_cast<float>(i));
  const Histogram buckets = histogram_of(values);
  for (std::size_t b = 0; b < buckets.size(); ++b) {
    CHECK(buckets[b].left == static_cast<double>(b));
    CHECK(buckets[b].right == static_cast<double>(b + 1));
    CHECK(buckets[b].count == (b == 29 ? 2.0 : 1.0));
  }
}

TEST_CASE("histogram_of puts equal values into the last bucket") {
  const Histogram buckets = histogram_of(std::vector<float>{2.5f, 2.5f});
  CHECK(buckets.front().left == 2.5);
  CHECK(buckets.front().count == 0.0);
  CHECK(buckets.back().right == 2.5);
  CHECK(buckets.back().count == 2.0);
}

TEST_CASE("histogram_of leaves out NaN and infinite values") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const Histogram buckets = histogram_of(std::vector<float>{0.0f, std::nanf(""), infinity, -infinity, 30.0f});
  CHECK(buckets.front().count == 1.0);
  CHECK(buckets.back().count == 1.0);
  CHECK(buckets.back().right == 30.0);
  for (const std::vector<float>& none : {std::vector<float>{}, std::vector<float>{infinity}}) {
    for (const Bucket& bucket : histogram_of(none)) {
      CHECK(bucket.left == 0.0);
      CHECK(bucket.right == 0.0);
      CHECK(bucket.count == 0.0);
    }
  }
}
