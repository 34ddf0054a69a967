#pragma once

#include <stdexcept>
#include <vector>

#include "xeras/xeras.hpp"

// A small training, and an accident in it, for callbacks that save models.
namespace xeras::testing {

inline const xt::xarray<int> ids{{1, 2, 3}, {4, 5, 0}, {6, 0, 0}, {7, 8, 9}, {2, 2, 2}};
inline const xt::xtensor<float, 2> targets{{0}, {1}, {1}, {0}, {1}};

// The same model each time, with dropout.
inline Sequential make_model(OptimizerArgument optimizer = "adam", std::vector<MetricArgument> metrics = {}) {
  set_random_seed(3);
  Sequential model{layers::Embedding(10, 4, {.mask_zero = true}), layers::LSTM(5, {.dropout = 0.2}), layers::Dense(1)};
  model.compile(std::move(optimizer), "mse", std::move(metrics));
  return model;
}

// Throws after so many batches.
class Accident final : public callbacks::Callback {
 public:
  explicit Accident(std::int64_t batches) : left_(batches) {}
  void on_train_batch_end(std::int64_t, const Scores&) override {
    if (--left_ == 0) throw std::runtime_error("power cut");
  }

 private:
  std::int64_t left_;
};

}  // namespace xeras::testing
