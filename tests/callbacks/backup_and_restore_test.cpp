#include "xeras/callbacks/backup_and_restore.hpp"

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "io/keras_files.hpp"
#include "support/captured.hpp"
#include "support/datasets.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "support/training_cut_off.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

TEST_CASE("BackupAndRestore goes on where fit was cut off, with the same bits") {
  const TemporaryFolder folder;
  const auto fit = [](Sequential& model, std::vector<CallbackArgument> callbacks) {
    return model.fit(ids, targets, {.batch_size = 2, .epochs = 6, .verbose = 0, .callbacks = std::move(callbacks)});
  };
  Sequential straight = make_model();
  fit(straight, {});

  Sequential first = make_model();
  const callbacks::BackupAndRestore backup(folder / "backup/of/it");
  CHECK_THROWS(fit(first, {backup, Accident(11)}));  // in epoch 4
  CHECK(std::filesystem::exists(folder / "backup/of/it/latest.keras"));

  Sequential second = make_model();  // as in a new process, which may draw other numbers first
  next_random_seed();
  const History history = fit(second, {backup});
  CHECK(history.epoch() == std::vector<std::int64_t>{3, 4, 5});
  CHECK((second.predict(ids) == straight.predict(ids)));
  CHECK_FALSE(std::filesystem::exists(folder / "backup/of/it/latest.keras"));

  CHECK_THROWS(fit(second, {backup, Accident(4)}));
  Sequential other{Dense(1, {.input_shape = {3}})};
  other.compile("adam", "mse");
  CHECK_THROWS_AS(other.fit(xt::xarray<float>(ids), targets, {.verbose = 0, .callbacks = {backup}}), FileError);
  second.compile("rmsprop", "mse");
  CHECK(message_of<FileError>([&] { fit(second, {backup}); }) ==
        (folder / "backup/of/it/latest.keras") +
            ": the optimizer's state is not that of the model's optimizer; expected a file of this training.");
}

TEST_CASE("BackupAndRestore refuses a number of epochs below 0, and the model is as before") {
  const TemporaryFolder folder;
  Sequential saved = make_model();
  saved.train_on_batch(ids, targets);
  io::write_keras_file(
      folder / "latest.keras", saved, {},
      Value::Dict{{"epochs", std::int64_t{-3}}, {"random_seed", std::int64_t{1}}, {"random_drawn", std::int64_t{2}}});
  Sequential model = make_model();
  model.train_on_batch(ids, targets);
  const Tensor before = model.predict(ids);
  CHECK(message_of<FileError>([&] {
          model.fit(ids, targets, {.verbose = 0, .callbacks = {callbacks::BackupAndRestore(folder.path().string())}});
        }) == (folder / "latest.keras") + ": metadata.json counts -3 epochs; expected 0 or more.");
  CHECK((model.predict(ids) == before));
}

namespace {

// Halves the learning rate before each epoch.
const callbacks::LearningRateScheduler halving([](std::int64_t, double rate) { return rate / 2; });

History fit_with(Sequential& model, std::vector<CallbackArgument> callbacks, std::int64_t epochs = 4) {
  return model.fit(ids, targets,
                   {.batch_size = 1,
                    .epochs = epochs,
                    .verbose = 0,
                    .callbacks = std::move(callbacks),
                    .validation_data = {ids, targets}});
}

}  // namespace

