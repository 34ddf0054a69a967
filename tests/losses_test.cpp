#include "xeras/losses.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::losses;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double keras_tolerance = 2e-6;     // relative; Keras computes in float as well
constexpr double gradient_tolerance = 2e-4;  // of the largest gradient; central differences in double
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

// The arrays behind the numbers from Keras.
const Input y_binary{{0.0f, 1.0f, 1.0f}, {1.0f, 0.0f, 0.25f}};
const Input p_binary{{0.1f, 0.8f, 1.0f}, {0.6f, 0.3f, 0.0f}};  // 1 and 0 are clipped
const Input x_binary{{-2.0f, 3.0f, 0.5f}, {0.0f, -20.0f, 40.0f}};
const Input y_classes{{0.0f, 1.0f, 0.0f}, {0.2f, 0.3f, 0.5f}};
const Input p_classes{{0.1f, 0.7f, 0.3f}, {0.5f, 0.0f, 1.5f}};  // rows do not add up to 1
const Input x_classes{{1.0f, 2.0f, -3.0f}, {100.0f, 0.0f, -50.0f}};
const Input weights{0.5f, 2.0f};
const Input y_labels{1, 2, 0, 1};
const Input p_labels{{0.1f, 0.7f, 0.3f}, {0.2f, 0.3f, 0.5f}, {1.0f, 0.0f, 0.0f}, {0.9f, 0.0f, 0.3f}};
const Input x_labels{{1.0f, 2.0f, -3.0f}, {0.0f, 0.5f, -1.0f}, {100.0f, 0.0f, -50.0f}, {3.0f, 2.0f, 1.0f}};
const Input label_weights{0.5f, 2.0f, 1.0f, 3.0f};

// One batch that owns its numbers.
struct Batch {
  std::vector<float> y, p;
  std::int64_t true_columns = 1, pred_columns = 1;
  std::vector<std::uint8_t> mask = {};
  std::vector<float> weight = {};

  std::int64_t rows() const { return static_cast<std::int64_t>(p.size()) / pred_columns; }
  double loss(const Loss& loss, std::vector<float>* dp = nullptr) const {
    std::vector<float> scratch(2 * static_cast<std::size_t>(rows()), not_a_number);
    if (dp != nullptr) dp->assign(p.size(), not_a_number);
    return loss.compute({y.data(), p.data(), rows(), true_columns, pred_columns, mask.empty() ? nullptr : mask.data(),
                         weight.empty() ? nullptr : weight.data()},
                        scratch.data(), dp != nullptr ? dp->data() : nullptr);
  }
};

using RowLoss = std::function<double(const std::vector<double>& y, const std::vector<double>& p)>;

// To the bounds in float: 1 - 1e-7 is 0.99999988 there.
double clip(double p) { return std::min(std::max(p, 1e-7), static_cast<double>(1.0f - 1e-7f)); }

RowLoss mean_of(std::function<double(double y, double p)> f) {
  return [f](const auto& y, const auto& p) {
    double sum = 0.0;
    for (std::size_t c = 0; c < p.size(); ++c) sum += f(y[c], p[c]);
    return sum / static_cast<double>(p.size());
  };
}

RowLoss crossentropy(bool from_logits, double smoothing, bool labels) {
  return [=](const std::vector<double>& y, const std::vector<double>& p) {
    double sum = 0.0, result = 0.0;
    for (const double value : p) sum += from_logits ? std::exp(value) : value;
    for (std::size_t c = 0; c < p.size(); ++c) {
      const double plain = labels ? (y[0] == static_cast<double>(c) ? 1.0 : 0.0) : y[c];
      const double target = plain * (1.0 - smoothing) + smoothing / static_cast<double>(p.size());
      result -= target * (from_logits ? p[c] - std::log(sum) : std::log(clip(p[c] / sum)));
    }
    return result;
  };
}

double binary(double y, double p, double s = 0.0) {
  y = y * (1.0 - s) + s / 2.0;
  return -(y * std::log(clip(p)) + (1.0 - y) * std::log(1.0 - clip(p)));
}
double binary_of_logit(double y, double x, double s = 0.0) {
  y = y * (1.0 - s) + s / 2.0;
  return y * std::log1p(std::exp(-x)) + (1.0 - y) * std::log1p(std::exp(x));
}

