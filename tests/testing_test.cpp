#include "xeras/testing.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/losses.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using testing::check_gradient;

namespace {

using Numbers = std::span<const float>;

// p^2, with a derivative of one's own.
losses::FunctionLoss square(void (*gradient)(Numbers, Numbers, std::span<float>)) {
  return losses::from_functions(
      "square",
      [](Numbers, Numbers p) {
        double sum = 0.0;
        for (const float each : p) sum += double{each} * each;
        return sum;
      },
      gradient);
}

const Input y{{0.0, 0.0}, {0.0, 0.0}}, p{{1.0, 2.0}, {-1.0, 0.5}};

}  // namespace

TEST_CASE("check_gradient accepts the losses of the library", "[losses]") {
  const Input targets{{0.0, 1.0, 0.0}, {1.0, 0.0, 0.0}}, predictions{{0.2, 0.3, 0.5}, {0.6, 0.15, 0.25}};
  for (const char* name : {"mse", "mae", "mape", "msle", "cosine_similarity", "huber", "log_cosh", "hinge",
                           "squared_hinge", "categorical_hinge", "kld", "poisson", "bce", "binary_focal_crossentropy",
                           "categorical_crossentropy", "categorical_focal_crossentropy", "dice", "tversky"}) {
    CAPTURE(name);
    const bool divides = std::string(name) == "mape";  // by targets of 0
    CHECK_NOTHROW(check_gradient(name, divides ? Input{{3.0, 1.0, 2.0}, {1.0, 3.0, 2.0}} : targets, predictions));
    CHECK_NOTHROW(check_gradient(name, divides ? Input{{3.0, 1.0, 2.0}, {1.0, 3.0, 2.0}} : targets, predictions,
                                 {.sample_weight = {2.0, 0.5}}));
  }
  CHECK_NOTHROW(check_gradient("ctc", {{1, 2}}, {{{0.1, 0.9, -0.4}, {1.0, 0.2, 0.3}, {0.4, -0.8, 0.7}}}));
  CHECK_NOTHROW(check_gradient(losses::Circle({.gamma = 2.0}), {0, 0, 1}, {{1.0, 0.0}, {0.6, 0.8}, {-0.1, 1.0}}));
  CHECK_NOTHROW(check_gradient("sparse_categorical_crossentropy", {1, 0}, predictions));
}

TEST_CASE("the page on losses shows check_gradient", "[losses]") {
  // [check]
  testing::check_gradient(losses::Huber({.delta = 0.5}), {{0.0, 1.0}, {2.0, 0.5}}, {{0.3, 1.7}, {1.9, 0.1}});
  // [check]
}

TEST_CASE("check_gradient names the derivative that is wrong", "[losses]") {
  const auto right = [](Numbers, Numbers at, std::span<float> dp) {
    for (std::size_t i = 0; i < at.size(); ++i) dp[i] = 2.0f * at[i];
  };
  CHECK_NOTHROW(check_gradient(square(right), y, p));
  const auto wrong = [](Numbers, Numbers at, std::span<float> dp) {
    for (std::size_t i = 0; i < at.size(); ++i) dp[i] = at[i] > 0.0f ? 2.0f * at[i] : -2.0f * at[i];
  };
  CHECK(message_of<Error>([&] { check_gradient(square(wrong), y, p); }) ==
        "check_gradient: square has the derivative 1 at (1, 0) of y_pred, where the loss has the slope -1; expected a "
        "difference of at most 0.001. Correct the gradient, or choose numbers away from corners of the loss.");
  const auto unwritten = [](Numbers, Numbers at, std::span<float> dp) { dp[0] = 2.0f * at[0]; };
  CHECK(message_of<Error>([&] {
          check_gradient(square(unwritten), y, p);
        }).starts_with("check_gradient: square has the derivative nan at (0, 1) of y_pred, where the loss has"));
  CHECK_NOTHROW(check_gradient(square(wrong), y, p, {.tolerance = 3.0}));
}