TEST_CASE("BackupAndRestore goes on in the middle of an epoch, with the same bits of weights and scores") {
  const bool is_adam = GENERATE(false, true);
  // There are 5 batches in an epoch, and backups after 3, 6, 9 and so on; that after 15 is behind the last batch.
  const std::int64_t accident = GENERATE(4, 11, 14, 16);
  INFO((is_adam ? "Adam, " : "SGD, ") << accident << " batches");
  const auto model = [&] {
    const OptimizerArgument sgd = optimizers::SGD({.learning_rate = 0.1, .weight_decay = 0.1});
    // Metrics whose states are two numbers, and lists whose lengths the predictions or the options determine.
    return make_model(is_adam ? optimizers::Adam({.learning_rate = 0.1, .use_ema = true}) : sgd,
                      {"mae", metrics::R2Score(), metrics::F1Score({.threshold = 0.5}), metrics::BinaryIoU()});
  };
  const callbacks::BackupAndRestoreOptions options{.save_freq = 3};
  const TemporaryFolder folder;
  Sequential straight = model();
  const History all = fit_with(straight, {halving, callbacks::BackupAndRestore(folder / "other", options)});

  const callbacks::BackupAndRestore backup(folder / "backup", options);
  Sequential first = model();
  CHECK_THROWS_WITH(fit_with(first, {halving, backup, Accident(accident)}), "power cut");

  Sequential second = model();  // as in a new process, which may draw other numbers first
  next_random_seed();
  const History rest = fit_with(second, {halving, backup});
  const std::int64_t first_epoch = (accident - 1) / 3 * 3 / 5 - (accident == 16 ? 1 : 0);
  REQUIRE(rest.epoch().front() == first_epoch);
  CHECK((second.predict(ids) == straight.predict(ids)));
  for (const std::string& name : all.names()) {
    CHECK(rest[name] == std::vector<double>(all[name].begin() + first_epoch, all[name].end()));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "backup"));
}

TEST_CASE("BackupAndRestore goes on between executions of several steps, with the same bits") {
  // Executions of 2, 2 and 1 batches make an epoch. The backup before the accident is after 2, 4, 5 and 7 batches.
  const std::int64_t accident = GENERATE(2, 3, 4, 5);
  const auto model = [](std::int64_t steps) {
    Sequential made = make_model();
    made.compile("adam", "mse", {}, {.steps_per_execution = steps});
    return made;
  };
  const TemporaryFolder folder;
  Sequential straight = model(2);
  const History whole = fit_with(straight, {callbacks::BackupAndRestore(folder / "other", {.save_freq = 2})});

  const callbacks::BackupAndRestore backup(folder / "backup", {.save_freq = 2});
  Sequential first = model(2);
  CHECK_THROWS_WITH(fit_with(first, {Accident(accident), backup}), "power cut");

  Sequential second = model(2);  // as in a new process, which may draw other numbers first
  next_random_seed();
  const History rest = fit_with(second, {backup});
  CHECK(rest.epoch().front() == (accident == 5 ? 1 : 0));
  CHECK((second.predict(ids) == straight.predict(ids)));
  for (const std::string& name : whole.names()) CHECK(rest[name].back() == whole[name].back());
}

TEST_CASE("BackupAndRestore raises where it cannot go on in the middle of an epoch") {
  const TemporaryFolder folder;
  const callbacks::BackupAndRestore backup(folder / "backup", {.save_freq = 4});
  Sequential first = make_model();
  CHECK_THROWS_WITH(fit_with(first, {backup, Accident(5)}), "power cut");
  Sequential second = make_model();
  CHECK(
      message_of<InvalidInput>(
          [&] { second.fit(ids, targets, {.batch_size = 2, .verbose = 0, .callbacks = backup}); }) ==
      "fit: the interrupted fit has trained 4 batches of this epoch, and there are 3; expected its data. Pass the same "
      "data and batch_size.");
  Sequential other = make_model("adam", {"mae"});
  CHECK(message_of<FileError>([&] { fit_with(other, {backup}); }) ==
        (folder / "backup/latest.keras") +
            ": the backup is in the middle of an epoch with other metrics; expected those of this fit.");
}

TEST_CASE("BackupAndRestore refuses a metric whose state it cannot save in the middle of an epoch") {
  class Last final : public metrics::Metric {
   public:
    const std::string& name() const override { return name_; }
    void update(const Targets&) override {}
    double result() const override { return 0.0; }
    void reset_state() override {}
    std::shared_ptr<Metric> clone() const override { return std::make_shared<Last>(*this); }
    Value get_config() const override { return Value::Dict{}; }

   private:
    std::string name_ = "last";
  };
  const TemporaryFolder folder;
  const auto message = [&](callbacks::BackupAndRestoreOptions options) {
    Sequential model = make_model("adam", {Last()});
    return message_of<InvalidArgument>(
        [&] { fit_with(model, {callbacks::BackupAndRestore(folder / "backup", std::move(options))}, 1); });
  };
  CHECK(
      message({.save_freq = 2}) ==
      "BackupAndRestore: save_freq is 2 batches, and the state of metric \"last\" cannot be saved in the middle of an "
      "epoch; expected a metric that defines visit_state. Leave save_freq out, or the metric.");
  CHECK(message({}) == "nothing was thrown");
}

