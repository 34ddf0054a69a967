#include "io/keras2_training.hpp"

#include "catch.hpp"
#include "io/json.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

namespace {

constexpr io::KerasVersion standalone{.major = 2, .minor = 2, .patch = 4, .is_tensorflow = false};
constexpr io::KerasVersion tf_keras{.major = 2, .minor = 15, .patch = 0, .is_tensorflow = true};

// Of {"<key>": ...} what it becomes, as JSON.
std::string upgraded(const std::string& training, const io::KerasVersion& version = tf_keras) {
  return io::upgrade_training(io::parse_json(training, "test"), version, "training_config").to_string();
}

std::string sgd(const std::string& arguments, const io::KerasVersion& version) {
  return upgraded(R"({"optimizer_config": {"class_name": "SGD", "config": {)" + arguments + "}}}", version);
}

}  // namespace

TEST_CASE("Optimizers of Keras 2 get the names that their arguments have today") {
  CHECK(sgd(R"("lr": 0.1, "decay": 0.0)", standalone) ==
        R"({"optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1}}})");
  CHECK(sgd(R"("lr": 0.1, "clipnorm": 1.0)", standalone) ==
        R"({"optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1, "global_clipnorm": 1}}})");
}

TEST_CASE("Decay of Keras 2 is InverseTimeDecay") {
  CHECK(
      sgd(R"("lr": 0.1, "decay": 0.5)", standalone) ==
      R"({"optimizer": {"class_name": "SGD", "config": {"learning_rate": {"class_name": "InverseTimeDecay", "config": )"
      R"({"initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 0.5, "staircase": false, )"
      R"("name": "InverseTimeDecay"}}}}})");
}

TEST_CASE("Optimizers of Keras 2 with the formulas of another time are refused") {
  const auto of_class = [](const std::string& class_name, const std::string& arguments,
                           const io::KerasVersion& version) {
    return upgraded(R"({"optimizer": {"class_name": ")" + class_name + R"(", "config": {)" + arguments + "}}}",
                    version);
  };
  const auto refused = [&](const std::string& class_name, const std::string& arguments,
                           const io::KerasVersion& version) {
    return message_of<FileError>([&] { of_class(class_name, arguments, version); });
  };
  const std::string small = R"("initial_accumulator_value": 0.1, "epsilon": 1e-07)";
  const std::string root =
      "expected initial_accumulator_value >= 0.1 and epsilon <= 1e-07, or one since tf.keras "
      "2.11, with epsilon in the root.";
  CHECK_NOTHROW(of_class("Adagrad", small, tf_keras));
  CHECK_NOTHROW(of_class("Adagrad", R"("epsilon": 0.1, "use_ema": false)", tf_keras));
  CHECK(
      refused("Adagrad", R"("epsilon": 0.5, "initial_accumulator_value": 0.1)", tf_keras) ==
      R"(training_config.optimizer: {"class_name": "Adagrad", "config": {"epsilon": 0.5, "initial_accumulator_val...; )" +
          root);
  CHECK(refused("Adagrad", R"("lr": 0.01)", standalone) ==
        R"(training_config.optimizer: {"class_name": "Adagrad", "config": {"lr": 0.01}}; )" + root);
  CHECK_NOTHROW(of_class("Nadam", R"("beta_1": 0.9, "use_ema": false)", tf_keras));
  CHECK(
      refused("Nadam", R"("decay": 0.004)", tf_keras) ==
      R"(training_config.optimizer: {"class_name": "Nadam", "config": {"decay": 0.004}}; expected one since tf.keras )"
      "2.11, whose momentum grows faster.");
  for (const char* same : {"Adadelta", "Adamax", "Ftrl"}) CHECK_NOTHROW(of_class(same, R"("lr": 0.1)", standalone));
}

TEST_CASE("Clipping by 0 clips nothing, but for the optimizers of tf.keras before 2.11") {
  CHECK(sgd(R"("clipnorm": 0.0)", standalone).find(R"("global_clipnorm": null)") != std::string::npos);
  CHECK(sgd(R"("clipnorm": 0.0, "use_ema": false)", tf_keras).find(R"("clipnorm": null)") != std::string::npos);
  CHECK(sgd(R"("clipnorm": 0.0)", tf_keras).find(R"("clipnorm": 0)") != std::string::npos);
  CHECK(sgd(R"("clipvalue": 0)", io::latest_version).find(R"("clipvalue": null)") != std::string::npos);
}

TEST_CASE("A metric that wraps a function is known by the function, never by its name") {
  CHECK(upgraded(R"({"metrics": [[{"class_name": "MeanMetricWrapper", "config": {"name": "mse", "dtype": "float32", )"
                 R"("fn": "binary_accuracy", "threshold": 0.3}}]]})") ==
        R"({"metrics": [[{"class_name": "BinaryAccuracy", "config": {"name": "mse", "dtype": "float32", )"
        R"("threshold": 0.3}}]]})");
  CHECK(upgraded(R"({"metrics": [{"class_name": "MeanMetricWrapper", "config": {"name": "a", "fn": {"module": )"
                 R"("builtins", "class_name": "function", "config": "mean_squared_error"}}}]})") ==
        R"({"metrics": [{"class_name": "MeanSquaredError", "config": {"name": "a"}}]})");
  CHECK(message_of<FileError>([] {
          upgraded(R"({"metrics": [{"class_name": "MeanMetricWrapper", "config": {"name": "accuracy"}}]})");
        }) == R"(training_config.metrics[0].config: {"name": "accuracy"}; expected fn, the function that it wraps.)");
}

TEST_CASE("Loss objects of Keras 2 lose the function beside the class, and their automatic reduction gets its name") {
  CHECK(
      upgraded(R"({"loss": {"class_name": "BinaryCrossentropy", "config": {"reduction": "auto", "name": "b", )"
               R"("fn": "binary_crossentropy"}}})") ==
      R"({"loss": {"class_name": "BinaryCrossentropy", "config": {"reduction": "sum_over_batch_size", "name": "b"}}})");
  CHECK(message_of<FileError>([] {
          upgraded(R"({"loss": {"class_name": "MeanSquaredError", "config": {"fn": "mean_absolute_error"}}})");
        }) == R"(training_config.loss.config.fn: "mean_absolute_error"; expected the function of MeanSquaredError.)");
}

TEST_CASE("Names of losses in Keras 2 become those of Keras 3") {
  CHECK(upgraded(R"({"loss": "logcosh"})") == R"({"loss": "log_cosh"})");
  CHECK(upgraded(R"({"loss": ["kullback_leibler_divergence"]})") == R"({"loss": ["kl_divergence"]})");
  CHECK(upgraded(R"({"loss": {"dense": "cosine_proximity"}})", standalone) ==
        R"({"loss": {"dense": "cosine_similarity"}})");
  CHECK(upgraded(R"({"loss": {"class_name": "Huber", "config": {"fn": "huber_loss", "delta": 2.0}}})") ==
        R"({"loss": {"class_name": "Huber", "config": {"delta": 2}}})");
  CHECK(upgraded(R"({"loss": {"class_name": "LossFunctionWrapper", "config": {"fn": "logcosh"}}})") ==
        R"({"loss": {"class_name": "LogCosh", "config": {}}})");
  CHECK(upgraded(R"({"loss": "mse"})") == R"({"loss": "mse"})");
}