// What compute promises, plainly and in double.
double reference(const Batch& batch, const std::vector<double>& p, const RowLoss& row, const std::string& reduction) {
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

void check_gradient(const Loss& loss, const Batch& batch, const RowLoss& row, const std::string& reduction) {
  std::vector<float> dp;
  const double value = batch.loss(loss, &dp);
  std::vector<double> p(batch.p.begin(), batch.p.end());
  CHECK_THAT(value, WithinRel(reference(batch, p, row, reduction), keras_tolerance));
  CHECK(batch.loss(loss) == value);
  double largest = 0.0, worst = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double step = 1e-6 * std::max(1.0, std::abs(p[i]));
    const double at = p[i];
    p[i] = at + step;
    const double above = reference(batch, p, row, reduction);
    p[i] = at - step;
    const double slope = (above - reference(batch, p, row, reduction)) / (2.0 * step);
    p[i] = at;
    largest = std::max(largest, std::abs(slope));
    worst = std::max(worst, std::abs(slope - dp[i]));
  }
  CHECK(worst <= gradient_tolerance * largest);
}

// Every reduction, with and without a mask and weights.
template <class LossClass, class Options>
void check_gradients(Batch batch, const RowLoss& row, Options options) {
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

Batch probabilities(bool labels) {
  Batch batch{.y = {0.0f, 1.0f, 0.0f, 0.2f, 0.3f, 0.5f, 1.0f, 0.0f, 0.0f},
              .p = {0.1f, 0.7f, 0.3f, 0.5f, 0.25f, 1.5f, 0.2f, 0.3f, 0.5f},
              .true_columns = 3,
              .pred_columns = 3};
  if (labels) batch.y = {1.0f, 2.0f, 0.0f}, batch.true_columns = 1;
  return batch;
}

Batch wide(std::int64_t columns) {
  Batch batch{.y = {}, .p = {}, .true_columns = columns, .pred_columns = columns};
  for (std::int64_t i = 0; i < 3 * columns; ++i) {
    batch.y.push_back(static_cast<float>(i % 7) / 7.0f);
    batch.p.push_back(0.1f + static_cast<float>(i * 37 % 101) / 120.0f);
  }
  return batch;
}

}  // namespace

TEST_CASE("losses have the names of Keras", "[losses]") {
  for (const char* name : {"mse", "MSE", "mean_squared_error", "MeanSquaredError"}) {
    CHECK(get(name)->class_name() == "MeanSquaredError");
  }
  for (const char* name : {"mae", "MAE", "mean_absolute_error", "MeanAbsoluteError"}) {
    CHECK(get(name)->class_name() == "MeanAbsoluteError");
  }
  for (const char* name : {"bce", "BCE", "binary_crossentropy", "BinaryCrossentropy"}) {
    CHECK(get(name)->class_name() == "BinaryCrossentropy");
  }
  CHECK(get("categorical_crossentropy")->name() == "categorical_crossentropy");
  CHECK(get("sparse_categorical_crossentropy")->name() == "sparse_categorical_crossentropy");
  CHECK(get("mse")({1.0, 2.0}, {1.0, 4.0}) == 2.0);
  CHECK(message_of<InvalidArgument>([] { get("mean_sqared_error"); }) ==
        "loss \"mean_sqared_error\" is unknown; did you mean \"mean_squared_error\"? Known: BCE, MAE, MSE, bce, "
        "binary_crossentropy, categorical_crossentropy, mae, mean_absolute_error, mean_squared_error, mse, "
        "sparse_categorical_crossentropy.");
}

TEST_CASE("losses come back from their configuration", "[losses]") {
  const LossArgument loss =
      SparseCategoricalCrossentropy({.from_logits = true, .ignore_class = 255, .reduction = "sum"});
  const Value value = to_value(loss);
  CHECK(value.to_string() ==
        R"({"class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": true, "ignore_class": 255, )"
        R"("reduction": "sum", "axis": -1, "name": "sparse_categorical_crossentropy"}})");
  CHECK(Loss::from_config(value, "loss")->get_config() == loss->get_config());
  CHECK(Loss::from_config("mse", "loss")->class_name() == "MeanSquaredError");
}

