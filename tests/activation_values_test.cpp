#include "xeras/activations.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/activation_references.hpp"
#include "support/activation_values.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::activations;
using namespace xeras::testing;
using namespace xeras::testing::activation_references;

namespace {

// Against formulas in double: a few roundings of a float, and what is left where two terms cancel.
constexpr double relative_tolerance = 3e-6;
constexpr double absolute_tolerance = 2e-7;

}  // namespace

TEST_CASE("Activations and their slopes are Keras's", "[activations]") {
  const std::vector<float> x = {-6, -2.5, -1.25, -0.3f, 0.2f, 0.5, 1.25, 2.75, 6};
  struct Row {
    ActivationArgument activation;
    std::vector<double> values, slopes;
  };
  // Keras 3.15.1: keras.activations.NAME(x[None])[0] with the numpy backend, and jax.grad of its sum with the jax one.
  const std::vector<Row> rows = {
      {"celu",
       {-0.9975213, -0.917915, -0.7134952, -0.2591818, 0.2, 0.5, 1.25, 2.75, 6},
       {0.002478778, 0.08208501, 0.2865048, 0.7408183, 1, 1, 1, 1, 1}},
      {"elu",
       {-0.9975213, -0.917915, -0.7134952, -0.2591818, 0.2, 0.5, 1.25, 2.75, 6},
       {0.002478778, 0.08208501, 0.2865048, 0.7408183, 1, 1, 1, 1, 1}},
      {"exponential",
       {0.002478752, 0.08208501, 0.2865048, 0.7408182, 1.221403, 1.648721, 3.490343, 15.64263, 403.4288},
       {0.002478752, 0.082085, 0.2865048, 0.7408182, 1.221403, 1.648721, 3.490343, 15.64263, 403.4288}},
      {"gelu",
       {0, -0.01552418, -0.1320622, -0.1146266, 0.1158519, 0.3457312, 1.117938, 2.741806, 6},
       {-3.546878e-08, -0.03761109, -0.1226616, 0.2676722, 0.6574683, 0.8674951, 1.122662, 1.022027, 1}},
      {"hard_shrink", {-6, -2.5, -1.25, 0, 0, 0, 1.25, 2.75, 6}, {1, 1, 1, 0, 0, 0, 1, 1, 1}},
      {"hard_sigmoid",
       {0, 0.08333334, 0.2916667, 0.45, 0.5333334, 0.5833333, 0.7083333, 0.9583334, 1},
       {0, 0.1666667, 0.1666667, 0.1666667, 0.1666667, 0.1666667, 0.1666667, 0.1666667, 0}},
      {"hard_silu",
       {0, -0.2083334, -0.3645834, -0.135, 0.1066667, 0.2916667, 0.8854166, 2.635417, 6},
       {0, -0.3333333, 0.08333334, 0.4, 0.5666667, 0.6666667, 0.9166667, 1.416667, 1}},
      {"hard_tanh", {-1, -1, -1, -0.3, 0.2, 0.5, 1, 1, 1}, {0, 0, 0, 1, 1, 1, 0, 0, 0}},
      {"leaky_relu", {-1.2, -0.5, -0.25, -0.06, 0.2, 0.5, 1.25, 2.75, 6}, {0.2, 0.2, 0.2, 0.2, 1, 1, 1, 1, 1}},
      {"linear", {-6, -2.5, -1.25, -0.3, 0.2, 0.5, 1.25, 2.75, 6}, {1, 1, 1, 1, 1, 1, 1, 1, 1}},
      {"log_sigmoid",
       {-6.002476, -2.57889, -1.501929, -0.8543553, -0.5981389, -0.474077, -0.2519291, -0.06196759, -0.002475685},
       {0.9975273, 0.9241417, 0.7772999, 0.5744425, 0.450166, 0.3775407, 0.2227001, 0.06008665, 0.002472623}},
      {"mish",
       {-0.01485408, -0.1968162, -0.308414, -0.1511332, 0.132599, 0.3752452, 1.13187, 2.730214, 5.999927},
       {-0.01235997, -0.1097436, -0.01469761, 0.4085109, 0.7246246, 0.8864244, 1.080463, 1.029865, 1.000133}},
      {"relu", {0, 0, 0, 0, 0.2, 0.5, 1.25, 2.75, 6}, {0, 0, 0, 0, 1, 1, 1, 1, 1}},
      {"relu6", {0, 0, 0, 0, 0.2, 0.5, 1.25, 2.75, 6}, {0, 0, 0, 0, 1, 1, 1, 1, 0}},
      {"selu",
       {-1.753742, -1.613786, -1.254395, -0.4556673, 0.2101402, 0.5253505, 1.313376, 2.889428, 6.304206},
       {0.004357939, 0.1443136, 0.5037039, 1.302432, 1.050701, 1.050701, 1.050701, 1.050701, 1.050701}},
      {"sigmoid",
       {0.002472623, 0.07585818, 0.2227001, 0.4255575, 0.549834, 0.6224594, 0.7772999, 0.9399133, 0.9975274},
       {0.002466509, 0.07010371, 0.1731048, 0.2444583, 0.2475166, 0.2350037, 0.1731048, 0.05647626, 0.002466466}},
      {"silu",
       {-0.01483574, -0.1896455, -0.2783752, -0.1276672, 0.1099668, 0.3112297, 0.9716249, 2.584762, 5.985165},
       {-0.01232643, -0.0994011, 0.00631915, 0.35222, 0.5993373, 0.7399612, 0.9936808, 1.095223, 1.012326}},
      {"soft_shrink", {-5.5, -2, -0.75, 0, 0, 0, 0.75, 2.25, 5.5}, {1, 1, 1, 0, 0, 0, 1, 1, 1}},
      {"softplus",
       {0.002475685, 0.07888974, 0.2519291, 0.5543553, 0.7981389, 0.974077, 1.501929, 2.811968, 6.002476},
       {0.002472623, 0.07585817, 0.2227001, 0.4255575, 0.549834, 0.6224594, 0.7772999, 0.9399133, 0.9975273}},
      {"softsign",
       {-0.8571429, -0.7142857, -0.5555556, -0.2307692, 0.1666667, 0.3333333, 0.5555556, 0.7333333, 0.8571429},
       {0.02040817, 0.08163267, 0.1975309, 0.5917159, 0.6944444, 0.4444445, 0.1975309, 0.07111111, 0.02040817}},
      {"sparse_plus", {0, 0, 0, 0.1225, 0.36, 0.5625, 1.25, 2.75, 6}, {0, 0, 0, 0.35, 0.6, 0.75, 1, 1, 1}},
      {"sparse_sigmoid", {0, 0, 0, 0.35, 0.6, 0.75, 1, 1, 1}, {0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0}},
      {"squareplus",
       {0.1622777, 0.3507811, 0.5542476, 0.8611875, 1.104988, 1.280776, 1.804248, 3.075184, 6.162278},
       {0.02565835, 0.1095656, 0.2350005, 0.4258298, 0.5497519, 0.6212678, 0.7649994, 0.904368, 0.9743416}},
      {"tanh",
       {-0.9999877, -0.9866143, -0.8482836, -0.2913126, 0.1973753, 0.4621172, 0.8482836, 0.9918597, 0.9999877},
       {2.479553e-05, 0.02659214, 0.2804148, 0.9151369, 0.961043, 0.7864477, 0.2804148, 0.01621415, 2.479538e-05}},
      {"tanh_shrink",
       {-5.000012, -1.513386, -0.4017164, -0.008687377, 0.002624676, 0.0378828, 0.4017164, 1.75814, 5.000012},
       {0.9999752, 0.9734079, 0.7195852, 0.08486307, 0.03895701, 0.2135523, 0.7195852, 0.9837859, 0.9999752}},
      {Relu({.negative_slope = 0.1, .max_value = 2.0, .threshold = 0.4}),
       {-0.64, -0.29, -0.165, -0.07000001, -0.02, 0.5, 1.25, 2, 2},
       {0.1, 0.1, 0.1, 0.1, 0.1, 1, 1, 0, 0}},
      {Gelu({.approximate = true}),
       {0, -0.01508422, -0.1322858, -0.1146291, 0.1158514, 0.345714, 1.117714, 2.742277, 6},
       {0, -0.03795173, -0.1224926, 0.2677045, 0.6574581, 0.8673699, 1.122493, 1.021949, 1}},
      {Elu({.alpha = 0.5}),
       {-0.4987606, -0.4589575, -0.3567476, -0.1295909, 0.2, 0.5, 1.25, 2.75, 6},
       {0.001239389, 0.04104251, 0.1432524, 0.3704091, 1, 1, 1, 1, 1}},
      {Celu({.alpha = 2.0}),
       {-1.900426, -1.42699, -0.9294772, -0.2785841, 0.2, 0.5, 1.25, 2.75, 6},
       {0.04978704, 0.2865048, 0.5352615, 0.860708, 1, 1, 1, 1, 1}},
      {Squareplus({.b = 1.0}),
       {0.04138136, 0.09629118, 0.1753905, 0.3720153, 0.609902, 0.809017, 1.42539, 2.838088, 6.041381},
       {0.006803051, 0.03576166, 0.1095656, 0.356326, 0.598058, 0.7236068, 0.8904344, 0.9698967, 0.993197}},
      {Threshold({.threshold = 0.4, .default_value = -1.0}),
       {-1, -1, -1, -1, -1, 0.5, 1.25, 2.75, 6},
       {0, 0, 0, 0, 0, 1, 1, 1, 1}},
  };
  for (const Row& row : rows) {
    const std::vector<float> y = values(row.activation, x);
    const std::vector<float> slope = slopes(row.activation, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      CAPTURE(row.activation->class_name(), x[i]);
      CHECK(std::abs(y[i] - row.values[i]) <= keras_tolerance * std::max(1.0, std::abs(row.values[i])));
      CHECK(std::abs(slope[i] - row.slopes[i]) <= keras_tolerance * std::max(1.0, std::abs(row.slopes[i])));
    }
  }
}

