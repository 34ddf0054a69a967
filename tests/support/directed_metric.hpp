#pragma once

#include <string>
#include <vector>

#include "xeras/xeras.hpp"

namespace xeras::testing {

struct DirectedOptions {
  std::string name = "own";
};
XERAS_FIELDS(DirectedOptions, name)

// The mean prediction, with a direction that the name does not tell.
template <metrics::Direction direction>
class Directed final : public metrics::MetricWith<Directed<direction>, DirectedOptions, direction> {
 public:
  using metrics::MetricWith<Directed<direction>, DirectedOptions, direction>::MetricWith;

 protected:
  void rows(const Targets& given, float* values, float*) const override {
    std::copy_n(given.y_pred, given.rows, values);
  }
};
using Rising = Directed<metrics::Direction::up>;
using Falling = Directed<metrics::Direction::down>;
using Undirected = Directed<metrics::Direction::none>;

inline Sequential one_weight(std::vector<MetricArgument> some, CompileOptions options = {}) {
  Sequential model{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse", std::move(some), std::move(options));
  return model;
}

// Sets the weight of the model above, which is what it predicts for 1, before each epoch.
class Predicts final : public callbacks::Callback {
 public:
  explicit Predicts(std::vector<float> values) : values_(std::move(values)) {}
  void on_epoch_begin(std::int64_t epoch) override {
    model().set_weights({Tensor(Tensor::shape_type{1, 1}, values_[static_cast<std::size_t>(epoch)])});
  }

 private:
  std::vector<float> values_;
};

inline std::string no_direction(std::string who, std::string monitor) {
  return std::move(who) + ": monitor is \"" + std::move(monitor) +
         "\", a metric without direction, and mode is \"auto\"; expected mode \"min\" or \"max\". Set mode to \"max\" "
         "where a larger value is better.";
}

}  // namespace xeras::testing