// Keras 3.15.1, e.g. keras.losses.MeanSquaredError()(y_binary, p_binary, sample_weight=weights); numpy backend, and jax
// for the logits of binary_crossentropy, which numpy clips.
TEST_CASE("losses give the numbers of Keras", "[losses]") {
  const auto expect = [](double loss, double keras) { CHECK_THAT(loss, WithinRel(keras, keras_tolerance)); };
  expect(MeanSquaredError()(y_binary, p_binary), 0.0604166649);
  expect(MeanSquaredError()(y_binary, p_binary, weights), 0.108333334);
  expect(MeanSquaredError({.reduction = "mean"})(y_binary, p_binary, weights), 0.108333334);
  expect(MeanSquaredError({.reduction = "sum"})(y_binary, p_binary), 0.12083333);
  expect(MeanSquaredError({.reduction = "sum"})(y_binary, p_binary, weights), 0.216666669);
  expect(MeanSquaredError({.reduction = "mean_with_sample_weight"})(y_binary, p_binary), 0.0604166649);
  expect(MeanSquaredError({.reduction = "mean_with_sample_weight"})(y_binary, p_binary, weights), 0.086666666);
  expect(MeanAbsoluteError()(y_binary, p_binary), 0.208333328);
  expect(MeanAbsoluteError()(y_binary, p_binary, weights), 0.341666669);
  expect(BinaryCrossentropy()(y_binary, p_binary), 0.870921373);
  expect(BinaryCrossentropy()(y_binary, p_binary, weights), 1.65971673);
  expect(BinaryCrossentropy({.label_smoothing = 0.2})(y_binary, p_binary), 1.35154998);
  expect(BinaryCrossentropy({.label_smoothing = 0.2})(y_binary, p_binary, weights), 2.13282633);
  expect(BinaryCrossentropy({.from_logits = true})(y_binary, x_binary), 5.22379017);
  expect(BinaryCrossentropy({.from_logits = true, .label_smoothing = 0.2})(y_binary, x_binary), 5.31545687);
  expect(CategoricalCrossentropy()(y_classes, p_classes), 2.85425711);
  expect(CategoricalCrossentropy()(y_classes, p_classes, weights), 5.36952496);
  expect(CategoricalCrossentropy({.label_smoothing = 0.2})(y_classes, p_classes), 3.01477981);
  expect(CategoricalCrossentropy({.label_smoothing = 0.2})(y_classes, p_classes, weights), 5.55091047);
  expect(CategoricalCrossentropy({.from_logits = true})(y_classes, x_classes), 52.6590881);
  expect(CategoricalCrossentropy({.from_logits = true, .label_smoothing = 0.2})(y_classes, x_classes), 50.6924248);
  expect(SparseCategoricalCrossentropy()(y_labels, p_labels), 4.31580687);
  expect(SparseCategoricalCrossentropy()(y_labels, p_labels, label_weights), 12.491643);
  expect(SparseCategoricalCrossentropy({.from_logits = true})(y_labels, x_labels), 0.957477927);
}

// Keras 3.15.1, jax: SparseCategoricalCrossentropy(ignore_class=1, reduction=...)(y_labels, p_labels,
// sample_weight=...).
TEST_CASE("SparseCategoricalCrossentropy leaves ignore_class out of sums and counts", "[losses]") {
  const auto loss = [](const char* reduction, const Input& sample_weight) {
    return SparseCategoricalCrossentropy({.ignore_class = 1, .reduction = reduction})(y_labels, p_labels,
                                                                                      sample_weight);
  };
  CHECK_THAT(loss("sum_over_batch_size", {}), WithinRel(0.346573651, keras_tolerance));
  CHECK_THAT(loss("sum_over_batch_size", label_weights), WithinRel(0.693147242, keras_tolerance));
  CHECK_THAT(loss("sum", {}), WithinRel(0.693147302, keras_tolerance));
  CHECK_THAT(loss("sum", label_weights), WithinRel(1.38629448, keras_tolerance));
  CHECK_THAT(loss("mean_with_sample_weight", label_weights), WithinRel(0.462098151, keras_tolerance));
  const SparseCategoricalCrossentropy with_padding({.ignore_class = -1});
  CHECK_THAT(with_padding({-1, 2}, {{0.2, 0.3, 0.5}, {0.2, 0.3, 0.5}}), WithinRel(-std::log(0.5), keras_tolerance));
  std::vector<float> dp;
  Batch{.y = {-1, 2}, .p = {0.2f, 0.3f, 0.5f, 0.2f, 0.3f, 0.5f}, .pred_columns = 3}.loss(with_padding, &dp);
  CHECK((std::vector<float>(dp.begin(), dp.begin() + 3) == std::vector<float>{0, 0, 0}));
}

