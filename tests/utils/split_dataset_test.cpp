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

namespace {

// Batches of one number, 0 to 9, plus 100 for each epoch.
class Numbers final : public data::Dataset {
 public:
  explicit Numbers(bool tells_size = true) : tells_size_(tells_size) {}
  std::int64_t num_batches() const override { return tells_size_ ? 10 : data::unknown; }
  data::Batch get_batch(std::int64_t index) override {
    ++made;
    if (index >= 10) return {};
    return {std::vector<int>{static_cast<int>(100 * epoch_ + index)}};
  }
  void set_epoch(std::int64_t epoch) override { epoch_ = epoch; }
  int made = 0;

 private:
  bool tells_size_;
  std::int64_t epoch_ = 5;
};

std::vector<float> all_values(data::Dataset& dataset) {
  std::vector<float> all;
  data::for_each(&dataset, [&](const data::Batch& batch) { all.push_back(values(batch.x)[0]); });
  return all;
}

}  // namespace

TEST_CASE("split_dataset makes the batches of a dataset when they are needed, the same ones in each epoch") {
  Numbers numbers;
  auto [left, right] = split_dataset(numbers, {.left_size = 0.7, .right_size = 2});
  CHECK(numbers.made == 0);
  CHECK(all_values(left) == std::vector<float>{0, 1, 2, 3, 4, 5, 6});
  CHECK(all_values(right) == std::vector<float>{8, 9});
  CHECK(numbers.made == 9);
  right.set_epoch(3);
  CHECK(all_values(right) == std::vector<float>{8, 9});
  CHECK(message_of<InvalidArgument>([&r = right] { r.get_batch(2); }) ==
        "split_dataset: batch 2 of a part is asked for; expected 0 to 1.");
}

TEST_CASE("split_dataset shuffles the batches of a dataset by the seed, and the parts share none") {
  auto [left, right] = split_dataset(Numbers(), {.left_size = 6, .shuffle = true, .seed = 1});
  std::vector<float> all = all_values(left);
  CHECK(all != std::vector<float>{0, 1, 2, 3, 4, 5});
  for (const float value : all_values(right)) all.push_back(value);
  std::sort(all.begin(), all.end());
  CHECK(all == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(split_dataset(Numbers(), {.left_size = 6, .shuffle = true, .seed = 1}).first.batches() == left.batches());
}

TEST_CASE("split_dataset holds the batches of generators, and of a dataset of unknown size") {
  int next = 0;
  auto generator = data::from_generator([&]() -> std::optional<data::Batch> {
    if (next == 5) return {};
    return data::Batch{std::vector<int>{next++}};
  });
  auto [left, right] = split_dataset(generator, {.right_size = 0.4});
  CHECK(next == 5);
  for (int pass = 0; pass < 2; ++pass) {
    CHECK(all_values(left) == std::vector<float>{0, 1, 2});
    CHECK(all_values(right) == std::vector<float>{3, 4});
  }
  Numbers unknown(false);
  auto [first, rest] = split_dataset(&unknown, {.left_size = 1});
  CHECK(all_values(first) == std::vector<float>{0});
  CHECK(all_values(rest).size() == 9);
}

TEST_CASE("split_dataset refuses sizes that leave no batch in a part") {
  Numbers numbers;
  CHECK(message_of<InvalidArgument>([&] { split_dataset(numbers, {.left_size = 10}); }) ==
        "split_dataset: left_size is 10 of 10 batches; expected 1 to 9, or a fraction in (0, 1) such as 0.8.");
  CHECK(message_of<InvalidArgument>([&] { split_dataset(numbers, {}); }) ==
        "split_dataset: left_size and right_size are missing; expected at least one. 0.8 puts eight tenths of the "
        "batches to the left.");
  CHECK(message_of<InvalidArgument>([&] { split_dataset(std::shared_ptr<Numbers>(), {.left_size = 1}); }) ==
        "split_dataset: the dataset is null; expected a dataset. Give an object, or a pointer to one.");
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