TEST_CASE("BackupAndRestore keeps two backups, and goes on from the one that can be read") {
  const TemporaryFolder folder;
  const callbacks::BackupAndRestore backup(folder / "b", {.double_checkpoint = true, .delete_checkpoint = false});
  Sequential first = make_model();
  CHECK_THROWS_WITH(fit_with(first, {backup, Accident(12)}), "power cut");
  std::filesystem::resize_file(folder / "b/latest.keras", 100);
  Sequential second = make_model();
  CHECK(fit_with(second, {backup}).epoch() == std::vector<std::int64_t>{1, 2, 3});
  Sequential third = make_model();
  CHECK(fit_with(third, {backup}).epoch().empty());
  std::filesystem::remove(folder / "b/latest.keras");
  CHECK(fit_with(third, {backup}).epoch() == std::vector<std::int64_t>{3});
}

namespace {

using Fit = std::function<History(Sequential&, std::vector<CallbackArgument>)>;

// Trains once without interruption and once with it, and compares.
void check_continues(std::int64_t accident, const callbacks::BackupAndRestoreOptions& options, const Fit& fit) {
  const TemporaryFolder folder;
  const Captured warnings(std::cerr);  // of passes that end within an epoch
  Sequential straight = testing::noisy_model();
  const History whole = fit(straight, {callbacks::BackupAndRestore(folder / "other", options)});
  const callbacks::BackupAndRestore backup(folder / "backup", options);
  Sequential first = testing::noisy_model();
  CHECK_THROWS_WITH(fit(first, {backup, Accident(accident)}), "power cut");
  Sequential second = testing::noisy_model();
  set_random_seed(99);  // as in a new process
  const History rest = fit(second, {backup});
  CHECK(testing::weights_of(second) == testing::weights_of(straight));
  const auto first_epoch = static_cast<std::ptrdiff_t>(rest.epoch().front());
  for (const std::string& name : whole.names()) {
    CHECK(rest[name] == std::vector<double>(whole[name].begin() + first_epoch, whole[name].end()));
  }
}

}  // namespace

TEST_CASE("BackupAndRestore goes on within a pass over a dataset that spans epochs, with the same bits") {
  // A pass of 9 batches is 2 epochs of 4 and one of 1.
  const std::int64_t accident = GENERATE(6, 8, 9, 12, 16);
  const callbacks::BackupAndRestoreOptions options =
      GENERATE(callbacks::BackupAndRestoreOptions{}, callbacks::BackupAndRestoreOptions{.save_freq = 3});
  INFO("after " << accident << " batches");
  check_continues(accident, options, [](Sequential& model, std::vector<CallbackArgument> callbacks) {
    testing::Slices slices(testing::some({36, 3}, 1), testing::some({36, 1}, 2));
    return model.fit(
        slices, {.epochs = 6, .verbose = 0, .callbacks = std::move(callbacks), .steps_per_epoch = 4, .workers = 2});
  });
}

TEST_CASE("BackupAndRestore goes on within a pass over arrays that spans epochs, with the same bits") {
  const std::int64_t accident = GENERATE(6, 9, 12);
  const callbacks::BackupAndRestoreOptions options =
      GENERATE(callbacks::BackupAndRestoreOptions{}, callbacks::BackupAndRestoreOptions{.save_freq = 3});
  check_continues(accident, options, [](Sequential& model, std::vector<CallbackArgument> callbacks) {
    return model.fit(
        testing::some({34, 3}, 1), testing::some({34, 1}, 2),
        {.batch_size = 4, .epochs = 6, .verbose = 0, .callbacks = std::move(callbacks), .steps_per_epoch = 4});
  });
}

