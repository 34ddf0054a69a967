// Defines a custom layer: Scale multiplies each feature by a gain that it learns. The program trains it on a problem
// with a known answer, then checks its gradients against differences of the loss, as every new layer should be.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iomanip>
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

// Prints the gradient of each weight, once from the layers and once from differences of the loss; returns the largest
// difference between the two.
double compare_gradients(Sequential& model, const Tensor& x, const Tensor& y) {
  // One step of gradient descent at rate 1 moves each weight by its gradient.
  model.compile(optimizers::SGD({.learning_rate = 1.0}), "mse");
  const std::vector<Tensor> before = model.get_weights();
  model.train_on_batch(x, y);
  const std::vector<Tensor> after = model.get_weights();

  const auto loss_with = [&](std::size_t weight, std::size_t i, float change) {
    std::vector<Tensor> weights = before;
    weights[weight].flat(i) += change;
    model.set_weights(weights);
    return model.test_on_batch(x, y)["loss"];
  };
  constexpr float h = 1e-2f;
  double largest = 0.0;
  std::cout << "weight     computed     measured\n" << std::fixed << std::setprecision(5);
  for (std::size_t weight = 0; weight < before.size(); ++weight) {
    for (std::size_t i = 0; i < before[weight].size(); ++i) {
      const double computed = before[weight].flat(i) - after[weight].flat(i);
      const double measured = (loss_with(weight, i, h) - loss_with(weight, i, -h)) / (2 * h);
      largest = std::max(largest, std::abs(computed - measured));
      std::cout << weight << '[' << i << ']' << std::setw(15) << computed << std::setw(13) << measured << '\n';
    }
  }
  model.set_weights(before);
  return largest;
}

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
  Sequential sandwich{Dense(2, {.activation = "tanh", .input_shape = {3}}), Scale({.start = 1.5}), Dense(1)};
  const double difference =
      compare_gradients(sandwich, xt::random::rand<float>({8, 3}, -1.f, 1.f), xt::random::rand<float>({8, 1}));
  std::cout << "largest difference " << difference << '\n';
  return difference <= 1e-3 ? EXIT_SUCCESS : EXIT_FAILURE;
}