// Keras 3.15.1: losses.loss.reduce_weighted_values([[1, 4, 9], [16, 25, 36]], sample_weight, mask, reduction).
TEST_CASE("losses merge masks and weights as Keras does", "[losses]") {
  Batch batch{.y = {0, 0, 0, 0, 0, 0}, .p = {1, 2, 3, 4, 5, 6}, .mask = {1, 1, 0, 1, 0, 0}};
  CHECK_THAT(batch.loss(MeanSquaredError()), WithinRel(7.0, keras_tolerance));
  CHECK_THAT(batch.loss(MeanSquaredError({.reduction = "sum"})), WithinRel(21.0, keras_tolerance));
  CHECK_THAT(batch.loss(MeanSquaredError({.reduction = "mean_with_sample_weight"})), WithinRel(7.0, keras_tolerance));
  batch.weight = {0.5f, 1, 2, 3, 1, 1};
  CHECK_THAT(batch.loss(MeanSquaredError()), WithinRel(17.5, keras_tolerance));
  CHECK_THAT(batch.loss(MeanSquaredError({.reduction = "sum"})), WithinRel(52.5, keras_tolerance));
  CHECK_THAT(batch.loss(MeanSquaredError({.reduction = "mean_with_sample_weight"})),
             WithinRel(11.666667, keras_tolerance));
}

TEST_CASE("losses have the gradients of their formulas", "[losses]") {
  const Batch some = probabilities(false);
  check_gradients<MeanSquaredError>(some, mean_of([](double y, double p) { return (y - p) * (y - p); }),
                                    MeanSquaredErrorOptions());
  check_gradients<MeanAbsoluteError>(some, mean_of([](double y, double p) { return std::abs(y - p); }),
                                     MeanAbsoluteErrorOptions());
  for (const double s : {0.0, 0.2}) {
    check_gradients<BinaryCrossentropy>(some, mean_of([s](double y, double p) { return binary(y, p, s); }),
                                        BinaryCrossentropyOptions{.label_smoothing = s});
    check_gradients<BinaryCrossentropy>(some, mean_of([s](double y, double x) { return binary_of_logit(y, x, s); }),
                                        BinaryCrossentropyOptions{.from_logits = true, .label_smoothing = s});
    for (const bool logits : {false, true}) {
      check_gradients<CategoricalCrossentropy>(
          some, crossentropy(logits, s, false),
          CategoricalCrossentropyOptions{.from_logits = logits, .label_smoothing = s});
    }
  }
  for (const bool logits : {false, true}) {
    check_gradients<SparseCategoricalCrossentropy>(probabilities(true), crossentropy(logits, 0.0, true),
                                                   SparseCategoricalCrossentropyOptions{.from_logits = logits});
  }
}

TEST_CASE("losses take rows of any width", "[losses]") {
  for (const std::int64_t columns : {1, 2, 255, 256, 257, 1000}) {
    CAPTURE(columns);
    const Batch batch = wide(columns);
    const std::vector<double> predictions(batch.p.begin(), batch.p.end());
    const auto expect = [&](const Loss& loss, const RowLoss& row) {
      const double expected = reference(batch, predictions, row, "mean");
      CHECK_THAT(batch.loss(loss), WithinAbs(expected, keras_tolerance * std::max(1.0, expected)));
    };
    expect(MeanSquaredError(), mean_of([](double y, double p) { return (y - p) * (y - p); }));
    expect(BinaryCrossentropy(), mean_of([](double y, double p) { return binary(y, p); }));
    for (const bool logits : {false, true}) {
      expect(CategoricalCrossentropy({.from_logits = logits, .label_smoothing = 0.1}),
             crossentropy(logits, 0.1, false));
    }
  }
}

