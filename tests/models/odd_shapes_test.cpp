#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

// Losses and metrics for every shape that targets and sample weights may have, with and without a mask. Numbers of
// Keras 3.15 on TensorFlow: test_on_batch of a model of Masking(-9) and Activation("linear").

using namespace xeras;
using namespace xeras::layers;

namespace {

constexpr double same = 2e-6;
constexpr std::size_t samples = 2, steps = 3;

using Sizes = std::vector<std::size_t>;
using Array = xt::xarray<float>;

struct Case {
  std::string loss;
  Sizes predictions, targets, weights;
  bool masked;
  // The loss as sum_over_batch_size, sum and mean_with_sample_weight; the metric of the same name, with the weights.
  std::array<float, 4> keras;
};

const Case cases[] = {
    // clang-format off
    {"mse", {2, 1}, {2}, {}, false, {0.12695312f, 0.25390625f, 0.12695312f, 0.12695312f}},
    {"mse", {2, 1}, {2}, {2}, false, {0.25195312f, 0.50390625f, 0.16796875f, 0.16796875f}},
    {"mse", {2, 1}, {2}, {2, 1}, false, {0.25195312f, 0.50390625f, 0.16796875f, 0.16796875f}},
    {"mse", {2, 1}, {2, 1}, {}, false, {0.12695312f, 0.25390625f, 0.12695312f, 0.12695312f}},
    {"mse", {2, 1}, {2, 1}, {2}, false, {0.25195312f, 0.50390625f, 0.16796875f, 0.16796875f}},
    {"mse", {2, 1}, {2, 1}, {2, 1}, false, {0.25195312f, 0.50390625f, 0.16796875f, 0.16796875f}},
    {"mse", {2, 2}, {2, 2}, {}, false, {0.18554688f, 0.37109375f, 0.18554688f, 0.18554688f}},
    {"mse", {2, 2}, {2, 2}, {2}, false, {0.30761719f, 0.61523438f, 0.20507812f, 0.20507812f}},
    {"mse", {2, 2}, {2, 2}, {2, 1}, false, {0.30761719f, 0.61523438f, 0.20507812f, 0.20507812f}},
    {"mse", {2, 3, 1}, {2, 3}, {}, false, {0.24153647f, 0.48307294f, 0.24153647f, 0.24153647f}},
    {"mse", {2, 3, 1}, {2, 3}, {2}, false, {0.36197919f, 0.72395837f, 0.24131946f, 0.24131946f}},
    {"mse", {2, 3, 1}, {2, 3}, {2, 1}, false, {0.36197919f, 0.72395837f, 0.24131946f, 0.24131946f}},
    {"mse", {2, 3, 1}, {2, 3, 1}, {}, false, {0.24153645f, 1.4492188f, 0.24153645f, 0.24153647f}},
    {"mse", {2, 3, 1}, {2, 3, 1}, {}, true, {0.16503906f, 0.66015625f, 0.16503906f, 0.16503906f}},
    {"mse", {2, 3, 1}, {2, 3, 1}, {2, 1}, false, {0.36197916f, 2.171875f, 0.72395831f, 0.24131946f}},
    {"mse", {2, 3, 1}, {2, 3, 1}, {2, 1}, true, {0.26660156f, 1.0664062f, 0.17773438f, 0.17773438f}},
    {"mse", {2, 3, 1}, {2, 3, 1}, {2, 3}, false, {0.62369794f, 3.7421875f, 0.31184897f, 0.31184894f}},
    {"mse", {2, 3, 1}, {2, 3, 1}, {2, 3}, true, {0.42285156f, 1.6914062f, 0.24162947f, 0.24162947f}},
    {"mse", {2, 3, 1}, {2, 3, 1}, {2, 3, 1}, false, {0.62369794f, 3.7421875f, 0.31184897f, 0.31184894f}},
    {"mse", {2, 3, 1}, {2, 3, 1}, {2, 3, 1}, true, {0.42285156f, 1.6914062f, 0.24162947f, 0.24162947f}},
    {"mse", {2, 3, 2}, {2, 3, 2}, {}, false, {0.20898438f, 1.2539062f, 0.20898438f, 0.20898438f}},
    {"mse", {2, 3, 2}, {2, 3, 2}, {}, true, {0.17773438f, 0.7109375f, 0.17773438f, 0.17773436f}},
    {"mse", {2, 3, 2}, {2, 3, 2}, {2, 1}, false, {0.29720053f, 1.7832031f, 0.59440106f, 0.19813369f}},
    {"mse", {2, 3, 2}, {2, 3, 2}, {2, 1}, true, {0.26269531f, 1.0507812f, 0.1751302f, 0.1751302f}},
    {"mse", {2, 3, 2}, {2, 3, 2}, {2, 3}, false, {0.44140625f, 2.6484375f, 0.22070312f, 0.22070312f}},
    {"mse", {2, 3, 2}, {2, 3, 2}, {2, 3}, true, {0.30224609f, 1.2089844f, 0.17271206f, 0.17271204f}},
    {"mse", {2, 3, 2}, {2, 3, 2}, {2, 3, 1}, false, {0.44140625f, 2.6484375f, 0.22070312f, 0.22070312f}},
    {"mse", {2, 3, 2}, {2, 3, 2}, {2, 3, 1}, true, {0.30224609f, 1.2089844f, 0.17271206f, 0.17271204f}},
    {"cce", {2, 2}, {2, 2}, {}, false, {1.7249937f, 3.4499874f, 1.7249937f, 1.7249937f}},
    {"cce", {2, 2}, {2, 2}, {2}, false, {2.3513751f, 4.7027502f, 1.5675834f, 1.5675834f}},
    {"cce", {2, 2}, {2, 2}, {2, 1}, false, {2.3513751f, 4.7027502f, 1.5675834f, 1.5675834f}},
    {"cce", {2, 3, 2}, {2, 3, 2}, {}, false, {0.79882431f, 4.7929459f, 0.79882431f, 0.79882425f}},
    {"cce", {2, 3, 2}, {2, 3, 2}, {2, 1}, false, {0.93751293f, 5.6250777f, 1.8750259f, 0.62500864f}},
    {"cce", {2, 3, 2}, {2, 3, 2}, {2, 3}, false, {1.2924851f, 7.7549105f, 0.64624256f, 0.64624256f}},
    {"cce", {2, 3, 2}, {2, 3, 2}, {2, 3, 1}, false, {1.2924851f, 7.7549105f, 0.64624256f, 0.64624256f}},
    {"scce", {2, 2}, {2}, {}, false, {1.2668484f, 2.5336969f, 1.2668484f, 1.2668484f}},
    {"scce", {2, 2}, {2}, {2}, false, {1.4350846f, 2.8701692f, 0.95672303f, 0.95672303f}},
    {"scce", {2, 2}, {2}, {2, 1}, false, {1.4350846f, 2.8701692f, 0.95672303f, 0.95672303f}},
    {"scce", {2, 3, 2}, {2, 3}, {}, false, {0.91434878f, 5.4860926f, 0.91434878f, 0.91434884f}},
    {"scce", {2, 3, 2}, {2, 3}, {}, true, {1.0294541f, 4.1178169f, 1.0294542f, 1.0294542f}},
    {"scce", {2, 3, 2}, {2, 3}, {2, 1}, false, {1.2536997f, 7.5221982f, 2.5073993f, 0.83579975f}},
    {"scce", {2, 3, 2}, {2, 3}, {2, 1}, true, {1.4254842f, 5.7019372f, 0.95032287f, 0.95032287f}},
    {"scce", {2, 3, 2}, {2, 3}, {2, 3}, false, {1.3904496f, 8.3426981f, 0.69522482f, 0.69522482f}},
    {"scce", {2, 3, 2}, {2, 3}, {2, 3}, true, {1.1724638f, 4.6898556f, 0.66997939f, 0.66997927f}},
    {"scce", {2, 3, 2}, {2, 3}, {2, 3, 1}, false, {1.3904496f, 8.3426981f, 0.69522482f, 0.69522482f}},
    {"scce", {2, 3, 2}, {2, 3}, {2, 3, 1}, true, {1.1724638f, 4.6898556f, 0.66997939f, 0.66997927f}},
    {"scce_i", {2, 2}, {2}, {}, false, {1.2668484f, 2.5336969f, 1.2668484f, 1.2668484f}},
    {"scce_i", {2, 2}, {2}, {2}, false, {1.4350846f, 2.8701692f, 0.95672303f, 0.95672303f}},
    {"scce_i", {2, 2}, {2}, {2, 1}, false, {1.4350846f, 2.8701692f, 0.95672303f, 0.95672303f}},
    {"scce_i", {2, 3, 2}, {2, 3}, {}, false, {1.1130047f, 4.4520187f, 1.1130047f, 0.7420032f}},
    {"scce_i", {2, 3, 2}, {2, 3}, {}, true, {1.3333446f, 4.0000339f, 1.3333446f, 1.3333447f}},
    {"scce_i", {2, 3, 2}, {2, 3}, {2, 1}, false, {1.5925852f, 6.3703413f, 1.0617236f, 1.0617235f}},
    {"scce_i", {2, 3, 2}, {2, 3}, {2, 1}, true, {1.8221236f, 5.4663711f, 1.3665928f, 1.3665928f}},
    {"scce_i", {2, 3, 2}, {2, 3}, {2, 3}, false, {1.310119f, 5.2404766f, 0.87341279f, 0.87341273f}},
    {"scce_i", {2, 3, 2}, {2, 3}, {2, 3}, true, {1.4455022f, 4.3365064f, 1.0841266f, 1.0841265f}},
    {"scce_i", {2, 3, 2}, {2, 3}, {2, 3, 1}, false, {1.310119f, 5.2404766f, 0.87341279f, 0.87341273f}},
    {"scce_i", {2, 3, 2}, {2, 3}, {2, 3, 1}, true, {1.4455022f, 4.3365064f, 1.0841266f, 1.0841265f}},
    // clang-format on
};

template <class F>
Array filled(const Sizes& sizes, F value) {
  Array array(Array::shape_type(sizes.begin(), sizes.end()));
  for (std::size_t i = 0; i < array.size(); ++i) array.data()[i] = value(i);
  return array;
}

Array predictions_of(const Case& c) {
  Array p = filled(c.predictions, [](std::size_t i) { return static_cast<float>(1 + 7 * i % 10) / 16.0f; });
  for (std::size_t row = 0; c.masked && row < samples * steps; ++row) {
    const std::size_t width = p.size() / (samples * steps);
    if ((row / steps + row % steps) % 3 == 2) std::fill_n(p.data() + row * width, width, -9.0f);
  }
  return p;
}

Array targets_of(const Case& c) {
  if (c.loss == "cce") return filled(c.targets, [](std::size_t i) { return i % 2 == i / 2 % 2 ? 1.0f : 0.0f; });
  return filled(c.targets, [](std::size_t i) { return static_cast<float>(i * 5 % 3 % 2); });
}

std::pair<LossArgument, MetricArgument> of(const std::string& name, const std::string& reduction) {
  const std::optional<std::int64_t> ignored = name == "scce_i" ? std::optional<std::int64_t>(1) : std::nullopt;
  if (name == "mse") return {losses::MeanSquaredError({.reduction = reduction}), metrics::MeanSquaredError()};
  if (name == "cce") {
    return {losses::CategoricalCrossentropy({.reduction = reduction}), metrics::CategoricalCrossentropy()};
  }
  return {losses::SparseCategoricalCrossentropy({.ignore_class = ignored, .reduction = reduction}),
          metrics::SparseCategoricalCrossentropy({.ignore_class = ignored})};
}

// The loss and its metric.
std::pair<double, double> ours(const Case& c, const std::string& reduction) {
  Sequential model{Masking({.mask_value = c.masked ? -9.0 : -8.0}), Activation("linear")};
  if (c.predictions.size() == 2) model = Sequential{Activation("linear"), Activation("linear")};
  std::vector<Dim> shape{None};
  for (std::size_t i = 1; i < c.predictions.size(); ++i) shape.push_back(static_cast<std::int64_t>(c.predictions[i]));
  model.build(Shape(shape));
  const auto [loss, metric] = of(c.loss, reduction);
  model.compile("sgd", loss, {}, {.weighted_metrics = {metric}});
  const Array weights = filled(c.weights, [](std::size_t i) { return static_cast<float>(1 + i % 3); });
  BatchOptions options;
  if (!c.weights.empty()) options.sample_weight = weights;
  const Scores scores = model.test_on_batch(predictions_of(c), targets_of(c), options);
  return {scores.value(0), scores.value(1)};
}

std::string shown(const Case& c) {
  std::string text = c.loss + (c.masked ? " masked" : "");
  for (const Sizes* sizes : {&c.predictions, &c.targets, &c.weights}) {
    text += " (";
    for (const std::size_t size : *sizes) text += std::to_string(size) + ",";
    text += ")";
  }
  return text;
}

bool has_steps(const Case& c) { return c.predictions.size() == 3; }

void check_near(double value, double keras) { CHECK(std::abs(value - keras) <= same * std::max(1.0, std::abs(keras))); }

}  // namespace

