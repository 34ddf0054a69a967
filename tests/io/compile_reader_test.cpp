#include "io/compile_reader.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using Catch::Matchers::WithinAbs;

namespace {

std::string model(const std::string& compile) {
  return R"({"class_name": "Sequential", "config": {"name": "m", "layers": [)"
         R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 1]}}, )"
         R"({"class_name": "Dense", "config": {"units": 1, "use_bias": false, "kernel_initializer": "ones"}}]},)"
         R"("compile_config": {)" +
         compile + "}}";
}

const xt::xtensor<float, 2> x{{1}, {2}}, zeros{{0}, {0}};

struct NothingOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "nothing";
};
XERAS_FIELDS(NothingOptions, reduction, name)

// The mean of the predictions.
class Nothing final : public losses::LossWith<NothingOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override {
    for (std::int64_t r = 0; r < targets.rows; ++r) values[r] = targets.y_pred[r];
    for (std::int64_t r = 0; dp != nullptr && r < targets.rows; ++r) dp[r] = 1.0f;
  }
};

struct LargestOptions {
  std::string name = "largest";
};
XERAS_FIELDS(LargestOptions, name)

class Largest final : public metrics::MetricWith<Largest, LargestOptions> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& targets, float* values, float*) const override {
    for (std::int64_t r = 0; r < targets.rows; ++r) values[r] = targets.y_pred[r];
  }
};

}  // namespace

TEST_CASE("A file without an optimizer is compiled with rmsprop, as in Keras") {
  CHECK(model_from_json(model(R"("loss": "mse")")).optimizer().class_name() == "RMSprop");
  CHECK(model_from_json(model(R"("optimizer": null, "loss": "mse")")).optimizer().class_name() == "RMSprop");
}

// Keras 3.15 with TensorFlow: the weight goes from 1 to 0 in a step of SGD(0.1) on x = {1, 2}.
TEST_CASE("A loss without reduction learns as their sum does") {
  for (const char* reduction : {"null", "\"none\""}) {
    Sequential one = model_from_json(
        model(R"("optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1}}, "loss": {"class_name": )"
              R"("MeanSquaredError", "config": {"reduction": )" +
              std::string(reduction) + "}}"));
    one.train_on_batch(x, zeros);
    CHECK_THAT(one.get_weights()[0](0, 0), WithinAbs(0.0, 1e-6));
  }
}

TEST_CASE("Weights of losses multiply the loss and its gradient") {
  for (const char* weights : {"0.5", "[0.5]", R"({"dense": 0.5})"}) {
    Sequential half = model_from_json(model(
        R"("optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1}}, "loss": "mse", "loss_weights": )" +
        std::string(weights)));
    CHECK_THAT(half.train_on_batch(x, zeros)["loss"], WithinAbs(1.25, 1e-6));  // (1 + 4) / 2 / 2
    CHECK_THAT(half.get_weights()[0](0, 0), WithinAbs(0.75, 1e-6));            // 1 - 0.1 * (1 + 4) / 2
    CHECK(half.to_json().find(R"("loss_weights":0.5)") != std::string::npos);
  }
}

TEST_CASE("The number of steps per execution is kept, and 1 where a file of Keras 2 names none") {
  const auto written = [](const std::string& steps) {
    const std::string json = model_from_json(model(R"("loss": "mse", "steps_per_execution": )" + steps)).to_json();
    const std::string key = R"("steps_per_execution":)";
    return std::stoi(json.substr(json.find(key) + key.size()));
  };
  CHECK(written("3") == 3);
  CHECK(written("null") == 1);
  CHECK(written("\"auto\"") == 1);
  CHECK(message_of<FileError>([&] { written("0"); }) ==
        "model_from_json: compile_config: compile: steps_per_execution is 0; expected a positive integer. 1 calls the "
        "hooks of "
        "callbacks for each batch. With .compile = false the model loads without it.");
}