TEST_CASE("BackupAndRestore goes on within a generator and a file, which it reads up to there again") {
  const std::int64_t accident = GENERATE(6, 9);
  const callbacks::BackupAndRestoreOptions options =
      GENERATE(callbacks::BackupAndRestoreOptions{}, callbacks::BackupAndRestoreOptions{.save_freq = 3});
  check_continues(accident, options, [](Sequential& model, std::vector<CallbackArgument> callbacks) {
    std::uint64_t next = 0;
    return model.fit(data::from_generator([&]() -> std::optional<data::Batch> {
                       ++next;
                       return data::Batch{testing::some({4, 3}, next), testing::some({4, 1}, 100 + next)};
                     }),
                     {.epochs = 4, .verbose = 0, .callbacks = std::move(callbacks), .steps_per_epoch = 4});
  });
  const TemporaryFolder folder;
  std::ofstream file(folder / "lines");
  for (int i = 0; i < 70; ++i) file << i % 7 << '\t' << i << '\n';
  file.close();
  check_continues(accident, options, [&](Sequential& model, std::vector<CallbackArgument> callbacks) {
    data::TextLines lines(folder / "lines", {.batch_size = 8, .shuffle_buffer = 20, .seed = 3});
    auto numbers = data::map(lines, [](data::Batch batch) -> data::Batch {
      Tensor x(Tensor::shape_type{static_cast<std::size_t>(batch.x.length()), 3}, 1.0f);
      const std::vector<std::string> texts = data::texts_of(batch);
      for (std::size_t i = 0; i < texts.size(); ++i) x(i, 0) = std::stof(texts[i]) / 70.0f;
      return {x, batch.y};
    });
    return model.fit(
        numbers, {.epochs = 5, .verbose = 0, .callbacks = std::move(callbacks), .steps_per_epoch = 4, .workers = 2});
  });
}

TEST_CASE("BackupAndRestore raises if the data has fewer batches than the pass that was interrupted") {
  const TemporaryFolder folder;
  const callbacks::BackupAndRestore backup(folder / "backup");
  const auto fit = [&](std::size_t rows, std::vector<CallbackArgument> callbacks) {
    Sequential model = testing::noisy_model();
    testing::Slices slices(testing::some({rows, 3}, 1), testing::some({rows, 1}, 2));
    model.fit(slices, {.epochs = 3, .verbose = 0, .callbacks = std::move(callbacks), .steps_per_epoch = 4});
  };
  CHECK_THROWS_WITH(fit(48, {backup, Accident(6)}), "power cut");
  CHECK(message_of<InvalidInput>([&] { fit(12, {backup}); }) ==
        "fit: the interrupted fit has trained 4 batches of this pass over the data, and there are fewer; expected its "
        "data. Pass the same data, batch_size and steps_per_epoch.");
}

TEST_CASE("Training on a dataset resumes to the same bits") {
  const TemporaryFolder folder;
  std::ofstream file(folder / "train.tsv");
  for (int i = 0; i < 50; ++i)
    file << (i % 3 == 0 ? "long\t" : "short\t") << std::string(1 + static_cast<std::size_t>(i % 7), 'x') << '\n';
  file.close();
  data::TextLines lines(folder / "train.tsv",
                        {.batch_size = 8, .shuffle_buffer = 20, .seed = 3, .labels = {"short", "long"}});
  auto lengths = data::map(lines, [](data::Batch batch) -> data::Batch {
    xt::xtensor<float, 2> x = xt::xtensor<float, 2>::from_shape({static_cast<std::size_t>(batch.x.length()), 3});
    for (std::size_t i = 0; i < x.shape()[0]; ++i) {
      for (std::size_t k = 0; k < 3; ++k) {
        x(i, k) = static_cast<float>(static_cast<const std::string_view*>(batch.x.data())[i].size()) /
                  static_cast<float>(k + 1);
      }
    }
    return {x, batch.y};
  });
  Sequential whole = testing::noisy_model();
  whole.fit(lengths, {.epochs = 4, .verbose = 0, .workers = 2});
  const auto backup = callbacks::BackupAndRestore(folder / "backup", {.delete_checkpoint = false});
  Sequential first = testing::noisy_model();
  first.fit(lengths, {.epochs = 2, .verbose = 0, .callbacks = backup});
  Sequential second = testing::noisy_model();
  set_random_seed(99);
  second.fit(lengths, {.epochs = 4, .verbose = 0, .callbacks = backup, .workers = 3});
  CHECK(testing::weights_of(second) == testing::weights_of(whole));
}
