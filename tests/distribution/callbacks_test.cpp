#include <filesystem>

#include "both_ways.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

namespace {

const xt::xarray<float> features = numbers({24, 3}, 1);
const xt::xarray<float> results = numbers({24, 1}, 2);

Sequential small_model() {
  Sequential model;
  model.add(Dense(4, {.activation = "tanh", .input_shape = {3}}));
  model.add(Dense(1));
  model.compile(optimizers::Adam(0.05), "mse");
  return model;
}

// A folder that all processes know, empty at the start.
class SharedFolder {
 public:
  SharedFolder() {
    distribution::initialize();
    if (distribution::process_id() == 0) std::filesystem::remove_all(path_);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("xeras_distribution_" + std::to_string(distribution::num_processes()));
};

}  // namespace

TEST_CASE("Callbacks run in process 0, and their changes reach all") {
  const auto calls = std::make_shared<std::int64_t>(0);
  check_both_ways([&] {
    *calls = 0;
    Sequential model = small_model();
    callbacks::LambdaCallback halve({.on_epoch_end = [&](std::int64_t, const Scores&) {
      ++*calls;
      std::vector<Tensor> weights = model.get_weights();
      for (Tensor& weight : weights) weight *= 0.5f;
      model.set_weights(weights);
    }});
    Trained trained = fit(model, features, results,
                          {.batch_size = 8,
                           .epochs = 6,
                           .verbose = 0,
                           .callbacks = {halve, callbacks::ReduceLROnPlateau({.monitor = "loss", .patience = 1})}});
    return trained;
  });
  if (distribution::num_processes() > 1) CHECK(*calls == (distribution::process_id() == 0 ? 6 : 0));
}

TEST_CASE("A callback that draws random numbers leaves all processes with the same order of samples") {
  check_both_ways([&] {
    Sequential model = small_model();
    callbacks::LambdaCallback draw({.on_epoch_begin = [](std::int64_t) { small_model(); }});
    return fit(model, features, results, {.batch_size = 8, .epochs = 4, .verbose = 0, .callbacks = draw});
  });
}

TEST_CASE("EarlyStopping ends training, and restores weights, in all processes") {
  check_both_ways([&] {
    Sequential model = small_model();
    return fit(model, features, results,
               {.batch_size = 8,
                .epochs = 40,
                .verbose = 0,
                .callbacks = callbacks::EarlyStopping(
                    {.monitor = "loss", .min_delta = 0.05, .patience = 2, .restore_best_weights = true})});
  });
}

TEST_CASE("An interrupted training continues in all processes") {
  const SharedFolder folder;
  const auto train = [&](std::int64_t epochs, bool backs_up) {
    set_random_seed(3);
    Sequential model = small_model();
    model.add(Dropout(0.2));
    model.compile(optimizers::Adam(0.05), "mse");
    FitOptions options{.batch_size = 8, .epochs = epochs, .verbose = 0};
    if (backs_up) {
      options.callbacks = callbacks::BackupAndRestore(folder / "backup", {.delete_checkpoint = false});
    }
    return fit(model, features, results, options);
  };
  distribution::set_distribution(distribution::DataParallel());
  const Trained whole = train(4, false);
  train(2, true);
  const Trained continued = train(4, true);
  distribution::clear_distribution();
  CHECK(continued.weights == whole.weights);
}

TEST_CASE("train_on_batch refuses to train copies of a model apart") {
  distribution::initialize();
  Sequential model = small_model();
  distribution::set_distribution(distribution::DataParallel());
  if (distribution::num_processes() > 1) CHECK_THROWS_AS(model.train_on_batch(features, results), Error);
  distribution::clear_distribution();
  CHECK_NOTHROW(model.train_on_batch(features, results));
}