TEST_CASE("crossentropies have no gradient where a probability is clipped", "[losses]") {
  std::vector<float> dp;
  Batch{.y = {1, 0, 1}, .p = {0, 1, 1.5f}}.loss(BinaryCrossentropy(), &dp);
  CHECK((dp == std::vector<float>{0, 0, 0}));
  Batch{.y = {1, 0}, .p = {0, 2}, .true_columns = 2, .pred_columns = 2}.loss(CategoricalCrossentropy(), &dp);
  CHECK((dp == std::vector<float>{0, 0}));
  Batch{.y = {0}, .p = {0, 2}, .pred_columns = 2}.loss(SparseCategoricalCrossentropy(), &dp);
  CHECK((dp == std::vector<float>{0, 0}));
  // The class with q = 0 takes no part; the other's gradient is that of -0.5 log(q / sum).
  Batch{.y = {0.5f, 0.25f, 0.25f}, .p = {0, 1, 3}, .true_columns = 3, .pred_columns = 3}.loss(CategoricalCrossentropy(),
                                                                                              &dp);
  CHECK_THAT(dp[0], WithinAbs(0.125, keras_tolerance));
  CHECK_THAT(dp[1], WithinAbs(0.125 - 0.25, keras_tolerance));
  CHECK_THAT(dp[2], WithinAbs(0.125 - 0.25 / 3.0, keras_tolerance));
}

TEST_CASE("losses of logits neither overflow nor lose small numbers", "[losses]") {
  std::vector<float> dp;
  const BinaryCrossentropy binary_logits({.from_logits = true});
  CHECK(Batch{.y = {0, 1}, .p = {1000, -1000}}.loss(binary_logits, &dp) == 1000.0);
  CHECK((dp == std::vector<float>{0.5f, -0.5f}));
  CHECK_THAT((Batch{.y = {0}, .p = {-30}}.loss(binary_logits)), WithinRel(std::exp(-30.0), 1e-5));
  const SparseCategoricalCrossentropy sparse_logits({.from_logits = true});
  CHECK(Batch{.y = {1}, .p = {1000, -1000}, .pred_columns = 2}.loss(sparse_logits, &dp) == 2000.0);
  CHECK((dp == std::vector<float>{1, -1}));
  CHECK(Batch{.y = {0}, .p = {0, -infinity}, .pred_columns = 2}.loss(sparse_logits) == 0.0);
  CHECK(Batch{.y = {0, 1}, .p = {1000, -1000}, .true_columns = 2, .pred_columns = 2}.loss(
            CategoricalCrossentropy({.from_logits = true})) == 2000.0);
}

TEST_CASE("a batch without valid rows has loss 0 and no gradient", "[losses]") {
  for (const char* reduction : {"sum_over_batch_size", "sum", "mean", "mean_with_sample_weight"}) {
    CAPTURE(reduction);
    const MeanSquaredError loss({.reduction = reduction});
    std::vector<float> dp;
    CHECK(Batch{.y = {}, .p = {}}.loss(loss, &dp) == 0.0);
    CHECK(Batch{.y = {0, not_a_number}, .p = {1, 2}, .mask = {0, 0}}.loss(loss, &dp) == 0.0);
    CHECK((dp == std::vector<float>{0, 0}));
    CHECK(Batch{.y = {0, 0}, .p = {1, not_a_number}, .weight = {0, 0}}.loss(loss, &dp) == 0.0);
    CHECK((dp == std::vector<float>{0, 0}));
    CHECK(Batch{.y = {0, 0}, .p = {not_a_number, 2}, .mask = {0, 1}}.loss(loss, &dp) == 4.0);
    CHECK((dp == std::vector<float>{0, 4}));
  }
  CHECK(MeanSquaredError()(Tensor::from_shape({0, 3}), Tensor::from_shape({0, 3})) == 0.0);
}

