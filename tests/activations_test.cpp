#include "xeras/activations.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/activation_references.hpp"
#include "support/activation_values.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::activations;
using namespace xeras::testing;
using namespace xeras::testing::activation_references;
using Catch::Matchers::Message;

TEST_CASE("Activations come by each of Keras's names, and back from their configurations", "[activations]") {
  for (const char* name : names) {
    CAPTURE(name);
    const Value config = to_value(get(name));
    CHECK(to_value(ActivationArgument(Activation::from_config(config, "test"))) == config);
    CHECK(to_value(ActivationArgument(Activation::from_config(name, "test"))) == config);
    CHECK(to_value(get(get(name)->class_name())) == config);
  }
  for (const Reference& reference : references()) {
    const Value config = to_value(reference.activation);
    CHECK(to_value(ActivationArgument(Activation::from_config(config, "test"))) == config);
  }
  CHECK(to_value(ActivationArgument(Relu({.negative_slope = 0.5, .max_value = 6.0}))).to_string() ==
        R"({"class_name": "Relu", "config": {"negative_slope": 0.5, "max_value": 6, "threshold": 0}})");
  CHECK(get("hard_swish")->class_name() == "HardSilu");
}

TEST_CASE("Activations of unknown names are refused with the known ones", "[activations]") {
  CHECK_THROWS_MATCHES(
      get("rellu"), InvalidArgument,
      Message(
          "activation \"rellu\" is unknown; did you mean \"relu\"? Known: celu, elu, exponential, gelu, hard_shrink, "
          "hard_sigmoid, hard_silu, hard_swish, hard_tanh, keras2_hard_sigmoid, leaky_relu, linear, log_sigmoid, "
          "log_softmax, mish, relu, "
          "relu6, selu, sigmoid, silu, soft_shrink, softmax, softplus, softsign, sparse_plus, sparse_sigmoid, "
          "sparsemax, squareplus, swish, tanh, tanh_shrink, threshold."));
}

TEST_CASE("Activations whose gradient follows from the output do not ask for the input", "[activations]") {
  for (const char* name :
       {"relu", "relu6", "leaky_relu", "elu", "selu", "celu", "sigmoid", "hard_sigmoid", "sparse_sigmoid", "tanh",
        "hard_tanh", "exponential", "soft_shrink", "hard_shrink", "linear", "softmax", "log_softmax", "sparsemax"}) {
    CAPTURE(name);
    CHECK_FALSE(get(name)->needs_input());
  }
  CHECK(get("gelu")->needs_input());
  CHECK(get("linear")->is_identity());
  CHECK_FALSE(get("relu")->is_identity());
}

TEST_CASE("Activations take tensors of any shape", "[activations]") {
  const Tensor y = Softmax()({{{0, 0}, {1, 1}}, {{5, 5}, {-3, -3}}});
  CHECK(shape_of(y) == Shape{2, 2, 2});
  for (const float value : y) CHECK(value == 0.5f);
  xt::xarray<float> w = xt::xarray<float>::from_shape({3});
  w.fill(-1.0f);
  const xt::xarray<float> halved = LeakyRelu({.negative_slope = 0.5})(w);
  CHECK(halved(2) == -0.5f);
  CHECK(get("relu")({-1, 2})(0) == 0.0f);
  xt::xarray<float> scalar = 3.0f;
  CHECK(Relu()(scalar)() == 3.0f);
  CHECK_THROWS_MATCHES(Relu()(Input()), InvalidInput, Message("Relu: no input; expected a tensor."));
}

TEST_CASE("Activations refuse options that make no sense", "[activations]") {
  CHECK_THROWS_MATCHES(Relu({.negative_slope = -1.0}), InvalidArgument,
                       Message("Relu: negative_slope is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(Relu({.max_value = -0.5}), InvalidArgument,
                       Message("Relu: max_value is -0.5; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(Relu({.threshold = not_a_number}), InvalidArgument,
                       Message("Relu: threshold is nan; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(LeakyRelu({.negative_slope = -1.0}), InvalidArgument,
                       Message("LeakyRelu: negative_slope is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(Elu({.alpha = -1.0}), InvalidArgument,
                       Message("Elu: alpha is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(Celu({.alpha = 0.0}), InvalidArgument,
                       Message("Celu: alpha is 0; expected a finite number > 0."));
  CHECK_THROWS_MATCHES(Squareplus({.b = -1.0}), InvalidArgument,
                       Message("Squareplus: b is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(SoftShrink({.threshold = -1.0}), InvalidArgument,
                       Message("SoftShrink: threshold is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(HardShrink({.threshold = -1.0}), InvalidArgument,
                       Message("HardShrink: threshold is -1; expected a finite number >= 0."));
}

namespace {
struct CubeOptions {
  double factor = 1.0;
};
XERAS_FIELDS(CubeOptions, factor)

class Cube final : public Configured<Activation, CubeOptions> {
 public:
  using Configured::Configured;
  void forward(const float* x, float* y, std::size_t rows, std::size_t columns) const override {
    const auto factor = static_cast<float>(config().factor);
    for (std::size_t i = 0; i < rows * columns; ++i) y[i] = factor * x[i] * x[i] * x[i];
  }
  void backward(const float* x, const float*, const float* dy, float* dx, std::size_t rows,
                std::size_t columns) const override {
    const auto factor = static_cast<float>(config().factor);
    for (std::size_t i = 0; i < rows * columns; ++i) dx[i] = 3.0f * factor * x[i] * x[i] * dy[i];
  }
};
}  // namespace

TEST_CASE("Activation: one of the user's own derives from it and goes where names go", "[activations]") {
  const ActivationArgument cube = Cube({.factor = 2.0});
  CHECK(cube({-1, 2})(1) == 16.0f);
  CHECK(slopes(cube, {3}) == std::vector<float>{54});
  CHECK(cube->needs_input());
  CHECK(to_value(cube).to_string() == R"({"class_name": "Cube", "config": {"factor": 2}})");
}

TEST_CASE("activations refuse numbers that are not finite, but for a limit of infinity, which is none") {
  CHECK_THROWS_MATCHES(Relu({.negative_slope = infinity}), InvalidArgument,
                       Message("Relu: negative_slope is inf; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(Threshold({.threshold = std::nan("")}), InvalidArgument,
                       Message("Threshold: threshold is nan; expected a finite number."));
  CHECK_THROWS_MATCHES(Threshold({.default_value = infinity}), InvalidArgument,
                       Message("Threshold: default_value is inf; expected a finite number."));
  CHECK_NOTHROW(Relu({.max_value = infinity}));
}
