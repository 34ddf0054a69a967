#include "xeras/losses/loss.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;
using Catch::Matchers::WithinRel;

// Keras 3.15.1: losses.loss.reduce_weighted_values([[1, 4, 9], [16, 25, 36]], sample_weight, mask, reduction).
TEST_CASE("losses merge masks and weights as Keras does", "[losses]") {
  LossBatch batch{.y = {0, 0, 0, 0, 0, 0}, .p = {1, 2, 3, 4, 5, 6}, .mask = {1, 1, 0, 1, 0, 0}};
  CHECK_THAT(batch.loss(MeanSquaredError()), WithinRel(7.0, loss_tolerance));
  CHECK_THAT(batch.loss(MeanSquaredError({.reduction = "sum"})), WithinRel(21.0, loss_tolerance));
  CHECK_THAT(batch.loss(MeanSquaredError({.reduction = "mean_with_sample_weight"})), WithinRel(7.0, loss_tolerance));
  batch.weight = {0.5f, 1, 2, 3, 1, 1};
  CHECK_THAT(batch.loss(MeanSquaredError()), WithinRel(17.5, loss_tolerance));
  CHECK_THAT(batch.loss(MeanSquaredError({.reduction = "sum"})), WithinRel(52.5, loss_tolerance));
  CHECK_THAT(batch.loss(MeanSquaredError({.reduction = "mean_with_sample_weight"})),
             WithinRel(11.666667, loss_tolerance));
}

TEST_CASE("a batch without valid rows has loss 0 and no gradient", "[losses]") {
  for (const char* reduction : {"sum_over_batch_size", "sum", "mean", "mean_with_sample_weight"}) {
    CAPTURE(reduction);
    const MeanSquaredError loss({.reduction = reduction});
    std::vector<float> dp;
    CHECK(LossBatch{.y = {}, .p = {}}.loss(loss, &dp) == 0.0);
    CHECK(LossBatch{.y = {0, not_a_number}, .p = {1, 2}, .mask = {0, 0}}.loss(loss, &dp) == 0.0);
    CHECK((dp == std::vector<float>{0, 0}));
    CHECK(LossBatch{.y = {0, 0}, .p = {1, not_a_number}, .weight = {0, 0}}.loss(loss, &dp) == 0.0);
    CHECK((dp == std::vector<float>{0, 0}));
    CHECK(LossBatch{.y = {0, 0}, .p = {not_a_number, 2}, .mask = {0, 1}}.loss(loss, &dp) == 4.0);
    CHECK((dp == std::vector<float>{0, 4}));
  }
  CHECK(MeanSquaredError()(Tensor::from_shape({0, 3}), Tensor::from_shape({0, 3})) == 0.0);
}

TEST_CASE("losses refuse an unknown reduction", "[losses]") {
  CHECK(message_of<InvalidArgument>([] { MeanSquaredError({.reduction = "average"}); }) ==
        "mean_squared_error: reduction is \"average\"; expected one of sum_over_batch_size, mean, sum, "
        "mean_with_sample_weight.");
  CHECK(message_of<InvalidArgument>([] { MeanAbsoluteError({.reduction = "none"}); }) ==
        "mean_absolute_error: reduction is \"none\"; expected one of sum_over_batch_size, mean, sum, "
        "mean_with_sample_weight. Choose one of them: training minimizes a single number.");
  CHECK(message_of<InvalidArgument>([] {
          MeanAbsoluteError({.reduction = std::nullopt});
        }).starts_with("mean_absolute_error: reduction is None; expected one of "));
}

namespace {

// A loss of one's own, complete.
class Cubic final : public RowLoss {
 public:
  const std::string& name() const override { return name_; }
  Value get_config() const override { return Value::Dict{}; }

 protected:
  void rows(const Targets& t, float* values, float* dp) const override {
    for (std::int64_t r = 0; r < t.rows; ++r) {
      const float d = t.y_pred[r] - t.y_true[r];
      values[r] = std::abs(d * d * d);
      if (dp != nullptr) dp[r] = 3.0f * d * std::abs(d);
    }
  }
  const std::string& reduction() const override { return reduction_; }

 private:
  std::string name_ = "cubic";
  std::string reduction_ = "sum";
};

}  // namespace

