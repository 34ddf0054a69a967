#include "xeras/callbacks/lambda_callback.hpp"

#include "catch.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;

TEST_CASE("LambdaCallback calls its functions in the hooks, and nothing where there is none") {
  std::vector<std::string> calls;
  const auto plain = [&](const char* name) { return [&calls, name] { calls.emplace_back(name); }; };
  const auto count = [&](const char* name) {
    return [&calls, name](std::int64_t i) { calls.push_back(name + std::to_string(i)); };
  };
  const auto with_logs = [&](const char* name) {
    return [&calls, name](std::int64_t i, const Scores& logs) {
      calls.push_back(name + std::to_string(i) + logs.name(0));
    };
  };
  const auto with_logs_alone = [&](const char* name) {
    return [&calls, name](const Scores& logs) { calls.push_back(name + logs.name(0)); };
  };
  const callbacks::LambdaCallback all({.on_epoch_begin = count("epoch "),
                                       .on_epoch_end = with_logs("epoch end "),
                                       .on_train_begin = plain("train"),
                                       .on_train_end = with_logs_alone("train end "),
                                       .on_train_batch_begin = count("batch "),
                                       .on_train_batch_end = with_logs("batch end "),
                                       .on_test_begin = plain("test"),
                                       .on_test_end = with_logs_alone("test end "),
                                       .on_test_batch_begin = count("test batch "),
                                       .on_test_batch_end = with_logs("test batch end "),
                                       .on_predict_begin = plain("predict"),
                                       .on_predict_end = plain("predict end"),
                                       .on_predict_batch_begin = count("predict batch "),
                                       .on_predict_batch_end = [&](std::int64_t i, const Tensor& y) {
                                         calls.push_back(std::to_string(i + y.size()));
                                       }});
  Sequential model{layers::Dense(1, {.input_shape = Shape{1}})};
  model.compile("sgd", "mse");
  model.fit({{1.0}}, {0.0},
            {.verbose = 0, .callbacks = {all, callbacks::LambdaCallback({})}, .validation_data = {{{1.0}}, {0.0}}});
  CHECK(calls == std::vector<std::string>{"train", "epoch 0", "batch 0", "batch end 0loss", "test", "test batch 0",
                                          "test batch end 0loss", "test end loss", "epoch end 0loss",
                                          "train end loss"});
  calls.clear();
  model.predict({{1.0}}, {.callbacks = all});
  CHECK(calls == std::vector<std::string>{"predict", "predict batch 0", "1", "predict end"});
}
