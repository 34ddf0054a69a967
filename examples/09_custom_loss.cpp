// A loss and metrics of one's own: Quantile, whose smallest value is at a quantile of the targets. The program trains a
// model with it on numbers whose quantile is known, and stops by a metric of its own.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cmath>
#include <cstdlib>
#include <iostream>

using namespace xeras;
using namespace xeras::layers;

// [loss]
struct QuantileOptions {
  double quantile = 0.5;
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "quantile";
};
XERAS_FIELDS(QuantileOptions, quantile, reduction, name)

// mean max(q (y - p), (q - 1) (y - p)) over the columns of a row.
class Quantile final : public losses::LossWith<QuantileOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& t, float* values, float* dp) const override {
    const auto q = static_cast<float>(config().quantile), columns = static_cast<float>(t.pred_columns);
    for (std::int64_t r = 0; r < t.rows; ++r) {
      values[r] = 0.0f;
      for (std::int64_t i = r * t.pred_columns; i < (r + 1) * t.pred_columns; ++i) {
        const float error = t.y_true[i] - t.y_pred[i], slope = error > 0.0f ? q : q - 1.0f;
        values[r] += slope * error / columns;
        if (dp != nullptr) dp[i] = -slope / columns;
      }
    }
  }
};
// [loss]

// [mean of a loss]
struct MeanQuantileOptions {
  std::string name = "mean_quantile";
  double quantile = 0.5;
};
XERAS_FIELDS(MeanQuantileOptions, name, quantile)
XERAS_LOSS_METRIC(MeanQuantile, Quantile)
// [mean of a loss]

// [metric]
struct CoverageOptions {
  std::string name = "coverage";
};
XERAS_FIELDS(CoverageOptions, name)

// The share of targets that are not above their prediction.
class Coverage final : public metrics::MetricWith<Coverage, CoverageOptions> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& t, float* values, float*) const override {
    for (std::int64_t r = 0; r < t.rows; ++r) {
      values[r] = 0.0f;
      for (std::int64_t i = r * t.pred_columns; i < (r + 1) * t.pred_columns; ++i) {
        values[r] += t.y_true[i] <= t.y_pred[i] ? 1.0f / static_cast<float>(t.pred_columns) : 0.0f;
      }
    }
  }
};
// [metric]

int main() {
  set_random_seed(7);
  const Tensor x = xt::random::rand<float>({1000, 2}, -1.f, 1.f);
  const Tensor y = xt::random::rand<float>({1000, 1}, 0.f, 1.f);  // the quantile 0.9 is 0.9, whatever x is

  // [train]
  Sequential model{Dense(1, {.input_shape = {2}})};
  model.compile(optimizers::Adam({.learning_rate = 0.01}), Quantile({.quantile = 0.9}),
                {Coverage(), MeanQuantile({.quantile = 0.9})});
  const History history =
      model.fit(x, y,
                {.epochs = 100,
                 .verbose = 0,
                 .callbacks = {callbacks::EarlyStopping({.monitor = "mean_quantile", .patience = 5})}});
  // [train]

  const double coverage = history["coverage"].back();
  std::cout << history["loss"].size() << " epochs; " << 100.0 * coverage << "% of the targets are covered\n";
  return std::abs(coverage - 0.9) < 0.05 ? EXIT_SUCCESS : EXIT_FAILURE;
}
