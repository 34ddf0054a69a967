#include "xeras/utils/timeseries_dataset_from_array.hpp"

#include <set>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using utils::timeseries_dataset_from_array;

namespace {

std::vector<int> series(int steps) {
  std::vector<int> values;
  for (int i = 0; i < steps; ++i) values.push_back(i);
  return values;
}

std::vector<std::vector<float>> windows_of(const DatasetArgument& dataset) {
  std::vector<std::vector<float>> windows;
  data::for_each(dataset, [&](const data::Batch& batch) {
    const Tensor x = batch.x.to_tensor();
    const std::size_t width = x.shape()[1];
    for (std::size_t i = 0; i < x.shape()[0]; ++i)
      windows.emplace_back(x.data() + i * width, x.data() + (i + 1) * width);
  });
  return windows;
}

}  // namespace

TEST_CASE("Windows of a series are those of Keras's documentation") {
  const std::vector<int> data = series(99);
  const auto windows = windows_of(
      timeseries_dataset_from_array(data, {}, 10, {.sequence_stride = 3, .sampling_rate = 2, .batch_size = 7}));
  REQUIRE(windows.size() == 27);
  CHECK(windows[0] == std::vector<float>{0, 2, 4, 6, 8, 10, 12, 14, 16, 18});
  CHECK(windows[1] == std::vector<float>{3, 5, 7, 9, 11, 13, 15, 17, 19, 21});
  CHECK(windows.back() == std::vector<float>{78, 80, 82, 84, 86, 88, 90, 92, 94, 96});
}

TEST_CASE("Targets are those at the first step of each window") {
  const std::vector<int> data = series(20);
  const std::vector<int> past(data.begin(), data.end() - 10), future(data.begin() + 10, data.end());
  auto dataset = timeseries_dataset_from_array(past, future, 4, {.batch_size = 3});
  CHECK(dataset.num_batches() == 3);  // 7 windows
  const data::Batch last = dataset.get_batch(2);
  CHECK((last.x.to_tensor() == Tensor({{6, 7, 8, 9}})));
  CHECK(last.y.to_tensor()(0) == 16);
  CHECK(last.x.kind() == Input::Kind::i32);
  // Fewer targets than windows.
  CHECK(windows_of(timeseries_dataset_from_array(data, Input{1, 2, 3}, 4)).size() == 3);
}

TEST_CASE("start_index and end_index cut the series; a step may have features") {
  const std::vector<int> data = series(20);
  const auto windows = windows_of(timeseries_dataset_from_array(data, {}, 3, {.start_index = 5, .end_index = 9}));
  CHECK(windows == std::vector<std::vector<float>>{{5, 6, 7}, {6, 7, 8}});
  auto dataset = timeseries_dataset_from_array(data, data, 3, {.start_index = 5, .end_index = 9});
  CHECK(dataset.get_batch(0).y.to_tensor()(1) == 6);
  xt::xarray<double> matrix = {{0, 1}, {2, 3}, {4, 5}};
  const Tensor x = timeseries_dataset_from_array(matrix, {}, 2).get_batch(0).x.to_tensor();
  CHECK((x == xt::xtensor<float, 3>{{{0, 1}, {2, 3}}, {{2, 3}, {4, 5}}}));
}

TEST_CASE("shuffle gives each epoch an order of its own, by the seed") {
  const std::vector<int> data = series(50);
  auto dataset = timeseries_dataset_from_array(data, data, 2, {.batch_size = 100, .shuffle = true, .seed = 1});
  CHECK_FALSE(dataset.may_shuffle());
  const auto first_steps = [&](std::int64_t epoch) {
    dataset.set_epoch(epoch);
    const Tensor y = dataset.get_batch(0).y.to_tensor();
    return std::vector<float>(y.begin(), y.end());
  };
  CHECK(first_steps(0) != first_steps(1));
  CHECK(first_steps(0) == first_steps(0));
  const std::vector<float> all = first_steps(2);
  CHECK(std::set<float>(all.begin(), all.end()).size() == 49);
}

TEST_CASE("Options outside of the series raise") {
  const std::vector<int> data = series(10);
  const auto message = [&](std::int64_t length, utils::TimeseriesOptions options) {
    return message_of<InvalidArgument>([&] { timeseries_dataset_from_array(data, {}, length, options); });
  };
  CHECK(message(0, {}) == "timeseries_dataset_from_array: sequence_length is 0; expected a positive integer.");
  CHECK(message(2, {.sequence_stride = 10}) ==
        "timeseries_dataset_from_array: sequence_stride is 10; expected 1 to 9, less than the 10 steps of data.");
  CHECK(message(2, {.sampling_rate = 0}) ==
        "timeseries_dataset_from_array: sampling_rate is 0; expected 1 to 9, less than the 10 steps of data.");
  CHECK(message(2, {.batch_size = 0}) ==
        "timeseries_dataset_from_array: batch_size is 0; expected a positive integer.");
  CHECK(message(2, {.start_index = 10}) ==
        "timeseries_dataset_from_array: start_index is 10; expected 0 to 9, a step of data.");
  CHECK(
      message(2, {.start_index = 4, .end_index = 4}) ==
      "timeseries_dataset_from_array: end_index is 4; expected more than start_index, 4, and less than the 10 steps of "
      "data.");
  CHECK(message(2, {.end_index = 10}) ==
        "timeseries_dataset_from_array: end_index is 10; expected more than start_index, 0, and less than the 10 steps "
        "of data.");
  CHECK(
      message_of<InvalidInput>([&] { timeseries_dataset_from_array(data, {}, 11); }) ==
      "timeseries_dataset_from_array: no window of 11 steps at a sampling_rate of 1 fits into the 10 steps of data in "
      "use; expected at least one. Use shorter windows or more data.");
  CHECK(message_of<InvalidInput>([&] {
          timeseries_dataset_from_array(data, Input{1, 2, 3}, 2, {.start_index = 4});
        }) ==
        "timeseries_dataset_from_array: 3 targets for a window that begins at step 6; expected one for each step that "
        "begins a window. Pass more targets, or an end_index.");
  CHECK(message_of<InvalidArgument>([&] { timeseries_dataset_from_array(data, {}, 2).get_batch(1); }) ==
        "timeseries_dataset_from_array: the batch is 1; expected 0 to 0.");
}