TEST_CASE("Loss and metric of targets and weights of every shape are those of Keras") {
  for (const Case& c : cases) {
    INFO(shown(c));
    check_near(ours(c, "sum_over_batch_size").first, c.keras[0]);
    // What differs on purpose: docs/from_keras.md. Targets without the predictions' last axis of 1 are as many targets.
    const bool flat = has_steps(c) && c.predictions.back() == 1 && c.targets.size() == 2;
    check_near(ours(c, "sum").first, c.keras[1] * static_cast<double>(flat ? steps : 1));
    // One weight a sample is the weight of all its steps.
    const bool of_samples = has_steps(c) && c.weights == Sizes{samples, 1} && !c.masked && !flat && c.loss != "scce_i";
    check_near(ours(c, "mean_with_sample_weight").first, c.keras[2] / static_cast<double>(of_samples ? steps : 1));
    // Rows of an ignored class do not count: 4 of 6 here.
    const bool ignores = has_steps(c) && c.loss == "scce_i" && c.weights.empty() && !c.masked;
    check_near(ours(c, "sum_over_batch_size").second, c.keras[3] * (ignores ? 6.0 / 4.0 : 1.0));
  }
}

TEST_CASE("Loss takes one weight a sample, as (samples) or (samples, 1), where each step has a target") {
  // Of 2 x 4 steps, each with a loss of 1: in Keras (2, 1) gives 4 and (2) raises.
  const losses::MeanSquaredError loss({.reduction = "mean_with_sample_weight"});
  const Array ones = xt::ones<float>({2, 4, 1}), zeros = xt::zeros<float>({2, 4, 1});
  CHECK(loss(zeros, ones, {{1.0}, {3.0}}) == 1.0);
  CHECK(loss(zeros, ones, {1.0, 3.0}) == 1.0);
}