TEST_CASE("losses allocate nothing for a batch", "[losses]") {
  Batch batch = wide(300);
  batch.mask = {1, 0, 1};
  batch.weight = {1, 2, 3};
  std::vector<float> scratch(6), dp(batch.p.size());
  Targets targets{batch.y.data(), batch.p.data(), 3, 300, 300, batch.mask.data(), batch.weight.data()};
  for (const char* name : {"mse", "mae", "bce", "categorical_crossentropy", "sparse_categorical_crossentropy"}) {
    const LossArgument loss = name;
    if (loss->class_name() == "SparseCategoricalCrossentropy") targets.true_columns = 1;
    const testing::AllocationCounter allocations;
    loss->compute(targets, scratch.data(), dp.data());
    loss->compute(targets, scratch.data(), nullptr);
    CHECK(allocations.count() == 0);
  }
}

TEST_CASE("losses allow a last axis of 1 to be missing or extra", "[losses]") {
  const Input column{{1.0}, {2.0}}, vector{1.0, 2.0};
  const Input sequence{{{1.0}, {2.0}}, {{3.0}, {4.0}}}, flat{{1.0, 2.0}, {3.0, 6.0}};
  CHECK(MeanSquaredError()(vector, {{1.0}, {4.0}}) == 2.0);
  CHECK(MeanSquaredError()(column, {1.0, 4.0}) == 2.0);
  CHECK(MeanSquaredError()(column, {{1.0}, {4.0}}, {{3.0}, {1.0}}) == 2.0);
  CHECK(MeanSquaredError()(flat, sequence) == 1.0);
  CHECK(MeanSquaredError()(sequence, flat) == 1.0);
  CHECK(MeanSquaredError()(sequence, flat, {1.0, 3.0}) == 3.0);
  CHECK(MeanSquaredError()(flat, sequence, {1.0, 3.0}) == 3.0);
  CHECK(MeanSquaredError()(flat, sequence, {{1.0, 1.0}, {1.0, 2.0}}) == 2.0);
  CHECK(SparseCategoricalCrossentropy()({{1}, {0}}, {{0.5, 0.5}, {0.5, 0.5}}) ==
        SparseCategoricalCrossentropy()({1, 0}, {{0.5, 0.5}, {0.5, 0.5}}));
}

TEST_CASE("losses say what targets they expect", "[losses]") {
  const auto check = [](const Loss& loss, const Input& y, const Extents& y_pred) {
    return message_of<InvalidInput>([&] { loss.check(y, y_pred, "fit"); });
  };
  const Tensor one = xt::zeros<float>({600, 1}), three = xt::zeros<float>({600, 3}), ten = xt::zeros<float>({600, 10});
  CHECK(
      check(CategoricalCrossentropy(), one, {32, 10}) ==
      "fit: y has shape (600, 1) but categorical_crossentropy expects (600, 10) one-hot rows. For integer classes use "
      "sparse_categorical_crossentropy.");
  CHECK(check(SparseCategoricalCrossentropy(), ten, {32, 10}) ==
        "fit: y has shape (600, 10) but sparse_categorical_crossentropy expects (600,) class numbers. For one-hot rows "
        "use categorical_crossentropy.");
  CHECK(check(MeanSquaredError(), three, {32, 1}) ==
        "fit: y has shape (600, 3) but mean_squared_error expects (600, 1). Targets have the shape of the model's "
        "output: change y, or the last layer.");
  CHECK(check(BinaryCrossentropy(), {0.0f, 1.0f, 0.5f, not_a_number}, {4, 1}) ==
        "fit: y has nan at row 3; expected finite numbers. Remove or fill it.");
  CHECK(check(MeanSquaredError(), {{0.0f, 1.0f}, {-infinity, 2.0f}}, {2, 2}) ==
        "fit: y has -inf at row 1; expected finite numbers. Remove or fill it.");
  CHECK(check(SparseCategoricalCrossentropy(), {0, 1, 9, 12}, {4, 10}) ==
        "fit: y has label 12 at row 3; expected whole numbers 0..9, since the prediction has 10 classes. Number the "
        "classes from 0, or give the last layer more units.");
  CHECK(check(SparseCategoricalCrossentropy(), {{0.0, 1.0}, {0.5, 1.0}}, {2, 2, 10}) ==
        "fit: y has label 0.5 at row 1; expected whole numbers 0..9, since the prediction has 10 classes. Number the "
        "classes from 0, or give the last layer more units.");
  CHECK(check(SparseCategoricalCrossentropy(), {-1}, {1, 10}).starts_with("fit: y has label -1 at row 0;"));
  CHECK(check(SparseCategoricalCrossentropy({.ignore_class = -1}), {-1}, {1, 10}) == "nothing was thrown");
  CHECK(check(BinaryCrossentropy(), {-1.0, 2.0}, {2, 1}) == "nothing was thrown");
}