TEST_CASE("a loss of one's own derives from RowLoss", "[losses]") {
  CHECK(Cubic()({1.0, 2.0}, {3.0, 2.0}) == 8.0);
  check_gradient(Cubic(), LossBatch{.y = {1, 2, 3}, .p = {3, 2, 2.5f}},
                 mean_of([](double y, double p) { return std::pow(std::abs(p - y), 3.0); }), "sum");
  const LossArgument argument = Cubic();
  CHECK(argument->name() == "cubic");
}

namespace {

// [dice]
struct SampleDiceOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "sample_dice";
};
XERAS_FIELDS(SampleDiceOptions, reduction, name)

// 1 - 2 sum(y p) / (sum y + sum p) of each whole sample, without masked rows. A sample has the weight of its first row.
class SampleDice final : public LossWith<SampleDiceOptions, Loss> {
 public:
  using LossWith::LossWith;

  double compute(const Targets& t, float* scratch, float* dp) const override {
    const std::int64_t samples = t.rows / t.steps, size = t.steps * t.pred_columns;
    float* const values = scratch;
    float* const weights = scratch + samples;
    std::int64_t unmasked = 0;
    for (std::int64_t s = 0; s < samples; ++s) {
      const auto counts = [&](std::int64_t i) { return t.mask == nullptr || t.mask[s * t.steps + i / t.pred_columns]; };
      const float* y = t.y_true + s * size;
      const float* p = t.y_pred + s * size;
      double both = 0.0, sum = 0.0;
      bool any = false;
      for (std::int64_t i = 0; i < size; ++i) {
        if (!counts(i)) continue;
        any = true;
        both += double{y[i]} * p[i];
        sum += double{y[i]} + p[i];
      }
      for (std::int64_t i = 0; dp != nullptr && i < size; ++i) {
        dp[s * size + i] = counts(i) ? static_cast<float>(2.0 * (both - y[i] * sum) / (sum * sum)) : 0.0f;
      }
      values[s] = any ? static_cast<float>(1.0 - 2.0 * both / sum) : 0.0f;
      weights[s] = any ? (t.sample_weight != nullptr ? t.sample_weight[s * t.steps] : 1.0f) : 0.0f;
      unmasked += any;
    }
    return reduce(values, weights, samples, unmasked, dp, size);
  }
  std::int64_t scratch_size(const Targets& t) const override { return 2 * (t.rows / t.steps); }
};
// [dice]

double dice(const LossBatch& batch, const std::vector<double>& p) {
  double total = 0.0;
  std::int64_t unmasked = 0;
  for (std::size_t first = 0; first < p.size(); first += static_cast<std::size_t>(batch.steps)) {
    double both = 0.0, sum = 0.0;
    for (std::size_t i = first; i < first + static_cast<std::size_t>(batch.steps); ++i) {
      if (!batch.mask.empty() && batch.mask[i] == 0) continue;
      both += batch.y[i] * p[i];
      sum += batch.y[i] + p[i];
    }
    if (sum == 0.0) continue;
    total += (batch.weight.empty() ? 1.0 : batch.weight[first]) * (1.0 - 2.0 * both / sum);
    ++unmasked;
  }
  return total / static_cast<double>(unmasked);
}

const LossBatch two_samples{.y = {1, 0, 1, 0, 1, 0}, .p = {0.5f, 0.5f, 1, 0.5f, 0.5f, 0}, .steps = 3};

// A loss whose targets are no rows: the square of (mean of a sample's predictions - sum of its targets).
class SampleTotal final : public LossWith<SampleDiceOptions, Loss> {
 public:
  using LossWith::LossWith;

  void check(const Input&, const Extents&, const std::string&) const override {}
  double compute(const Targets& t, float* scratch, float* dp) const override {
    const std::int64_t samples = t.rows / t.steps, size = t.steps * t.pred_columns;
    for (std::int64_t s = 0; s < samples; ++s) {
      float difference = 0.0f;
      for (std::int64_t i = 0; i < size; ++i) difference += t.y_pred[s * size + i] / static_cast<float>(size);
      for (std::int64_t i = 0; i < t.true_size; ++i) difference -= t.y_true[s * t.true_size + i];
      scratch[s] = difference * difference;
      scratch[samples + s] = 1.0f;
      if (dp != nullptr) std::fill_n(dp + s * size, size, 2.0f * difference / static_cast<float>(size));
    }
    return reduce(scratch, scratch + samples, samples, samples, dp, size);
  }
  std::int64_t scratch_size(const Targets& t) const override { return 2 * (t.rows / t.steps); }
};

}  // namespace

