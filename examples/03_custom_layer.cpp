// Defines a custom layer: Scale multiplies each feature by a gain that it learns. The program trains it on a problem
// with a known answer, then checks its gradients against differences of the loss, as every new layer should be.
#include <xeras/testing.hpp>
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <iostream>

using namespace xeras;
using namespace xeras::layers;

// [scale]
// The constructor's arguments, in order; `name` and `trainable` are of every layer.
struct ScaleConfig {
  double start = 1.0;
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(ScaleConfig, start, name, trainable)

class Scale final : public LayerWith<ScaleConfig> {
 public:
  using LayerWith::LayerWith;

  Spec build(const Spec& input, Builder& b) override {
    b.expect(input, {.min_rank = 2});
    gain_ = b.weight("gain", {input.last()}, initializers::Constant(config().start));
    return input;  // the same shape comes out, and a mask passes through
  }

  void forward(const Call& c) const override { c.output().matrix() = c.input().matrix() * c[gain_].flat(); }

  void backward(const BackwardCall& c) const override {
    // A frozen weight has no gradient, nor has the input of a model's first layer.
    if (c.wants_grad(gain_)) c.grad(gain_).flat() += xt::sum(c.output_grad().matrix() * c.input().matrix(), {0});
    if (c.wants_input_grad()) c.input_grad().matrix() = c.output_grad().matrix() * c[gain_].flat();
  }

 private:
  Weight gain_{};  // (features)
};
// [scale]

int main() {
  set_random_seed(7);
  const Tensor x = xt::random::rand<float>({256, 4}, -1.f, 1.f);

  // [train]
  Sequential model{Scale({.start = 1.0, .name = "scale"})};
  model.build({None, 4});
  model.summary();

  const Tensor gains{3.f, -1.f, 0.5f, 2.f};
  model.compile(optimizers::Adam({.learning_rate = 0.05}), "mse");
  model.fit(x, x * gains, {.epochs = 40, .verbose = 0});
  std::cout << "gains to find " << gains << "\nlearned       " << model.get_weights()[0] << "\n\n";
  // [train]

  // The first Dense learns from the gradient that Scale passes back, so this checks that gradient too.
  // [check]
  Sequential sandwich{Dense(2, {.activation = "tanh", .input_shape = {3}}), Scale({.start = 1.5}), Dense(1)};
  testing::check_gradient(sandwich, xt::random::rand<float>({8, 3}, -1.f, 1.f), xt::random::rand<float>({8, 1}));
  // [check]
  std::cout << "the gradients of all weights are right\n";
}
