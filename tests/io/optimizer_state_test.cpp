#include "io/optimizer_state.hpp"

#include <fstream>

#include "catch.hpp"
#include "io/hdf5_writer.hpp"
#include "support/messages.hpp"
#include "support/own_optimizers.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::TemporaryFolder;

namespace {

const xt::xtensor<float, 2> x{{1, 2}, {3, 4}}, y{{1}, {0}};

Sequential trained(OptimizerArgument optimizer) {
  set_random_seed(1);
  Sequential model{Dense(1, {.input_shape = {2}})};
  model.compile(std::move(optimizer), "mse");
  model.train_on_batch(x, y);
  return model;
}

std::vector<float> numbers_of(Sequential& model) {
  std::vector<float> numbers{static_cast<float>(model.optimizer().learning_rate())};
  const std::optional<io::OptimizerFile> state = io::optimizer_file(model);
  numbers.push_back(static_cast<float>(state->steps));
  for (const auto& array : state->arrays)
    numbers.insert(numbers.end(), array.values, array.values + array.extents.size());
  return numbers;
}

// Reads a file with these arrays behind the number of steps and the rate.
void read(Sequential& model, std::int64_t steps, float rate, const std::vector<Extents>& arrays,
          io::StateOrder order = io::StateOrder::keras3) {
  const TemporaryFolder folder;
  io::Hdf5Writer writer(folder / "a.h5");
  std::vector<std::string> paths{"0", "1"};
  writer.write_integer("0", steps);
  writer.write_number("1", rate);
  for (const Extents& extents : arrays) {
    const std::vector<float> values(static_cast<std::size_t>(extents.size()), static_cast<float>(paths.size()));
    paths.push_back(std::to_string(paths.size()));
    writer.write(paths.back(), extents, values.data());
  }
  writer.close();
  std::ifstream file(folder / "a.h5", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  io::read_optimizer_state(io::Hdf5Reader(bytes, "a.h5"), paths, order, {}, model);
}

}  // namespace

TEST_CASE("The state of Adam comes weight by weight in files of Keras 3, and kind by kind in those of Keras 2") {
  Sequential model = trained("adam");
  read(model, 7, 0.5f, {{2, 1}, {2, 1}, {1}, {1}});
  CHECK(numbers_of(model) == std::vector<float>{0.5f, 7, 2, 2, 3, 3, 4, 5});
  read(model, 8, 0.5f, {{2, 1}, {1}, {2, 1}, {1}, {1}, {1}}, io::StateOrder::keras2);  // with placeholders behind
  CHECK(numbers_of(model) == std::vector<float>{0.5f, 8, 2, 2, 4, 4, 3, 5});
}

TEST_CASE("A state without arrays begins at 0 after its number of steps, or not at all") {
  Sequential model = trained("adam");
  read(model, 7, 0.5f, {});
  CHECK(numbers_of(model) == std::vector<float>{0.5f, 7, 0, 0, 0, 0, 0, 0});
  Sequential other{Dense(1, {.input_shape = {2}})};
  other.compile("adam", "mse");
  read(other, 0, 0.25f, {});
  CHECK_FALSE(other.optimizer().has_state());
  CHECK(other.optimizer().learning_rate() == 0.25);
}

TEST_CASE("A state without arrays begins at the start values of slots and numbers") {
  Sequential model = trained(optimizers::Adagrad({.initial_accumulator_value = 0.25}));
  read(model, 7, 0.5f, {});
  CHECK(numbers_of(model) == std::vector<float>{0.5f, 7, 0.25f, 0.25f, 0.25f});
  Sequential warm = trained(testing::Warm());
  read(warm, 7, 0.5f, {{}});
  CHECK(numbers_of(warm) == std::vector<float>{0.5f, 7, 2});
  read(warm, 7, 0.5f, {});
  CHECK(numbers_of(warm) == std::vector<float>{0.5f, 7, 1});
}

TEST_CASE("An optimizer of one's own goes on from a file of weights, with its slots and numbers") {
  const TemporaryFolder folder;
  const auto check = [&](const auto& optimizer) {
    Sequential model = trained(optimizer);
    model.save_weights(folder / "a.weights.h5");
    Sequential other{Dense(1, {.input_shape = {2}})};
    other.compile(optimizer, "mse");
    other.load_weights(folder / "a.weights.h5");
    CHECK(numbers_of(other) == numbers_of(model));
    for (Sequential* each : {&model, &other}) each->train_on_batch(x, y);
    CHECK(other.get_weights() == model.get_weights());
    CHECK(numbers_of(other) == numbers_of(model));
  };
  check(optimizers::Adagrad({.learning_rate = 0.1}));
  check(testing::Warm({.learning_rate = 0.1}));
}

TEST_CASE("A .h5 file calls an optimizer's numbers by their own names") {
  const TemporaryFolder folder;
  Sequential model = trained(testing::Warm());
  model.save(folder / "a.h5");
  std::ifstream file(folder / "a.h5", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  CHECK(io::Hdf5Reader(bytes, "a.h5").read_number("optimizer_weights/warm/product") == 0.5);
}

TEST_CASE("A state that does not fit leaves the optimizer as it was") {
  Sequential model = trained("adam");
  const std::vector<float> before = numbers_of(model);
  const auto message = [&](std::int64_t steps, float rate, const std::vector<Extents>& arrays) {
    const std::string text = message_of<FileError>([&] { read(model, steps, rate, arrays); });
    CHECK(numbers_of(model) == before);
    return text;
  };
  CHECK(message(7, 0.5f, {{2, 1}, {2, 1}, {1}}) ==
        "0: the optimizer's state has 3 arrays; expected 4, which Adam keeps for this model.");
  CHECK(message(7, 0.5f, {{2, 1}, {2, 1}, {1}, {2}}) == "a.h5: 5: has shape (2,); expected (1,).");
  CHECK(message(-1, 0.5f, {}) == "0: -1; expected a number of steps from 0 to 1073741824.");
  CHECK(message(std::int64_t{1} << 40, 0.5f, {}) ==
        "0: 1099511627776; expected a number of steps from 0 to 1073741824.");
  CHECK(message(7, -0.5f, {}) == "1: -0.5; expected a learning rate.");
}