// Sample 0: 1 - 2 * 1.5 / 4 = 0.25; sample 1: 1 - 2 * 0.5 / 2 = 0.5.
TEST_CASE("Loss may be a function of each whole sample", "[losses]") {
  std::vector<float> dp;
  CHECK(two_samples.loss(SampleDice(), &dp) == 0.375);
  // 2 (1.5 - 4 y) / 16 and 2 (0.5 - 2 y) / 4, by half.
  CHECK((dp == std::vector<float>{-0.15625f, 0.09375f, -0.15625f, 0.125f, -0.375f, 0.125f}));
  CHECK(two_samples.loss(SampleDice({.reduction = "sum"})) == 0.75);
  LossBatch batch = two_samples;
  check_gradient(SampleDice(), batch, [&](const std::vector<double>& p) { return dice(batch, p); });
  batch.weight = {1, 1, 1, 3, 3, 3};
  CHECK(batch.loss(SampleDice()) == 0.875);
  CHECK(batch.loss(SampleDice({.reduction = "mean_with_sample_weight"})) == 0.4375);
  check_gradient(SampleDice(), batch, [&](const std::vector<double>& p) { return dice(batch, p); });
  batch.mask = {1, 1, 0, 0, 0, 0};  // 1 - 2 * 0.5 / 2, and 2 (0.5 - 2 y) / 4
  CHECK(batch.loss(SampleDice(), &dp) == 0.5);
  CHECK((dp == std::vector<float>{-0.75f, 0.25f, 0, 0, 0, 0}));
  batch.p = {0.4f, 0.3f, not_a_number, not_a_number, 0.5f, 0};
  CHECK_THAT(batch.loss(SampleDice()), WithinRel(1.0 - 0.8 / 1.7, loss_tolerance));
  CHECK(SampleDice()({{{1}, {0}, {1}}, {{0}, {1}, {0}}}, {{{0.5}, {0.5}, {1.0}}, {{0.5}, {0.5}, {0.0}}}) == 0.375);
  CHECK(SampleDice()({{1, 0, 1}, {0, 1, 0}}, {{{0.5}, {0.5}, {1.0}}, {{0.5}, {0.5}, {0.0}}}, {1, 3}) == 0.875);
  CHECK(message_of<InvalidInput>([] {
          SampleDice()({{1, 0}}, {{{0.5}, {0.5}, {1.0}}});
        }) ==
        "sample_dice: y has shape (1, 2) but sample_dice expects (1, 3, 1). Targets have the shape of the model's "
        "output: change y, or the last layer.");
}

// All predictions begin at 0.5: sample 0 with two ones has 1 - 2 * 1 / 3.5 = 3 / 7, sample 1 with one 1 - 1 / 2.5 =
// 0.6.
TEST_CASE("Loss of whole samples trains a model", "[losses]") {
  const Input x{{{1.0}, {-1.0}, {2.0}}, {{-1.0}, {1.0}, {-2.0}}}, y{{1, 0, 1}, {0, 1, 0}};
  Sequential model{layers::Dense(1, {.activation = "sigmoid", .kernel_initializer = "zeros", .input_shape = {3, 1}})};
  model.compile(optimizers::SGD({.learning_rate = 5.0}), SampleDice());
  CHECK_THAT(model.evaluate(x, y, {.verbose = 0})["loss"], WithinRel((3.0 / 7.0 + 0.6) / 2.0, loss_tolerance));
  CHECK_THAT(model.evaluate(x, y, {.batch_size = 1, .verbose = 0, .sample_weight = {1, 2}})["loss"],
             WithinRel((3.0 / 7.0 + 1.2) / 2.0, loss_tolerance));
  const History history = model.fit(x, y, {.batch_size = 1, .epochs = 10, .verbose = 0});
  CHECK(history["loss"].back() < 0.1);
}

TEST_CASE("Loss with a check of its own may take targets that are no rows", "[losses]") {
  const Input y{{1.0, 2.0}, {0.0, 1.0}}, p{{{2.0}, {3.0}, {4.0}}, {{0.0}, {0.0}, {0.0}}};
  CHECK(SampleTotal()(y, p) == 0.5);
  Sequential model{layers::Dense(1, {.kernel_initializer = "zeros", .input_shape = {3, 1}})};
  model.compile(optimizers::SGD({.learning_rate = 0.1}), SampleTotal());
  CHECK(model.evaluate(p, y, {.verbose = 0})["loss"] == 5.0);  // (9 + 1) / 2
  CHECK(model.fit(p, y, {.epochs = 100, .verbose = 0})["loss"].back() < 1e-3);
}
