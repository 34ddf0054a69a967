// faults KIND [FOLDER SOURCE]: training in which something goes wrong in one process. For check_faults.
#include <algorithm>
#include <cmath>
#include <csignal>
#include <iostream>
#include <stdexcept>

#include "xeras/distribution.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

// Batches of 8 samples.
struct Slices final : data::Dataset {
  Slices(Input of_x, Input of_y) : x(std::move(of_x)), y(std::move(of_y)) {}
  std::int64_t num_batches() const override { return x.length() / 8; }
  data::Batch get_batch(std::int64_t index) override { return {x.samples(8 * index, 8), y.samples(8 * index, 8)}; }
  OwnedInput x, y;
};

// Trains on "arrays" or a "dataset", with noise and a shuffled order. Callbacks may interrupt it.
std::vector<float> train(const std::string& source, FitOptions options) {
  set_random_seed(3);
  Sequential model;
  model.add(Embedding(10, 4, {.input_length = 3}));
  model.add(Flatten());
  model.add(Dropout(0.2));
  model.add(Dense(1));
  model.compile("adam", "mse");
  xt::xarray<int> x = xt::zeros<int>({40, 3});
  for (std::size_t i = 0; i < x.size(); ++i) x.flat(i) = static_cast<int>(i * i % 10);
  const xt::xarray<float> y = xt::arange<float>(40.0f) / 40.0f;
  if (source == "dataset") {
    model.fit(Slices(x, y), options);
  } else {
    options.batch_size = 8;
    model.fit(x, y, options);
  }
  std::vector<float> weights;
  for (const Tensor& weight : model.get_weights()) weights.insert(weights.end(), weight.begin(), weight.end());
  return weights;
}

// Trains 4 epochs of 5 batches with backups in `folder`, and is killed in the third epoch.
void interrupted(const std::string& folder, const std::string& source) {
  std::int64_t batches = 0;
  train(source, {.epochs = 4,
                 .verbose = 0,
                 .callbacks = {callbacks::BackupAndRestore(folder, {.save_freq = 3}),
                               callbacks::LambdaCallback({.on_train_batch_end = [&](std::int64_t, const Scores&) {
                                 if (++batches == 14) std::raise(SIGKILL);
                               }})}});
}

// Continues that training, and returns how far the weights are from those of one process without interruption.
double resumed(const std::string& folder, const std::string& source) {
  const std::vector<float> shared =
      train(source, {.epochs = 4, .verbose = 0, .callbacks = callbacks::BackupAndRestore(folder, {.save_freq = 3})});
  distribution::clear_distribution();
  const std::vector<float> alone = train(source, {.epochs = 4, .verbose = 0});
  double largest = 0.0;
  for (std::size_t i = 0; i < alone.size(); ++i) largest = std::max(largest, double{std::abs(shared[i] - alone[i])});
  return largest;
}

}  // namespace

int main(int argc, char** argv) {
  distribution::initialize(&argc, &argv);
  distribution::set_distribution(distribution::DataParallel());
  const std::string kind = argv[1];
  if (kind == "interrupted") interrupted(argv[2], argv[3]);
  if (kind == "resumed") {
    std::cout << (resumed(argv[2], argv[3]) <= 2e-6 ? "the same weights" : "other weights") << std::endl;
    return 0;
  }
  const bool here = distribution::process_id() == 1;
  if (here && kind == "exit") return 3;  // a program that catches its own error
  const auto fails = [&](const char* its) { return here && kind == its; };

  Sequential model;
  model.add(Embedding(10, 4, {.input_length = 3}));
  model.add(Flatten());
  model.add(Dense(fails("model") ? 2 : 1, {.name = "dense"}));
  model.build({None, 3});
  model.compile("adam", "mse");
  xt::xarray<int> x = xt::zeros<int>({fails("shape") ? 30 : 32, 3});
  if (kind == "id") x(20, 0) = 10;  // only one process reads it
  const xt::xarray<float> y = xt::zeros<float>({x.shape(0), fails("model") ? std::size_t{2} : std::size_t{1}});
  try {
    if (kind == "id" || kind == "shape" || kind == "model") {
      model.fit(x, y, {.epochs = 3, .verbose = 0});
    } else if (kind == "option") {
      model.fit(x, y, {.batch_size = here ? 0 : 32, .epochs = 3, .verbose = 0});
    } else if (kind == "checkpoint") {
      model.fit(x, y, {.epochs = 3, .verbose = 0, .callbacks = callbacks::ModelCheckpoint("/dev/null/model.keras")});
    } else {
      std::int64_t batches = 0;
      auto dataset = data::from_generator([&]() -> std::optional<data::Batch> {
        if (++batches == 3 && fails("data")) throw std::runtime_error("the disk is gone");
        if (batches == 3 && fails("killed")) std::raise(SIGKILL);
        return data::Batch{x, y};
      });
      model.fit(dataset, {.epochs = 3, .verbose = 0, .steps_per_epoch = 5});
    }
    std::cout << "no fault" << std::endl;
  } catch (const std::exception& error) {
    std::cerr << "caught: " << error.what() << std::endl;
    return 3;
  }
}
