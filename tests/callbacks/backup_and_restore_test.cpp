#include "xeras/callbacks/backup_and_restore.hpp"

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "io/keras_files.hpp"
#include "support/datasets.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::TemporaryFolder;

namespace {

const xt::xarray<int> ids{{1, 2, 3}, {4, 5, 0}, {6, 0, 0}, {7, 8, 9}, {2, 2, 2}};
const xt::xtensor<float, 2> targets{{0}, {1}, {1}, {0}, {1}};

Sequential make_model() {
  set_random_seed(3);
  Sequential model{Embedding(10, 4, {.mask_zero = true}), LSTM(5, {.dropout = 0.2}), Dense(1)};
  model.compile("adam", "mse");
  return model;
}

class Accident final : public callbacks::Callback {
 public:
  explicit Accident(std::int64_t batches) : left_(batches) {}
  void on_train_batch_end(std::int64_t, const Scores&) override {
    if (--left_ == 0) throw std::runtime_error("power cut");
  }

 private:
  std::int64_t left_;
};

}  // namespace

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
