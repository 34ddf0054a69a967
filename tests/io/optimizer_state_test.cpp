#include "io/optimizer_state.hpp"

#include <fstream>

#include "catch.hpp"
#include "io/hdf5_writer.hpp"
#include "models/trainer.hpp"
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
          io::StateOrder order = io::StateOrder::keras3, const io::WeightNames& names = {}) {
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
  io::read_optimizer_state(io::Hdf5Reader(bytes, "a.h5"), paths, order, names, model);
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
  check(testing::Yogi({.learning_rate = 0.1}));
  check(testing::Warm({.learning_rate = 0.1}));
}

namespace {

const xt::xtensor<int, 2> ids{{1, 2}, {3, 1}}, more_ids{{4, 2}, {5, 5}};

Sequential text_model(const OptimizerArgument& optimizer) {
  set_random_seed(1);
  Sequential model{Embedding(6, 3, {.input_length = 2}), Flatten(), Dense(2, {.activation = "tanh"}), Dense(1)};
  model.compile(optimizer, "mse");
  return model;
}

// Trains, saves in each form, and trains on with the models that come back.
void check_files(const OptimizerArgument& optimizer) {
  CAPTURE(optimizer->class_name(), optimizer->get_config().to_string());
  const TemporaryFolder folder;
  Sequential model = text_model(optimizer);
  for (int step = 0; step < 3; ++step) model.train_on_batch(step == 1 ? more_ids : ids, y);
  model.save(folder / "a.keras");
  model.save(folder / "a.h5");
  model.save_weights(folder / "a.weights.h5");
  std::vector<Sequential> back;
  back.push_back(load_model(folder / "a.keras"));
  back.push_back(load_model(folder / "a.h5"));
  back.push_back(text_model(optimizers::Optimizer::from_config(to_value(optimizer), "optimizer")));
  back.back().load_weights(folder / "a.weights.h5");
  const std::vector<float> expected = numbers_of(model);
  for (Sequential& each : back) CHECK(numbers_of(each) == expected);
  model.train_on_batch(more_ids, y);
  for (Sequential& each : back) {
    each.train_on_batch(more_ids, y);
    CHECK(each.get_weights() == model.get_weights());
  }
}

}  // namespace

TEST_CASE("Every optimizer goes on from files of models and of weights") {
  for (const char* name : {"adadelta", "adafactor", "adagrad", "adam", "adamax", "adamw", "ftrl", "lamb", "lion",
                           "muon", "nadam", "rmsprop", "schedulefreeadamw", "sgd"}) {
    check_files(optimizers::get(name));
  }
  const schedules::InverseTimeDecay schedule({.initial_learning_rate = 0.5, .decay_rate = 1.0});
  check_files(optimizers::Adafactor(schedule));
  check_files(optimizers::Nadam({.learning_rate = schedule, .gradient_accumulation_steps = 2}));
  check_files(optimizers::ScheduleFreeAdamW({.use_ema = true}));
  check_files(optimizers::Muon({.exclude_layers = {"dense$"}, .exclude_embeddings = false}));
  check_files(optimizers::AdamW({.weight_decay = 0.1, .amsgrad = true}));
}

TEST_CASE("A number that stands where a learning rate does is none if the optimizer has a schedule") {
  const schedules::InverseTimeDecay schedule({.initial_learning_rate = 0.5, .decay_rate = 1.0});
  Sequential model = trained(optimizers::Adafactor(schedule));
  // r, c and velocity of the kernel, the placeholders and the velocity of the bias: as many as the file has.
  read(model, 7, 3.0f, {{2}, {1}, {2, 1}, {}, {}, {1}});  // behind a rate, which is skipped
  CHECK(numbers_of(model) == std::vector<float>{0.0625f, 7, 2, 2, 3, 4, 4, 5, 6, 7});
}

TEST_CASE("A state without arrays begins as a copy of the weights where the optimizer does") {
  Sequential model = trained(optimizers::ScheduleFreeAdamW());
  read(model, 7, 0.5f, {});
  const std::vector<Tensor> weights = model.get_weights();
  CHECK(numbers_of(model) == std::vector<float>{0.5f, 7, weights[0](0, 0), weights[0](1, 0), 0, 0, weights[1](0), 0});
}

TEST_CASE("A state that has only the optimizer's numbers is one without arrays") {
  Sequential model = trained(optimizers::Nadam());
  read(model, 7, 0.5f, {{}});
  CHECK(numbers_of(model) == std::vector<float>{0.5f, 7, 0, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("An optimizer's numbers have no place among the names of Keras 2.0") {
  Sequential model = trained(optimizers::Nadam());
  io::WeightNames names;
  const std::vector<Variable*>& variables = Trainer(model).variables();
  names[variables[0]] = "b";
  names[variables[1]] = "a";
  read(model, 7, 0.5f, {{1}, {2, 1}, {1}, {2, 1}, {}}, io::StateOrder::keras2, names);
  CHECK(numbers_of(model) == std::vector<float>{0.5f, 7, 3, 3, 5, 5, 2, 4, 6});
}

TEST_CASE("Muon trains by AdamW what is no matrix, embeddings, and the layers that it is told") {
  const auto kinds = [](const optimizers::MuonOptions& options) {
    Sequential model = text_model(optimizers::Muon(options));
    model.train_on_batch(ids, y);
    std::string result;  // of each weight: m for Muon, a for AdamW
    const std::optional<io::OptimizerFile> state = io::optimizer_file(model);
    for (const auto& array : state->arrays) {
      if (array.name == "momentum") result += 'm';
      if (array.name == "velocity") result.back() = 'a';
    }
    return result;
  };
  CHECK(kinds({}) == "amama");
  CHECK(kinds({.exclude_embeddings = false}) == "mmama");
  CHECK(kinds({.exclude_layers = {"dense_1"}}) == "amaaa");
  CHECK(kinds({.exclude_layers = {"^sequential[^/]*/dense/"}}) == "aaama");
  CHECK(kinds({.exclude_layers = {"kernel", "nothing"}}) == "aaaaa");
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