TEST_CASE("Loss with reduction sum counts targets (samples, time) one by one beside predictions (samples, time, 1)") {
  const losses::MeanSquaredError loss({.reduction = "sum"});
  CHECK(loss(Array(xt::zeros<float>({2, 4})), Array(xt::ones<float>({2, 4, 1}))) == 8.0);     // Keras: 2
  CHECK(loss(Array(xt::zeros<float>({2, 4, 1})), Array(xt::ones<float>({2, 4, 1}))) == 8.0);  // Keras, too
}

TEST_CASE("SparseCategoricalCrossentropy leaves out ignored rows as a metric, as it does as a loss") {
  const Array p{{0.5f, 0.5f}, {0.25f, 0.75f}}, y{0.0f, 1.0f};
  metrics::SparseCategoricalCrossentropy metric({.ignore_class = 1});
  metric.update_state(y, p);
  CHECK(std::abs(metric.result() - std::log(2.0)) < same);  // Keras: half of it, since the row counts as 0
  CHECK(std::abs(losses::SparseCategoricalCrossentropy({.ignore_class = 1})(y, p) - std::log(2.0)) < same);
}

TEST_CASE("Loss raises for targets that would have to be repeated to fit the predictions") {
  const losses::MeanSquaredError loss;
  CHECK(message_of<InvalidInput>([&] {
          loss({{1.0}, {2.0}}, {{1.0, 1.0}, {1.0, 1.0}});
        }) ==
        "mean_squared_error: y has shape (2, 1) but mean_squared_error expects (2, 2). Targets have the shape of the "
        "model's output: change y, or the last layer.");
}
