#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "xeras/losses/loss.hpp"

namespace xeras::testing {

constexpr double loss_tolerance = 2e-6;  // relative; Keras computes in float as well
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

// One batch that owns its numbers.
struct LossBatch {
  std::vector<float> y, p;
  std::int64_t true_columns = 1, pred_columns = 1;
  std::vector<std::uint8_t> mask = {};
  std::vector<float> weight = {};
  std::int64_t steps = 1;

  std::int64_t rows() const { return static_cast<std::int64_t>(p.size()) / pred_columns; }
  Targets targets() const;
  double loss(const losses::Loss& loss, std::vector<float>* dp = nullptr) const;
};

// Three rows of three probabilities, with rows of classes or labels as targets.
LossBatch probabilities(bool labels);
// Three rows.
LossBatch wide(std::int64_t columns);

// The loss of a row, and of a whole batch of predictions, plainly and in double.
using RowFormula = std::function<double(const std::vector<double>& y, const std::vector<double>& p)>;
using BatchFormula = std::function<double(const std::vector<double>& p)>;

RowFormula mean_of(std::function<double(double y, double p)> f);
// The reduction of RowLoss::compute.
double reference(const LossBatch& batch, const std::vector<double>& p, const RowFormula& row,
                 const std::string& reduction);

// The value against the formula, the gradient against differences of the formula.
void check_gradient(const losses::Loss& loss, const LossBatch& batch, const BatchFormula& formula);
void check_gradient(const losses::Loss& loss, const LossBatch& batch, const RowFormula& row,
                    const std::string& reduction);

// The same for every reduction, with and without a mask and weights.
template <class LossClass, class Options>
void check_gradients(LossBatch batch, const RowFormula& row, Options options) {
  for (const char* reduction : {"sum_over_batch_size", "mean", "sum", "mean_with_sample_weight"}) {
    options.reduction = reduction;
    const LossClass loss(options);
    for (const bool masked : {false, true}) {
      for (const bool weighted : {false, true}) {
        CAPTURE(loss.name(), reduction, masked, weighted);
        batch.mask.assign(masked ? static_cast<std::size_t>(batch.rows()) : 0, 1);
        if (masked) batch.mask[1] = 0;
        batch.weight.assign(weighted ? static_cast<std::size_t>(batch.rows()) : 0, 0.5f);
        if (weighted) batch.weight[0] = 3.0f;
        check_gradient(loss, batch, row, reduction);
      }
    }
  }
}

}  // namespace xeras::testing