TEST_CASE("check_gradient refuses what it cannot check", "[losses]") {
  CHECK(message_of<InvalidArgument>([] { check_gradient("mse", y, p, {.step = 0.0}); }) ==
        "check_gradient: step is 0; expected a positive number.");
  CHECK(message_of<InvalidArgument>([] { check_gradient(nullptr, y, p); }) ==
        "check_gradient: the loss is null; expected a loss or its name. Pass one.");
  CHECK(message_of<InvalidInput>([] {
          check_gradient("mse", {{1.0}}, {{1.0, 2.0}});
        }) ==
        "check_gradient: y has shape (1, 1) but mean_squared_error expects (1, 2). Targets have the shape of the "
        "model's output: change y, or the last layer.");
  CHECK(message_of<Error>([] {
          check_gradient("poisson", {{1.0}}, {{-1.0}});
        }).starts_with("check_gradient: poisson has value nan when it computes its gradient, and nan when it does"));
}

namespace {

// y = gain x. Its gradients are off by factors.
struct GainConfig {
  double gain_error = 1.0;
  double input_error = 1.0;
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(GainConfig, gain_error, input_error, name, trainable)

class Gain final : public LayerWith<GainConfig> {
 public:
  using LayerWith::LayerWith;

  Spec build(const Spec& input, Builder& builder) override {
    gain_ = builder.weight("gain", {1}, initializers::Constant(2.0));
    return input;
  }
  void forward(const Call& call) const override { call.output().flat() = *call[gain_].data * call.input().flat(); }
  void backward(const BackwardCall& call) const override {
    const auto gain = static_cast<float>(config().input_error) * *call[gain_].data;
    if (call.wants_grad(gain_)) {
      const float sum = xt::sum(call.input().flat() * call.output_grad().flat())();
      *call.grad(gain_).data += static_cast<float>(config().gain_error) * sum;
    }
    if (call.wants_input_grad()) call.input_grad().flat() = gain * call.output_grad().flat();
  }

 private:
  Weight gain_{};
};

Sequential gain_model(GainConfig config) {
  set_random_seed(4);
  return Sequential{
      layers::Dense(
          2, {.activation = "tanh", .kernel_regularizer = "l2", .kernel_constraint = "non_neg", .input_shape = {2}}),
      Gain(std::move(config)), layers::Dense(1)};
}

const Input model_x{{0.5f, -1.0f}, {0.25f, 2.0f}, {-1.5f, 1.0f}}, model_y{{1.0f}, {0.0f}, {-1.0f}};

}  // namespace

TEST_CASE("check_gradient accepts models, and leaves them as they are") {
  Sequential model = gain_model({});
  const std::vector<Tensor> before = model.get_weights();
  CHECK_NOTHROW(check_gradient(model, model_x, model_y));
  CHECK_NOTHROW(check_gradient(model, model_x, model_y, "mse", {.sample_weight = {1.0, 0.0, 3.0}}));
  for (std::size_t i = 0; i < before.size(); ++i) CHECK((model.get_weights()[i] == before[i]));
  const Sequential text{layers::Embedding(5, 3, {.mask_zero = true}), layers::LSTM(2),
                        layers::Dense(1, {.activation = "sigmoid"})};
  CHECK_NOTHROW(check_gradient(text, {{1, 2, 0}, {3, 4, 4}}, {{1.0f}, {0.0f}}, "binary_crossentropy"));
  model.get_layer(0).set_trainable(false);
  CHECK_NOTHROW(check_gradient(model, model_x, model_y));
}

TEST_CASE("check_gradient names the weight of a model whose derivative is wrong") {
  CHECK_THAT(message_of<Error>([] { check_gradient(gain_model({.gain_error = 1.5}), model_x, model_y); }),
             Catch::Matchers::StartsWith("check_gradient: mean_squared_error has the derivative ") &&
                 Catch::Matchers::Contains(" at (0) of sequential/gain/gain, where the loss has the slope "));
  CHECK_THAT(message_of<Error>([] { check_gradient(gain_model({.input_error = 1.5}), model_x, model_y); }),
             Catch::Matchers::Contains(" at (0, 0) of sequential/dense/kernel, where the loss has the slope "));
  CHECK(message_of<InvalidArgument>([] { check_gradient(gain_model({}), model_x, model_y, "mse", {.step = 0.0}); }) ==
        "check_gradient: step is 0; expected a positive number.");
}