TEST_CASE("losses say what is wrong with a call", "[losses]") {
  const auto call = [](const Loss& loss, const Input& y, const Input& p, const Input& w = {}) {
    return message_of<InvalidInput>([&] { loss(y, p, w); });
  };
  CHECK(call(MeanSquaredError(), {1.0}, {1.0, 2.0}) ==
        "mean_squared_error: y has shape (1,) and the prediction (2,); expected as many rows.");
  CHECK(call(MeanSquaredError(), {1.0, 2.0}, {}) ==
        "mean_squared_error: y has shape (2,) and the prediction (); expected (batch, ...) for both.");
  CHECK(call(CategoricalCrossentropy(), {1.0, 0.0}, {0.5, 0.5}) ==
        "categorical_crossentropy: the prediction has shape (2,) but categorical_crossentropy expects (batch, ..., "
        "classes). Give it that axis.");
  CHECK(call(MeanSquaredError(), {1.0, 2.0}, {1.0, 2.0}, {1.0, 2.0, 3.0}) ==
        "mean_squared_error: sample_weight has shape (3,); expected (2,). Give one weight to each sample.");
  CHECK(call(MeanSquaredError(), {{{1.0}, {2.0}}}, {{{1.0}, {2.0}}}, {1.0, 2.0, 3.0}) ==
        "mean_squared_error: sample_weight has shape (3,); expected (1,) or (1, 2). Give one weight to each sample, or "
        "to each of its steps.");
  CHECK(call(MeanSquaredError(), {1.0, 2.0}, {1.0, 2.0}, {1.0f, not_a_number}) ==
        "mean_squared_error: sample_weight has nan at row 1; expected finite numbers. Remove or fill it.");
  const Batch no_class{.y = {3}, .p = {0.5f, 0.5f}, .pred_columns = 2};
  CHECK(message_of<InvalidInput>([&] { no_class.loss(SparseCategoricalCrossentropy()); }) ==
        "sparse_categorical_crossentropy: label 3 at row 0; expected 0..1.");
}

TEST_CASE("losses refuse options that cannot be", "[losses]") {
  CHECK(message_of<InvalidArgument>([] { MeanSquaredError({.reduction = "average"}); }) ==
        "mean_squared_error: reduction is \"average\"; expected one of sum_over_batch_size, mean, sum, "
        "mean_with_sample_weight.");
  CHECK(message_of<InvalidArgument>([] { MeanAbsoluteError({.reduction = "none"}); }) ==
        "mean_absolute_error: reduction is \"none\"; expected one of sum_over_batch_size, mean, sum, "
        "mean_with_sample_weight. Choose one of them: a model needs one number to make small.");
  CHECK(message_of<InvalidArgument>([] {
          MeanAbsoluteError({.reduction = std::nullopt});
        }).starts_with("mean_absolute_error: reduction is None; expected one of "));
  CHECK(message_of<InvalidArgument>([] { BinaryCrossentropy({.axis = 1}); }) ==
        "binary_crossentropy: axis is 1; expected -1, the last. Permute the axes before the loss.");
  CHECK(message_of<InvalidArgument>([] { CategoricalCrossentropy({.label_smoothing = 1.5}); }) ==
        "categorical_crossentropy: label_smoothing is 1.5; expected a number from 0 to 1.");
}

namespace {

// A loss of one's own, complete.
class Cubic final : public Loss {
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

TEST_CASE("a loss of one's own derives from Loss", "[losses]") {
  CHECK(Cubic()({1.0, 2.0}, {3.0, 2.0}) == 8.0);
  check_gradient(Cubic(), Batch{.y = {1, 2, 3}, .p = {3, 2, 2.5f}},
                 mean_of([](double y, double p) { return std::pow(std::abs(p - y), 3.0); }), "sum");
  const LossArgument argument = Cubic();
  CHECK(argument->name() == "cubic");
}
