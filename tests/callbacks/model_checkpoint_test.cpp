#include "xeras/callbacks/model_checkpoint.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "catch.hpp"
#include "support/directed_metric.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "support/training_cut_off.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

TEST_CASE("ModelCheckpoint saves after each epoch, under the name that the scores make") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  const callbacks::ModelCheckpoint all(folder / "{epoch:02d}-{loss:.3f}.keras");
  const callbacks::ModelCheckpoint weights(folder / "w{epoch}.weights.h5", {.save_weights_only = true, .save_freq = 2});
  const History history =
      model.fit(ids, targets, {.batch_size = 2, .epochs = 2, .verbose = 0, .callbacks = {all, weights}});
  CHECK(std::filesystem::exists(folder / fmt::format("01-{:.3f}.keras", history["loss"][0])));
  const Sequential last = load_model(folder / fmt::format("02-{:.3f}.keras", history["loss"][1]));
  CHECK((last.predict(ids) == model.predict(ids)));
  CHECK(std::filesystem::exists(folder / "w1.weights.h5"));  // after batch 2, and 4 and 6 in the second epoch
  CHECK(std::filesystem::exists(folder / "w2.weights.h5"));
}

TEST_CASE("ModelCheckpoint keeps the best") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  const auto best = std::make_shared<callbacks::ModelCheckpoint>(
      folder / "best.keras", callbacks::ModelCheckpointOptions{.monitor = "loss", .save_best_only = true});
  const History history = model.fit(ids, targets, {.epochs = 5, .verbose = 0, .callbacks = {best}});
  CHECK(best->best() == *std::min_element(history["loss"].begin(), history["loss"].end()));
  CHECK(load_model(folder / "best.keras").optimizer().iterations() >= 1);
  const auto never = std::make_shared<callbacks::ModelCheckpoint>(
      folder / "never.keras",
      callbacks::ModelCheckpointOptions{.monitor = "loss", .save_best_only = true, .initial_value_threshold = 0.0});
  model.fit(ids, targets, {.epochs = 1, .verbose = 0, .callbacks = {never}});
  CHECK_FALSE(std::filesystem::exists(folder / "never.keras"));
}

TEST_CASE("ModelCheckpoint follows the direction of its metric where it keeps the best") {
  const TemporaryFolder folder;
  const auto best = [&](const MetricArgument& metric, bool best_only = true) {
    Sequential model = xeras::testing::one_weight({metric});
    const auto checkpoint = std::make_shared<callbacks::ModelCheckpoint>(
        folder / "m.keras", callbacks::ModelCheckpointOptions{.monitor = "own", .save_best_only = best_only});
    CHECK(std::isnan(checkpoint->best()));
    model.fit({{1.0}}, {0.0}, {.epochs = 3, .verbose = 0, .callbacks = {Predicts({2, 3, 1}), checkpoint}});
    return checkpoint->best();
  };
  CHECK(best(xeras::testing::Rising()) == 3.0);
  CHECK(best(xeras::testing::Falling()) == 1.0);
  CHECK(std::isnan(best(xeras::testing::Undirected(), false)));
  CHECK(message_of<InvalidArgument>([&] { best(xeras::testing::Undirected()); }) ==
        xeras::testing::no_direction("ModelCheckpoint", "own"));
}

TEST_CASE("ModelCheckpoint leaves out epochs without its score, where validation comes later") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  const callbacks::ModelCheckpoint best(folder / "best{epoch}.keras", {.save_best_only = true});
  const callbacks::ModelCheckpoint named(folder / "{epoch}-{val_loss:.0e}.keras");
  const callbacks::ModelCheckpoint all(folder / "{epoch}.keras");
  model.fit(ids, targets,
            {.epochs = 3,
             .verbose = 0,
             .callbacks = {best, named, all},
             .validation_data = {ids, targets},
             .validation_freq = 2});
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(file.path().filename().string().substr(0, 5));
  }
  std::sort(names.begin(), names.end());
  CHECK(names.size() == 5);
  CHECK(std::count_if(names.begin(), names.end(), [](const auto& name) { return name.starts_with("2-"); }) == 1);
  CHECK(std::count(names.begin(), names.end(), "best2") == 1);
}