TEST_CASE("Activations equal their formulas in double, and their slopes the differences", "[activations]") {
  std::vector<float> x;
  for (int i = -400; i <= 400; ++i) x.push_back(0.03f * static_cast<float>(i) + 0.0071f);  // misses the corners
  constexpr double h = 1e-5;
  for (const Reference& reference : references()) {
    const std::vector<float> y = values(reference.activation, x);
    const std::vector<float> slope = slopes(reference.activation, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      CAPTURE(reference.activation->class_name(), x[i]);
      const double expected = reference.f(x[i]);
      CHECK(std::abs(y[i] - expected) <= relative_tolerance * std::abs(expected) + absolute_tolerance);
      const double difference = (reference.f(x[i] + h) - reference.f(x[i] - h)) / (2 * h);
      CHECK(std::abs(slope[i] - difference) <= relative_tolerance * std::abs(difference) + 5 * absolute_tolerance);
    }
  }
}

TEST_CASE("Activations keep their digits where a plain formula loses them", "[activations]") {
  const auto matches = [](const ActivationArgument& f, float x, double expected) {
    CAPTURE(f->class_name(), x);
    CHECK(std::abs(values(f, {x})[0] - expected) <= 1e-5 * std::abs(expected));
  };
  matches("softplus", -30.0f, 9.357622968839862e-14);  // log1p(exp(-30))
  matches("log_sigmoid", 30.0f, -9.357622968839862e-14);
  matches("elu", -1e-6f, -9.999995e-7);  // expm1(-1e-6)
  matches("selu", -1e-6f, -1.758098462030e-6);
  matches("gelu", -5.0f, -1.4332578e-6);   // -5 * 0.5 erfc(5 / sqrt(2)) = -5 * 2.8665157e-7
  matches("silu", -20.0f, -4.1223071e-8);  // -20 * 2.0611536e-9
  matches("mish", -20.0f, -4.1223072e-8);  // softplus is exp(-20) = 2.0611536e-9 there, and so is its tanh
  matches("squareplus", -1e10f, 1e-10);    // b / 4 / |x|
}

