#include "models/array_batches.hpp"

#include <algorithm>
#include <numeric>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

namespace {

const Spec open_batch{.shape = {None, 1}, .dtype = DType::float32, .masked = false};
const xt::xtensor<float, 2> five{{0}, {1}, {2}, {3}, {4}};

// The samples of each batch of one epoch.
std::vector<std::vector<std::int64_t>> epoch_of(Batches& batches, std::uint64_t seed = 0) {
  batches.begin_epoch(0, seed);
  std::vector<std::vector<std::int64_t>> epoch;
  while (const std::optional<Batch> batch = batches.next()) {
    std::vector<std::int64_t>& samples = epoch.emplace_back();
    for (std::int64_t i = 0; i < batch->rows.count; ++i) samples.push_back(batch->rows.sample(i));
  }
  return epoch;
}

}  // namespace

TEST_CASE("ArrayBatches brings all samples in their order, the last batch being smaller, in each epoch") {
  ArrayBatches batches("fit", open_batch, {five}, {.batch_size = 2});
  CHECK(batches.size() == 3);
  for (int epoch = 0; epoch < 2; ++epoch) {
    CHECK(epoch_of(batches) == std::vector<std::vector<std::int64_t>>{{0, 1}, {2, 3}, {4}});
  }
}

TEST_CASE("ArrayBatches with shuffle brings each sample once, in an order that depends on the epoch's seed alone") {
  ArrayBatches batches("fit", open_batch, {five}, {.batch_size = 5, .shuffle = true});
  const std::vector<std::int64_t> first = epoch_of(batches, 1).at(0), second = epoch_of(batches, 2).at(0);
  CHECK(first != second);
  CHECK(epoch_of(batches, 1).at(0) == first);
  CHECK(std::is_permutation(first.begin(), first.end(), std::vector<std::int64_t>{0, 1, 2, 3, 4}.begin()));
}

TEST_CASE("ArrayBatches with bucket_by_length puts sequences of similar length together") {
  const xt::xtensor<int, 2> ids{{1, 0, 0}, {1, 1, 1}, {1, 0, 0}, {1, 1, 1}};
  const Spec spec{.shape = {None, None}, .dtype = DType::int32, .masked = false};
  ArrayBatches batches("fit", spec, {ids}, {.batch_size = 2, .shuffle = true, .bucket_by_length = true});
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    for (const std::vector<std::int64_t>& batch : epoch_of(batches, seed)) CHECK((batch[0] - batch[1]) % 2 == 0);
  }
}

TEST_CASE("ArrayBatches takes the batch that a model was built with, and refuses other samples") {
  const Spec spec{.shape = {Dim(5), 1}, .dtype = DType::float32, .masked = false};
  CHECK(ArrayBatches("fit", spec, {five}, {.batch_size = 2}).size() == 1);
  CHECK(message_of<InvalidInput>([&] { ArrayBatches("fit", spec, {Input(five).samples(0, 3)}, {.batch_size = 2}); }) ==
        "fit: x has 3 samples; expected a multiple of 5, the batch that the model was built with. Leave the last ones "
        "out.");
}

TEST_CASE("ArrayBatches of no samples has no batches") {
  ArrayBatches batches("predict", open_batch, {Input(five).samples(0, 0)}, {.batch_size = 2});
  CHECK(batches.size() == 0);
  CHECK(epoch_of(batches).empty());
}