TEST_CASE("ModelCheckpoint raises before the first epoch for a score that never comes") {
  Sequential model = make_model();
  const auto fit = [&](callbacks::ModelCheckpointOptions options, Input validation) {
    return message_of<InvalidArgument>([&] {
      model.fit(ids, targets,
                {.verbose = 0,
                 .callbacks = {callbacks::ModelCheckpoint("nowhere/m.keras", std::move(options))},
                 .validation_data = {validation, validation ? Input(targets) : Input()}});
    });
  };
  CHECK(fit({.save_best_only = true}, {}) ==
        "ModelCheckpoint: monitor is \"val_loss\", but this fit never validates; expected a score that it reports: "
        "loss. Give fit validation_data or validation_split, and at least validation_freq epochs, or monitor "
        "\"loss\".");
  CHECK(fit({.save_best_only = true, .save_freq = 2}, ids) ==
        "ModelCheckpoint: monitor is \"val_loss\" and save_freq is 2 batches, after which there is no validation; "
        "expected a score of training. Leave save_freq out, or monitor \"loss\".");
}

TEST_CASE("ModelCheckpoint says what cannot be") {
  using callbacks::ModelCheckpoint;
  CHECK(message_of<InvalidArgument>([] { ModelCheckpoint("m.zip"); }) ==
        "ModelCheckpoint: filepath is \"m.zip\"; expected a name that ends in .keras or .h5.");
  CHECK(message_of<InvalidArgument>([] { ModelCheckpoint("m.keras", {.save_weights_only = true}); }) ==
        "ModelCheckpoint: filepath is \"m.keras\"; expected a name that ends in .weights.h5.");
  Sequential model = make_model();
  CHECK(message_of<InvalidArgument>(
            [&] { model.fit(ids, targets, {.verbose = 0, .callbacks = {ModelCheckpoint("{val_loss:.2f}.keras")}}); }) ==
        "ModelCheckpoint: filepath \"{val_loss:.2f}.keras\": argument not found; expected fields in braces of "
        "these: epoch, loss.");
}

TEST_CASE("ModelCheckpoint refuses a threshold of NaN") {
  CHECK(message_of<InvalidArgument>([] {
          callbacks::ModelCheckpoint("a.keras", {.initial_value_threshold = std::nan("")});
        }) == "ModelCheckpoint: initial_value_threshold is nan; expected a score. Leave it out for none.");
}

TEST_CASE("ModelCheckpoint saves after each so many batches, counted through the epochs") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  const callbacks::ModelCheckpoint named(folder / "new/folder/{epoch}-{batch:02d}.keras", {.save_freq = 2});
  model.fit(ids, targets, {.batch_size = 1, .epochs = 3, .verbose = 0, .callbacks = named});
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder / "new/folder")) {
    names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"1-02", "1-04", "2-01", "2-03", "2-05", "3-02", "3-04"});
  // As Keras 3.15.1: executions count whole, also at the end of the data, and the batch is the last one of them.
  model.compile("adam", "mse", {}, {.steps_per_execution = 2});
  const callbacks::ModelCheckpoint grouped(folder / "grouped/{epoch}-{batch}.keras", {.save_freq = 3});
  model.fit(ids, targets, {.batch_size = 1, .epochs = 2, .verbose = 0, .callbacks = grouped});
  names.clear();
  for (const auto& file : std::filesystem::directory_iterator(folder / "grouped")) {
    names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"1-4", "2-2", "2-6"});
  CHECK(message_of<InvalidArgument>([&] {
          model.fit(ids, targets, {.verbose = 0, .callbacks = callbacks::ModelCheckpoint("{batch}.keras")});
        }) ==
        "ModelCheckpoint: filepath \"{batch}.keras\": argument not found; expected fields in braces of these: epoch, "
        "loss.");
}

TEST_CASE("ModelCheckpoint names a file by the learning rate, which a callback before it logs") {
  const TemporaryFolder folder;
  Sequential model = make_model(optimizers::SGD(0.5));
  model.fit(ids, targets,
            {.verbose = 0,
             .callbacks = {callbacks::LearningRateScheduler([](std::int64_t) { return 0.25; }),
                           callbacks::ModelCheckpoint(folder / "{learning_rate}.keras")}});
  CHECK(std::filesystem::exists(folder / "0.25.keras"));
}
