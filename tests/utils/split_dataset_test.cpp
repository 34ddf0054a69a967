#include "xeras/utils/split_dataset.hpp"

#include <algorithm>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using utils::split_dataset;

namespace {

const std::vector<int> x{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

std::vector<float> values(const Input& input) {
  const Tensor tensor = input.to_tensor();
  return {tensor.begin(), tensor.end()};
}

}  // namespace

TEST_CASE("split_dataset gives the first and the last samples, as fractions or counts") {
  const auto sizes = [](const std::vector<int>& data, utils::SplitDatasetOptions options) {
    const auto [left, right] = split_dataset(data, options);
    return std::pair(left.x.length(), right.x.length());
  };
  using Sizes = std::pair<std::int64_t, std::int64_t>;
  CHECK(sizes(x, {.left_size = 0.8}) == Sizes{8, 2});
  CHECK(sizes(x, {.left_size = 3}) == Sizes{3, 7});
  CHECK(sizes(x, {.right_size = 0.3f}) == Sizes{7, 3});
  CHECK(sizes(x, {.left_size = 2, .right_size = 0.5}) == Sizes{2, 5});
  CHECK(sizes(std::vector<int>(5), {.left_size = 0.5}) == Sizes{2, 3});  // 2.5 rounds to even
  const auto [left, right] = split_dataset(x, {.left_size = 2, .right_size = 3});
  CHECK(values(left.x) == std::vector<float>{0, 1});
  CHECK(values(right.x) == std::vector<float>{7, 8, 9});
  CHECK(left.x.kind() == Input::Kind::i32);
  CHECK_FALSE(left.y);
}

TEST_CASE("split_dataset shuffles x and y alike, by the seed") {
  const auto split = [](std::uint64_t seed) {
    return split_dataset(x, x, {.left_size = 0.7, .shuffle = true, .seed = seed}).first;
  };
  const data::Batch left = split(1);
  CHECK(values(left.x) == values(left.y));
  CHECK(values(left.x) == values(split(1).x));
  CHECK(values(left.x) != values(split(2).x));
  const auto [one, other] = split_dataset(Input{"a", "b", "c"}, {.left_size = 1, .shuffle = true, .seed = 3});
  CHECK((one.x.is_text() && other.x.length() == 2));
}

TEST_CASE("split_dataset refuses parts that are empty or too large") {
  const auto message = [](utils::SplitDatasetOptions options) {
    return message_of<InvalidArgument>([&] { split_dataset(x, options); });
  };
  CHECK(message({}) ==
        "split_dataset: left_size and right_size are missing; expected at least one. 0.8 puts eight tenths of the "
        "samples to the left.");
  CHECK(message({.left_size = 10}) ==
        "split_dataset: left_size is 10 of 10 samples; expected 1 to 9, or a fraction in (0, 1) such as 0.8.");
  CHECK(message({.right_size = 1.0}) ==
        "split_dataset: right_size is 1; expected a fraction in (0, 1), or a whole number of samples.");
  CHECK(
      message({.left_size = 0.01}) ==
      "split_dataset: 0 samples to the left and 10 to the right of 10; expected at least one in each, and no more than "
      "there are. Pass other sizes or more samples.");
  CHECK(
      message({.left_size = 0.8, .right_size = 0.4}) ==
      "split_dataset: 8 samples to the left and 4 to the right of 10; expected at least one in each, and no more than "
      "there are. Pass other sizes or more samples.");
  CHECK(message_of<InvalidInput>([] {
          split_dataset(x, {1, 2}, {.left_size = 0.5});
        }) == "split_dataset: x has 10 samples and y has 2; expected equal numbers. Check how the data was assembled.");
}