TEST_CASE("Activations and their gradients are finite for numbers of any size, and NaN for NaN", "[activations]") {
  const std::vector<float> x = {-3e38f, -1e20f, -1e4f, -100, -1e-30f, 0, 1e-30f, 80, 1e4f, 1e20f, 3e38f};
  for (const char* name : names) {
    CAPTURE(name);
    const ActivationArgument f = get(name);
    if (std::string(name) != "exponential") {
      for (const float y : values(f, x)) CHECK(std::isfinite(y));
      for (const float slope : slopes(f, x)) CHECK(std::isfinite(slope));
    }
    CHECK(std::isnan(values(f, {not_a_number})[0]));
    CHECK(std::isnan(values(f, {1, not_a_number, 2}, 3)[1]));
  }
  CHECK(values("exponential", {100, -200}) == std::vector<float>{infinity, 0});
}

TEST_CASE("Activations give every number the same result wherever it stands, in place as well", "[activations]") {
  std::vector<float> x(1037);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 4.0f * std::sin(static_cast<float>(i * i));
  const std::vector<float> dy(x.rbegin(), x.rend());
  for (const Reference& reference : references()) {
    const ActivationArgument& f = reference.activation;
    CAPTURE(f->class_name());
    const std::vector<float> y = values(f, x, 17);
    std::vector<float> in_place = x;
    f->forward(in_place.data(), in_place.data(), 61, 17);
    CHECK(in_place == y);

    const std::vector<float> dx = gradient(f, x, dy, 17);
    in_place = dy;
    f->backward(f->needs_input() ? x.data() : nullptr, y.data(), in_place.data(), in_place.data(), 17, 61);
    CHECK(in_place == dx);

    for (std::size_t first : {1, 258, 1030}) {
      const std::vector<float> some(x.begin() + static_cast<std::ptrdiff_t>(first),
                                    x.begin() + static_cast<std::ptrdiff_t>(first) + 7);
      CHECK(values(f, some) == std::vector<float>(y.begin() + static_cast<std::ptrdiff_t>(first),
                                                  y.begin() + static_cast<std::ptrdiff_t>(first) + 7));
    }
    CHECK(values(f, {}).empty());
  }
}