TEST_CASE("Losses and metrics of one output may be given by its name") {
  const Sequential named =
      model_from_json(model(R"("optimizer": "sgd", "loss": {"dense": "mae"}, "metrics": {"dense": ["mse"]})"));
  CHECK(named.to_json().find(R"("loss":"mae")") != std::string::npos);
  CHECK(named.to_json().find(R"("metrics":["mse"])") != std::string::npos);
}

TEST_CASE("A file has the name of a metric from a function, as Keras writes a Python function") {
  Sequential given{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = {1}})};
  const auto twice =
      metrics::from_function("twice", [](std::span<const float>, std::span<const float> p) { return 2.0 * p[0]; });
  given.compile("sgd", "mse", twice);
  const std::string json = given.to_json();
  CHECK(json.find(R"({"module":"builtins","class_name":"function","config":"twice","registered_name":"function"})") !=
        std::string::npos);
  Sequential again = model_from_json(json, {.custom_objects = {custom_metric(twice)}});
  CHECK(again.to_json() == json);
  CHECK(again.evaluate(x, zeros, {.verbose = 0})["twice"] == 3.0);
  CHECK(message_of<FileError>([&] {
          model_from_json(json);
        }).starts_with("model_from_json: compile_config.metrics[0]: metric \"twice\" is unknown"));
}

TEST_CASE("Losses and metrics of one's own are custom objects") {
  const std::string json = model(
      R"("optimizer": "sgd", "loss": {"module": "mine", "class_name": "Nothing", "config": {"reduction": "sum"}, )"
      R"("registered_name": "mine>Nothing"}, "metrics": ["my_metric"])");
  Sequential own =
      model_from_json(json, {.custom_objects = {custom_loss<Nothing>(), custom_metric<Largest>("my_metric")}});
  const Scores scores = own.evaluate(x, zeros);
  CHECK_THAT(scores["loss"], WithinAbs(3.0, 1e-6));
  CHECK_THAT(scores["largest"], WithinAbs(1.5, 1e-6));
  CHECK(message_of<FileError>([&] {
          model_from_json(json);
        }).starts_with("model_from_json: compile_config.loss: loss \"Nothing\" is unknown"));
}

TEST_CASE("Schedules of Keras 2 have no module, and perhaps no name") {
  const Sequential two = model_from_json(model(
      R"("optimizer": {"class_name": "SGD", "config": {"learning_rate": {"class_name": "PiecewiseConstantDecay", )"
      R"("config": {"boundaries": [100.0, 200], "values": [1, 0.5, 0.125], "name": null}}}}, "loss": "mse")"));
  CHECK(two.optimizer().learning_rate() == 1.0);
  CHECK(two.to_json().find(R"({"boundaries":[100.0,200],"values":[1.0,0.5,0.125],"name":null})") != std::string::npos);
  const auto message = [](const std::string& rate) {
    return message_of<FileError>([&] {
      model_from_json(
          model(R"("optimizer": {"class_name": "SGD", "config": {"learning_rate": )" + rate + R"(}}, "loss": "mse")"));
    });
  };
  const std::string place = "model_from_json: compile_config.optimizer.config.learning_rate",
                    rest = " With .compile = false the model loads without it.";
  CHECK(message(R"({"class_name": "CosineDecay", "config": {"decay_steps": 10}})") ==
        "model_from_json: compile_config.optimizer: CosineDecay: initial_learning_rate is missing; expected a number. "
        "Give one, such as .initial_learning_rate = 0.1." +
            rest);
  CHECK(message(
            R"({"class_name": "CosineDecay", "config": {"initial_learning_rate": 1, "decay_steps": 9, "gamma": 2}})") ==
        place + ".config.gamma: 2; expected an argument that xeras supports for this class." + rest);
  CHECK(message(R"({"class_name": 3, "config": {}})").starts_with(place));
  CHECK(message(R"({"class_name": "CosineDecay", "config": {"initial_learning_rate": 1, "decay_steps": "9"}})")
            .starts_with(place + ".config.decay_steps"));
  CHECK(message(R"("fast")").starts_with(place));
}
