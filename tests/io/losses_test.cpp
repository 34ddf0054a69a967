#include "xeras/losses.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::losses;
using xeras::testing::TemporaryFolder;

namespace {

// Every loss, with options that are not the defaults.
std::vector<LossArgument> losses_with_options() {
  return {MeanSquaredError({.reduction = "sum"}),
          MeanAbsoluteError({.reduction = "sum"}),
          MeanAbsolutePercentageError({.name = "percent"}),
          MeanSquaredLogarithmicError({.reduction = "mean"}),
          CosineSimilarity({.reduction = "sum"}),
          Huber({.delta = 2.5}),
          LogCosh({.reduction = "mean_with_sample_weight"}),
          Hinge({.reduction = "sum"}),
          SquaredHinge({.reduction = "sum"}),
          CategoricalHinge({.reduction = "sum"}),
          KLDivergence({.name = "divergence"}),
          Poisson({.reduction = "sum"}),
          BinaryCrossentropy({.label_smoothing = 0.1}),
          BinaryFocalCrossentropy({.apply_class_balancing = true, .alpha = 0.4, .gamma = 1.5, .from_logits = true}),
          CategoricalCrossentropy({.from_logits = true}),
          CategoricalFocalCrossentropy({.alpha = {0.25, 0.75}, .gamma = 3.0, .label_smoothing = 0.1}),
          CategoricalFocalCrossentropy({.alpha = 0.5, .from_logits = true}),
          SparseCategoricalCrossentropy({.ignore_class = 3}),
          CategoricalGeneralizedCrossEntropy({.q = 0.7}),
          Dice({.axis = {1, 2}}),
          Dice({.reduction = "sum", .axis = -1}),
          Tversky({.alpha = 0.3, .beta = 0.7}),
          Circle({.gamma = 32.0, .margin = 0.25, .remove_diagonal = false}),
          CTC({.reduction = "sum"})};
}

Sequential dense() { return Sequential{layers::Dense(2, {.input_shape = {3}})}; }

}  // namespace

TEST_CASE("Files keep the options of losses") {
  const TemporaryFolder folder;
  for (const LossArgument& loss : losses_with_options()) {
    CAPTURE(to_value(loss).to_string());
    Sequential model = dense();
    model.compile("sgd", loss);
    for (const char* name : {"m.keras", "m.h5"}) {
      model.save(folder / name);
      CHECK(load_model(folder / name).to_json() == model.to_json());
    }
    CHECK(model.to_json().find("\"class_name\":\"" + loss->class_name() + "\"") != std::string::npos);
  }
}

// The configurations as Keras 3.15 writes them.
TEST_CASE("Losses are written as Keras writes them, with the options that it leaves out") {
  const auto written = [](const LossArgument& loss) {
    Sequential model = dense();
    model.compile("sgd", loss);
    const std::string json = model.to_json();
    const std::size_t begin = json.find(R"("loss":)") + 7;
    return json.substr(begin, json.find(R"(,"loss_weights")") - begin);
  };
  CHECK(written(Tversky({.axis = {1, 2}})) ==
        R"({"module":"keras.losses","class_name":"Tversky","config":{"alpha":0.5,"beta":0.5,"reduction":)"
        R"("sum_over_batch_size","name":"tversky","axis":[1,2]},"registered_name":null})");
  CHECK(written(Huber({.delta = 2.0})).find(R"("delta":2.0)") != std::string::npos);
  CHECK(written(CategoricalFocalCrossentropy({.alpha = {0.25, 0.75}})).find(R"("alpha":[0.25,0.75])") !=
        std::string::npos);
  CHECK(written("kld") == R"("kld")");
}

TEST_CASE("A file has the name of a loss from functions, as Keras writes a Python function") {
  using Numbers = std::span<const float>;
  const FunctionLoss twice = from_functions(
      "twice", [](Numbers, Numbers p) { return 2.0 * p[0]; },
      [](Numbers, Numbers, std::span<float> dp) { std::fill(dp.begin(), dp.end(), 2.0f); });
  Sequential model{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = {1}})};
  model.compile("sgd", twice);
  CHECK(model.to_json().find(R"("loss":{"module":"builtins","class_name":"function","config":"twice",)"
                             R"("registered_name":"function"})") != std::string::npos);
  const TemporaryFolder folder;
  for (const char* name : {"m.keras", "m.h5"}) {
    model.save(folder / name);
    Sequential again = load_model(folder / name, {.custom_objects = {custom_loss(twice)}});
    CHECK(again.to_json() == model.to_json());
    CHECK(again.evaluate({{1.0}, {2.0}}, {{0.0}, {0.0}}, {.verbose = 0})["loss"] == 3.0);
  }
  CHECK(message_of<FileError>([&] { load_model(folder / "m.keras"); }).find("loss \"twice\" is unknown") !=
        std::string::npos);
}
