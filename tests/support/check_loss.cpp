#include "support/check_loss.hpp"

#include <algorithm>
#include <cmath>

using Catch::Matchers::WithinRel;

namespace xeras::testing {
namespace {

constexpr double gradient_tolerance = 2e-4;  // of the largest gradient; central differences in double

}  // namespace

Targets LossBatch::targets() const {
  return {.y_true = y.data(),
          .y_pred = p.data(),
          .rows = rows(),
          .true_columns = true_columns,
          .pred_columns = pred_columns,
          .mask = mask.empty() ? nullptr : mask.data(),
          .sample_weight = weight.empty() ? nullptr : weight.data(),
          .steps = steps,
          .true_size = steps * true_columns};
}

double LossBatch::loss(const losses::Loss& loss, std::vector<float>* dp) const {
  std::vector<float> scratch(static_cast<std::size_t>(loss.scratch_size(targets())), not_a_number);
  if (dp != nullptr) dp->assign(p.size(), not_a_number);
  return loss.compute(targets(), scratch.data(), dp != nullptr ? dp->data() : nullptr);
}

LossBatch probabilities(bool labels) {
  LossBatch batch{.y = {0.0f, 1.0f, 0.0f, 0.2f, 0.3f, 0.5f, 1.0f, 0.0f, 0.0f},
                  .p = {0.1f, 0.7f, 0.3f, 0.5f, 0.25f, 1.5f, 0.2f, 0.3f, 0.5f},
                  .true_columns = 3,
                  .pred_columns = 3};
  if (labels) batch.y = {1.0f, 2.0f, 0.0f}, batch.true_columns = 1;
  return batch;
}

LossBatch wide(std::int64_t columns) {
  LossBatch batch{.y = {}, .p = {}, .true_columns = columns, .pred_columns = columns};
  for (std::int64_t i = 0; i < 3 * columns; ++i) {
    batch.y.push_back(static_cast<float>(i % 7) / 7.0f);
    batch.p.push_back(0.1f + static_cast<float>(i * 37 % 101) / 120.0f);
  }
  return batch;
}

RowFormula mean_of(std::function<double(double y, double p)> f) {
  return [f](const auto& y, const auto& p) {
    double sum = 0.0;
    for (std::size_t c = 0; c < p.size(); ++c) sum += f(y[c], p[c]);
    return sum / static_cast<double>(p.size());
  };
}

double reference(const LossBatch& batch, const std::vector<double>& p, const RowFormula& row,
                 const std::string& reduction) {
  double total = 0.0, valid = 0.0, weight_sum = 0.0;
  const auto columns = static_cast<std::size_t>(batch.pred_columns);
  const auto true_columns = static_cast<std::size_t>(batch.true_columns);
  for (std::size_t r = 0; r < static_cast<std::size_t>(batch.rows()); ++r) {
    if (!batch.mask.empty() && batch.mask[r] == 0) continue;
    const double w = batch.weight.empty() ? 1.0 : batch.weight[r];
    const auto y = batch.y.begin() + static_cast<std::ptrdiff_t>(r * true_columns);
    const auto q = p.begin() + static_cast<std::ptrdiff_t>(r * columns);
    total += w * row({y, y + batch.true_columns}, {q, q + batch.pred_columns});
    valid += 1.0;
    weight_sum += w;
  }
  return reduction == "sum" ? total : total / (reduction == "mean_with_sample_weight" ? weight_sum : valid);
}

void check_gradient(const losses::Loss& loss, const LossBatch& batch, const BatchFormula& formula) {
  std::vector<float> dp;
  const double value = batch.loss(loss, &dp);
  std::vector<double> p(batch.p.begin(), batch.p.end());
  CHECK_THAT(value, WithinRel(formula(p), loss_tolerance));
  CHECK(batch.loss(loss) == value);
  double largest = 0.0, worst = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double step = 1e-6 * std::max(1.0, std::abs(p[i]));
    const double at = p[i];
    p[i] = at + step;
    const double above = formula(p);
    p[i] = at - step;
    const double slope = (above - formula(p)) / (2.0 * step);
    p[i] = at;
    largest = std::max(largest, std::abs(slope));
    worst = std::max(worst, std::abs(slope - dp[i]));
  }
  CHECK(worst <= gradient_tolerance * largest);
}

void check_gradient(const losses::Loss& loss, const LossBatch& batch, const RowFormula& row,
                    const std::string& reduction) {
  check_gradient(loss, batch, [&](const std::vector<double>& p) { return reference(batch, p, row, reduction); });
}

}  // namespace xeras::testing
