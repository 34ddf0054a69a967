// The decisions, files and trainings of Keras's callbacks.
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "support/close.hpp"
#include "support/directed_metric.hpp"
#include "support/model_file.hpp"
#include "support/temporary_folder.hpp"

using namespace xeras;
using Catch::Matchers::WithinAbs;
using nlohmann::json;

namespace {

json goldens() {
  std::ifstream file(xeras::testing::model_file("callbacks.json"));
  REQUIRE(file);
  return json::parse(file);
}

double number(const json& text) { return std::stod(text.get<std::string>()); }

Scores logs_of(double score) {
  Scores logs;
  logs.set("loss", 1.0);
  logs.set("val_loss", score);
  return logs;
}

// Lets a callback begin training, with no fit around it.
void begin(callbacks::Callback& callback, Sequential& model) {
  callback.set_model(&model);
  callback.check_scores(logs_of(0.0));
  callback.on_train_begin();
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<float> flat(const Sequential& model) {
  std::vector<float> all;
  for (const Tensor& weight : model.get_weights()) all.insert(all.end(), weight.begin(), weight.end());
  return all;
}

}  // namespace

TEST_CASE("ReduceLROnPlateau lowers the learning rate in the epochs in which Keras does") {
  const json all = goldens();
  for (const json& entry : all.at("plateaus")) {
    const json& given = entry.at("options");
    INFO(given << ' ' << entry.at("scores"));
    callbacks::ReduceLROnPlateauOptions options;
    options.factor = given.value("factor", options.factor);
    options.patience = given.value("patience", std::int64_t{options.patience});
    options.mode = given.value("mode", options.mode);
    options.min_delta = given.value("min_delta", options.min_delta);
    options.cooldown = given.value("cooldown", std::int64_t{options.cooldown});
    options.min_lr = given.value("min_lr", options.min_lr);
    Sequential model{layers::Dense(1, {.input_shape = Shape{1}})};
    model.compile(optimizers::SGD(0.1), "mse");
    callbacks::ReduceLROnPlateau callback(options);
    begin(callback, model);
    std::vector<float> rates;
    for (const json& score : all.at("scores").at(entry.at("scores").get<std::string>())) {
      callback.on_epoch_end(static_cast<std::int64_t>(rates.size()), logs_of(number(score)));
      rates.push_back(static_cast<float>(model.optimizer().learning_rate()));
    }
    CHECK(rates == entry.at("rates").get<std::vector<float>>());
  }
}

TEST_CASE("EarlyStopping stops in the epochs in which Keras does") {
  const json all = goldens();
  for (const json& entry : all.at("stops")) {
    const json& given = entry.at("options");
    INFO(given << ' ' << entry.at("scores"));
    callbacks::EarlyStoppingOptions options;
    options.min_delta = given.value("min_delta", options.min_delta);
    options.patience = given.value("patience", std::int64_t{options.patience});
    options.mode = given.value("mode", options.mode);
    if (given.contains("baseline")) options.baseline = given.at("baseline").get<double>();
    options.restore_best_weights = given.value("restore_best_weights", false);
    options.start_from_epoch = given.value("start_from_epoch", std::int64_t{0});
    Sequential model{layers::Dense(1, {.input_shape = Shape{1}})};
    model.compile("sgd", "mse");
    callbacks::EarlyStopping callback(options);
    begin(callback, model);
    std::int64_t epoch = 0;
    for (const json& score : all.at("scores").at(entry.at("scores").get<std::string>())) {
      callback.on_epoch_end(epoch++, logs_of(number(score)));
      if (callback.stopped_epoch() > 0) break;
    }
    CHECK(callback.stopped_epoch() == entry.at("stopped_epoch").get<std::int64_t>());
    CHECK(callback.best_epoch() == entry.at("best_epoch").get<std::int64_t>());
    if (entry.at("best") == "none" || std::isnan(number(entry.at("best")))) {
      CHECK(std::isnan(callback.best()));
    } else {
      CHECK(callback.best() == number(entry.at("best")));
    }
  }
}

TEST_CASE("CSVLogger writes the files of Keras to the byte") {
  const json all = goldens();
  for (const json& entry : all.at("csv")) {
    const xeras::testing::TemporaryFolder folder;
    const std::string path = folder / "log.csv";
    const json& given = entry.at("options");
    if (!entry.at("before").is_null()) std::ofstream(path, std::ios::binary) << entry.at("before").get<std::string>();
    callbacks::CSVLogger callback(
        path, {.separator = given.value("separator", std::string(",")), .append = given.value("append", false)});
    callback.on_train_begin();
    std::int64_t epoch = 0;
    for (const json& row : entry.at("epochs")) {
      Scores logs;
      for (const auto& [name, value] : row.items()) logs.set(name, number(value));
      callback.on_epoch_end(epoch++, logs);
    }
    CHECK(text_of(path) == entry.at("text").get<std::string>());
  }
}

TEST_CASE("Trainings with callbacks have the scores, learning rates and weights of Keras") {
  using callbacks::LearningRateScheduler;
  using optimizers::SGD;
  const auto half = [](std::int64_t, double rate) { return rate * 0.5; };
  const auto of_epoch = [](std::int64_t epoch) { return 0.1 / static_cast<double>(epoch + 1); };
  const std::map<std::string, std::pair<OptimizerArgument, CallbackArgument>> setups{
      {"scheduler", {SGD(0.1), LearningRateScheduler(half)}},
      {"scheduler of epochs", {SGD(0.1), LearningRateScheduler(of_epoch)}},
      {"plateau", {SGD(0.3), callbacks::ReduceLROnPlateau({.factor = 0.5, .patience = 1, .min_delta = 0.05})}},
      {"ema",
       {SGD({.learning_rate = 0.1, .momentum = 0.5, .use_ema = true, .ema_momentum = 0.5}),
        callbacks::SwapEMAWeights()}},
      {"ema on epoch",
       {SGD({.learning_rate = 0.1, .use_ema = true, .ema_momentum = 0.75}),
        callbacks::SwapEMAWeights({.swap_on_epoch = true})}}};
  const json all = goldens();
  const auto x = all.at("x").get<std::vector<std::vector<float>>>();
  const auto y = all.at("y").get<std::vector<std::vector<float>>>();
  for (const json& entry : all.at("fits")) {
    INFO(entry.at("name"));
    const auto& [optimizer, callback] = setups.at(entry.at("name").get<std::string>());
    Sequential model{layers::Dense(1, {.input_shape = Shape{2}})};
    model.compile(optimizer, "mse");
    model.set_weights({Tensor(xt::xtensor<float, 2>{{0.5f}, {-0.25f}}), Tensor{0.125f}});
    std::vector<std::vector<float>> seen;
    const callbacks::LambdaCallback look(
        {.on_epoch_end = [&](std::int64_t, const Scores&) { seen.push_back(flat(model)); }});
    const History history = model.fit(x, y,
                                      {.batch_size = 2,
                                       .epochs = 5,
                                       .verbose = 0,
                                       .callbacks = {callback, look},
                                       .validation_data = {x, y},
                                       .shuffle = false});
    CHECK(history.names().size() == entry.at("history").size());
    for (const auto& [name, curve] : entry.at("history").items()) {
      for (std::size_t i = 0; i < 5; ++i) CHECK_THAT(history[name][i], WithinAbs(curve[i].get<double>(), 1e-6));
    }
    for (std::size_t i = 0; i < 5; ++i) {
      check_close(seen[i], entry.at("weights_by_epoch")[i].get<std::vector<double>>(), 1e-6);
    }
    check_close(flat(model), entry.at("weights").get<std::vector<double>>(), 1e-6);
  }
}