TEST_CASE("Activations take the slope of the left side where they have a corner", "[activations]") {
  CHECK(slopes("relu", {0}) == std::vector<float>{0});
  CHECK(slopes("leaky_relu", {0}) == std::vector<float>{0.2f});
  CHECK(slopes(Elu({.alpha = 0.5}), {0}) == std::vector<float>{0.5f});
  CHECK(slopes("relu6", {0, 6}) == std::vector<float>{0, 0});
  CHECK(slopes("hard_sigmoid", {-3, 3}) == std::vector<float>{0, 0});
  CHECK(slopes("hard_shrink", {-0.5, 0.5}) == std::vector<float>{0, 0});
}

TEST_CASE("Relu follows Keras's examples", "[activations]") {
  // keras.activations.relu's documentation.
  const std::vector<float> x = {-10, -5, 0, 5, 10};
  CHECK(values(Relu(), x) == std::vector<float>{0, 0, 0, 5, 10});
  CHECK(values(Relu({.negative_slope = 0.5}), x) == std::vector<float>{-5, -2.5, 0, 5, 10});
  CHECK(values(Relu({.max_value = 5.0}), x) == std::vector<float>{0, 0, 0, 5, 5});
  CHECK(values(Relu({.threshold = 5.0}), x) == std::vector<float>{0, 0, 0, 0, 10});
  CHECK(values(Relu({.negative_slope = 0.0, .max_value = 5.0}), {-infinity, infinity}) == std::vector<float>{0, 5});
}
