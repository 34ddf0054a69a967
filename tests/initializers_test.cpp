#include "xeras/initializers.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "initializers/orthonormalize.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"

using namespace xeras;
using namespace xeras::initializers;
using Catch::Matchers::Message;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double orthogonality_tolerance = 2e-6;

struct Statistics {
  double mean = 0, variance = 0, skewness = 0, kurtosis = 0;
  float min = std::numeric_limits<float>::infinity(), max = -std::numeric_limits<float>::infinity();
};

Statistics statistics(const Tensor& tensor) {
  Statistics s;
  const auto n = static_cast<double>(tensor.size());
  for (const float value : tensor) {
    s.mean += value / n;
    s.min = std::min(s.min, value);
    s.max = std::max(s.max, value);
  }
  for (const float value : tensor) s.variance += std::pow(value - s.mean, 2) / n;
  for (const float value : tensor) {
    s.skewness += std::pow((value - s.mean) / std::sqrt(s.variance), 3) / n;
    s.kurtosis += std::pow((value - s.mean) / std::sqrt(s.variance), 4) / n;
  }
  return s;
}

bool same(const Tensor& a, const Tensor& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

// The largest difference between the products of all pairs of rows (or columns) and those of orthonormal ones.
double distance_from_orthonormal(const Tensor& tensor, bool of_rows, double gain = 1.0) {
  const std::size_t columns = tensor.shape().back();
  const std::size_t rows = tensor.size() / columns;
  const std::size_t count = of_rows ? rows : columns;
  const std::size_t length = of_rows ? columns : rows;
  const auto at = [&](std::size_t i, std::size_t k) {
    return static_cast<double>(of_rows ? tensor.data()[i * columns + k] : tensor.data()[k * columns + i]);
  };
  double distance = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < length; ++k) product += at(i, k) * at(j, k);
      distance = std::max(distance, std::abs(product - (i == j ? gain * gain : 0.0)));
    }
  }
  return distance;
}

}  // namespace

TEST_CASE("Initializers come by each of Keras's names, and back from their configurations", "[initializers]") {
  for (const char* name : {"zeros", "zero", "ones", "one", "constant", "identity", "random_uniform", "uniform",
                           "random_normal", "normal", "truncated_normal", "variance_scaling", "glorot_uniform",
                           "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal", "orthogonal"}) {
    CAPTURE(name);
    const Value config = to_value(get(name));
    CHECK(to_value(InitializerArgument(Initializer::from_config(config, "test"))) == config);
    CHECK(to_value(InitializerArgument(Initializer::from_config(name, "test"))) == config);
    CHECK(to_value(get(get(name)->class_name())) == config);
    CHECK(get(name)({4, 4}).size() == 16);
  }
  for (const InitializerArgument& given : std::vector<InitializerArgument>{
           Constant(3.0), Identity({.gain = 2.0}), RandomUniform(-1.0, 1.0, {.seed = 7}),
           RandomNormal(1.0, 2.0, {.seed = 7}), TruncatedNormal({.mean = 1.0, .seed = -7}),
           VarianceScaling({.scale = 2.0, .mode = "fan_avg", .distribution = "uniform", .seed = 1}),
           HeNormal({.seed = 2}), Orthogonal({.gain = 0.5, .seed = 3})}) {
    const Value config = to_value(given);
    const InitializerArgument back = Initializer::from_config(config, "test");
    CHECK(to_value(back) == config);
    CHECK(same(back({3, 5}), given({3, 5})));
  }
}

TEST_CASE("Initializers' configurations are Keras's", "[initializers]") {
  CHECK(to_value(get("uniform")).to_string() ==
        R"({"class_name": "RandomUniform", "config": {"minval": -0.05, "maxval": 0.05, "seed": null}})");
  CHECK(to_value(get("normal")).to_string() ==
        R"({"class_name": "RandomNormal", "config": {"mean": 0, "stddev": 0.05, "seed": null}})");
  CHECK(to_value(get("zeros")).to_string() == R"({"class_name": "Zeros", "config": {}})");
  CHECK(VarianceScaling().get_config().to_string() ==
        R"({"scale": 1, "mode": "fan_in", "distribution": "truncated_normal", "seed": null})");
  CHECK(VarianceScaling({.distribution = "normal"}).config().distribution == "truncated_normal");
}

TEST_CASE("Initializers of unknown names are refused with the known ones", "[initializers]") {
  CHECK_THROWS_MATCHES(
      get("glorot"), InvalidArgument,
      Message("initializer \"glorot\" is unknown; expected one of the known names. Known: constant, glorot_normal, "
              "glorot_uniform, he_normal, he_uniform, identity, lecun_normal, lecun_uniform, normal, one, ones, "
              "orthogonal, "
              "random_normal, random_uniform, truncated_normal, uniform, variance_scaling, zero, zeros."));
}

TEST_CASE("Zeros, Ones, Constant and Identity fill what they say", "[initializers]") {
  for (const float value : Zeros()({2, 3})) CHECK(value == 0.0f);
  for (const float value : Ones()({2, 3})) CHECK(value == 1.0f);
  for (const float value : Constant(0.1)({2, 3})) CHECK(value == 0.1f);
  for (const float value : Constant()({2, 3})) CHECK(value == 0.0f);
  CHECK(same(Identity({.gain = 2.0})({2, 3}), xt::xarray<float>({{2, 0, 0}, {0, 2, 0}})));
  CHECK(same(Identity()({3, 2}), xt::xarray<float>({{1, 0}, {0, 1}, {0, 0}})));
  CHECK(shape_of(Ones()({2, 3, 4})) == Shape{2, 3, 4});
  CHECK(Ones()(Shape{}).size() == 1);
  CHECK(Ones()({0, 3}).size() == 0);
}

TEST_CASE("Constant takes an array, and repeats it along axes of 1 and leading axes", "[initializers]") {
  const xt::xarray<float> matrix{{1, 2, 3}, {4, 5, 6}};
  CHECK(same(Constant(matrix)({2, 3}), matrix));
  CHECK(same(Constant({.value = xt::xarray<double>(matrix)})({2, 3}), matrix));
  CHECK(same(Constant(Tensor{1.0f, 2.0f, 3.0f})({2, 3}), xt::xarray<float>({{1, 2, 3}, {1, 2, 3}})));
  CHECK(same(Constant(xt::xtensor<float, 2>{{1}, {4}})({2, 3}), xt::xarray<float>({{1, 1, 1}, {4, 4, 4}})));
  CHECK(same(Constant(matrix)({2, 2, 3}), xt::xarray<float>({{{1, 2, 3}, {4, 5, 6}}, {{1, 2, 3}, {4, 5, 6}}})));
  CHECK(same(Constant(xt::xtensor<float, 3>{{{1, 2}}, {{3, 4}}})({2, 2, 2}),
             xt::xarray<float>({{{1, 2}, {1, 2}}, {{3, 4}, {3, 4}}})));
}

TEST_CASE("Constant refuses an array that does not fill the shape", "[initializers]") {
  const xt::xarray<float> matrix{{1, 2, 3}, {4, 5, 6}};
  const auto refused = [](const std::string& value, const std::string& shape) {
    return Message("Constant: value has shape " + value + " for a weight of shape " + shape +
                   "; expected the same shape, with 1 for an axis along which it is repeated.");
  };
  CHECK_THROWS_MATCHES(Constant(matrix)({3, 2}), InvalidArgument, refused("(2, 3)", "(3, 2)"));
  CHECK_THROWS_MATCHES(Constant(matrix)({3}), InvalidArgument, refused("(2, 3)", "(3,)"));
  CHECK_THROWS_MATCHES(Constant(matrix)({2, 1}), InvalidArgument, refused("(2, 3)", "(2, 1)"));
  CHECK_THROWS_MATCHES(Constant(Tensor{1.0f, std::nanf("")})({2}), InvalidArgument,
                       Message("Constant: value is nan; expected a finite number."));
}

TEST_CASE("Initializers draw from the distributions that they name", "[initializers]") {
  // (in, out) = (400, 600), so 240,000 numbers: the standard error of a mean is 0.002 standard deviations, of a
  // variance 0.3 %; the tests allow for five.
  struct Row {
    InitializerArgument initializer;
    double mean, variance;
    double limit;     // of |value - mean|
    double kurtosis;  // 1.8 uniform, 3 normal, 2.365 normal cut at 2: tells them apart
  };
  constexpr double none = std::numeric_limits<double>::infinity();
  constexpr double uniform = 1.8, normal = 3.0, cut = 2.3655;
  constexpr double cut_variance = 0.87962566103423978 * 0.87962566103423978;
  const auto reach = [](double variance) { return 2.0 * std::sqrt(variance / cut_variance); };
  const std::vector<Row> rows = {
      {RandomUniform({.seed = 1}), 0, 0.01 / 12, 0.05, uniform},
      {RandomUniform(2.0, 5.0, {.seed = 1}), 3.5, 9.0 / 12, 1.5, uniform},
      {RandomNormal({.seed = 1}), 0, 0.0025, none, normal},
      {RandomNormal(-3.0, 2.0, {.seed = 1}), -3, 4, none, normal},
      {TruncatedNormal({.seed = 1}), 0, 0.0025 * cut_variance, 0.1, cut},
      {TruncatedNormal(-3.0, 2.0, {.seed = 1}), -3, 4 * cut_variance, 4, cut},
      {VarianceScaling({.seed = 1}), 0, 1.0 / 400, reach(1.0 / 400), cut},
      {VarianceScaling({.scale = 3.0, .mode = "fan_out", .seed = 1}), 0, 3.0 / 600, reach(3.0 / 600), cut},
      {VarianceScaling({.mode = "fan_avg", .distribution = "uniform", .seed = 1}), 0, 1.0 / 500, std::sqrt(3.0 / 500),
       uniform},
      {VarianceScaling({.distribution = "untruncated_normal", .seed = 1}), 0, 1.0 / 400, none, normal},
      {GlorotUniform({.seed = 1}), 0, 2.0 / 1000, std::sqrt(6.0 / 1000), uniform},
      {GlorotNormal({.seed = 1}), 0, 2.0 / 1000, reach(2.0 / 1000), cut},
      {HeUniform({.seed = 1}), 0, 2.0 / 400, std::sqrt(6.0 / 400), uniform},
      {HeNormal({.seed = 1}), 0, 2.0 / 400, reach(2.0 / 400), cut},
      {LecunUniform({.seed = 1}), 0, 1.0 / 400, std::sqrt(3.0 / 400), uniform},
      {LecunNormal({.seed = 1}), 0, 1.0 / 400, reach(1.0 / 400), cut},
  };
  for (const Row& row : rows) {
    CAPTURE(to_value(row.initializer).to_string());
    const Statistics s = statistics(row.initializer({400, 600}));
    CHECK_THAT(s.mean, WithinAbs(row.mean, 0.01 * std::sqrt(row.variance)));
    CHECK_THAT(s.variance, WithinRel(row.variance, 0.015));
    CHECK_THAT(s.skewness, WithinAbs(0.0, 0.03));
    CHECK_THAT(s.kurtosis, WithinAbs(row.kurtosis, 0.06));
    const auto limit = static_cast<float>(row.limit);
    const auto mean = static_cast<float>(row.mean);
    CHECK(s.min >= mean - limit);
    CHECK(s.max <= mean + limit);
    if (row.limit != none) {  // and it comes close
      CHECK(s.min < mean - 0.999f * limit);
      CHECK(s.max > mean + 0.999f * limit);
    }
  }
}

TEST_CASE("Initializers count the fans of vectors and kernels as Keras does", "[initializers]") {
  const auto variance = [](const char* mode, const Shape& shape) {
    return statistics(VarianceScaling({.mode = mode, .distribution = "uniform", .seed = 4})(shape)).variance;
  };
  CHECK_THAT(variance("fan_in", {50000}), WithinRel(1.0 / 50000, 0.05));
  CHECK_THAT(variance("fan_out", {50000}), WithinRel(1.0 / 50000, 0.05));
  CHECK_THAT(variance("fan_in", {5, 50, 200}), WithinRel(1.0 / 250, 0.05));
  CHECK_THAT(variance("fan_out", {5, 50, 200}), WithinRel(1.0 / 1000, 0.05));
  CHECK_THAT(variance("fan_avg", {2, 5, 50, 100}), WithinRel(1.0 / 750, 0.05));
}

TEST_CASE("RandomNormal has the tails of a normal distribution", "[initializers]") {
  const Tensor z = RandomNormal(0.0, 1.0, {.seed = 5})({1000000});
  const auto above = [&](float limit) {
    return static_cast<double>(std::count_if(z.begin(), z.end(), [&](float value) { return value > limit; }));
  };
  // 1,000,000 * P(Z > limit); five standard errors.
  CHECK_THAT(above(-1.0f), WithinAbs(841345, 1830));
  CHECK_THAT(above(1.5f), WithinAbs(66807, 1250));
  CHECK_THAT(above(3.0f), WithinAbs(1349.9, 184));
  CHECK_THAT(above(4.0f), WithinAbs(31.7, 28));
  CHECK(above(6.5f) == 0);
}

TEST_CASE("Initializers give the same numbers for the same seed, and others for another", "[initializers]") {
  const auto check = []<class T>(T first, T again, T other) {
    CAPTURE(first.class_name());
    CHECK(same(first({7, 9}), first({7, 9})));
    CHECK(same(first({7, 9}), again({7, 9})));
    CHECK_FALSE(same(first({7, 9}), other({7, 9})));
  };
  check(RandomUniform({.seed = 1}), RandomUniform({.seed = 1}), RandomUniform({.seed = 2}));
  check(RandomNormal({.seed = 1}), RandomNormal({.seed = 1}), RandomNormal({.seed = 2}));
  check(TruncatedNormal({.seed = 1}), TruncatedNormal({.seed = 1}), TruncatedNormal({.seed = 2}));
  check(GlorotUniform({.seed = -1}), GlorotUniform({.seed = -1}), GlorotUniform({.seed = 1}));
  check(Orthogonal({.seed = 1}), Orthogonal({.seed = 1}), Orthogonal({.seed = 2}));
}

TEST_CASE("Initializers without a seed follow set_random_seed, call by call", "[initializers]") {
  const InitializerArgument glorot = "glorot_uniform";
  set_random_seed(42);
  const Tensor first = glorot({5, 5}), second = glorot({5, 5});
  CHECK_FALSE(same(first, second));
  set_random_seed(42);
  CHECK(same(glorot({5, 5}), first));
  CHECK(same(glorot({5, 5}), second));
}

TEST_CASE("RandomUniform stays below maxval and takes an empty range", "[initializers]") {
  // Half of the numbers that round to float at all round to the limit.
  const Tensor tiny = RandomUniform(1.0, 1.0 + 1e-7, {.seed = 1})({1000});
  for (const float value : tiny) CHECK(value == 1.0f);
  for (const float value : RandomUniform(0.25, 0.25)({10})) CHECK(value == 0.25f);
  for (const float value : RandomNormal(0.5, 0.0)({10})) CHECK(value == 0.5f);
}

TEST_CASE("Orthogonal has orthonormal columns, or rows where it is wide", "[initializers]") {
  CHECK(distance_from_orthonormal(Orthogonal({.seed = 1})({100, 100}), true) < orthogonality_tolerance);
  CHECK(distance_from_orthonormal(Orthogonal({.seed = 1})({100, 100}), false) < orthogonality_tolerance);
  CHECK(distance_from_orthonormal(Orthogonal({.seed = 2})({130, 37}), false) < orthogonality_tolerance);
  CHECK(distance_from_orthonormal(Orthogonal({.seed = 3})({64, 256}), true) < orthogonality_tolerance);
  CHECK(distance_from_orthonormal(Orthogonal({.seed = 4})({5, 6, 20}), false) < orthogonality_tolerance);
  CHECK(distance_from_orthonormal(Orthogonal({.seed = 5})({2, 3, 20}), true) < orthogonality_tolerance);
  CHECK(distance_from_orthonormal(Orthogonal({.gain = 3.0, .seed = 6})({8, 8}), true, 3.0) <
        9 * orthogonality_tolerance);
  CHECK(std::abs(Orthogonal({.seed = 7})({1, 1})(0, 0)) == 1.0f);
  CHECK(Orthogonal()({0, 4}).size() == 0);
}

TEST_CASE("Orthogonal is uniform over all orthogonal matrices: each element has mean 0, variance 1 / n",
          "[initializers]") {
  double sum = 0, squares = 0;
  for (int seed = 0; seed < 4000; ++seed) {
    const float value = Orthogonal({.seed = seed})({4, 4})(3, 3);
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  CHECK_THAT(sum / 4000, WithinAbs(0.0, 5 * 0.5 / std::sqrt(4000.0)));
  CHECK_THAT(squares / 4000, WithinAbs(0.25, 0.02));
}

TEST_CASE("orthonormalize gives the Q of numpy's QR with a positive diagonal", "[initializers]") {
  // numpy.linalg.qr([[3, 1], [4, 2], [0, 2]]): Q's columns are (3, 4, 0) / 5 and what is left of (1, 2, 2): with
  // r = (3 + 8) / 5 = 2.2, (1, 2, 2) - 2.2 (0.6, 0.8, 0) = (-0.32, 0.24, 2), of length sqrt(4.16).
  std::vector<float> rows = {3, 4, 0, 1, 2, 2};
  orthonormalize(rows.data(), 2, 3);
  const std::vector<double> expected = {
      0.6, 0.8, 0, -0.32 / std::sqrt(4.16), 0.24 / std::sqrt(4.16), 2 / std::sqrt(4.16)};
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK_THAT(rows[i], WithinAbs(expected[i], 1e-6));
}

TEST_CASE("orthonormalize works for nearly parallel rows", "[initializers]") {
  constexpr std::size_t count = 70, length = 80;
  Tensor rows = Tensor::from_shape({count, length});
  const RandomStream stream(1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows.data()[i] = 1.0f + 1e-3f * static_cast<float>(stream.uniform(i) - 0.5);
  }
  orthonormalize(rows.data(), count, length);
  CHECK(distance_from_orthonormal(rows, true) < orthogonality_tolerance);
}

TEST_CASE("Initializers refuse options and shapes that make no sense", "[initializers]") {
  CHECK_THROWS_MATCHES(RandomUniform(1.0, 0.5), InvalidArgument,
                       Message("RandomUniform: minval is 1 and maxval is 0.5; expected minval <= maxval."));
  CHECK_THROWS_MATCHES(RandomNormal(0.0, -1.0), InvalidArgument,
                       Message("RandomNormal: stddev is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(TruncatedNormal({.stddev = std::nan("")}), InvalidArgument,
                       Message("TruncatedNormal: stddev is nan; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(VarianceScaling({.scale = 0.0}), InvalidArgument,
                       Message("VarianceScaling: scale is 0; expected a finite number > 0."));
  CHECK_THROWS_MATCHES(VarianceScaling({.mode = "fan"}), InvalidArgument,
                       Message("VarianceScaling: mode is \"fan\"; expected \"fan_in\", \"fan_out\" or \"fan_avg\"."));
  CHECK_THROWS_MATCHES(VarianceScaling({.distribution = "gauss"}), InvalidArgument,
                       Message("VarianceScaling: distribution is \"gauss\"; expected \"truncated_normal\", "
                               "\"untruncated_normal\" or \"uniform\"."));
  CHECK_THROWS_MATCHES(Orthogonal()({5}), InvalidArgument,
                       Message("Orthogonal: the shape is (5,); expected at least two axes."));
  CHECK_THROWS_MATCHES(Identity()({2, 2, 2}), InvalidArgument,
                       Message("Identity: the shape is (2, 2, 2); expected the shape of a matrix."));
  CHECK_THROWS_MATCHES(Zeros()({None, 3}), InvalidArgument,
                       Message("Zeros: the shape is (None, 3); expected known sizes."));
}

TEST_CASE("initializers refuse numbers that are not finite") {
  const auto message = [](const char* who) { return std::string(who) + " is nan; expected a finite number."; };
  const double nan = std::nan("");
  CHECK_THROWS_MATCHES(initializers::RandomNormal(nan, 1.0), InvalidArgument, Message(message("RandomNormal: mean")));
  CHECK_THROWS_MATCHES(initializers::TruncatedNormal(nan, 1.0), InvalidArgument,
                       Message(message("TruncatedNormal: mean")));
  CHECK_THROWS_MATCHES(initializers::RandomUniform(nan, 1.0), InvalidArgument,
                       Message(message("RandomUniform: minval")));
  CHECK_THROWS_MATCHES(initializers::RandomUniform(0.0, 1e300), InvalidArgument,
                       Message("RandomUniform: maxval is 1e+300; expected a finite number."));
  CHECK_THROWS_MATCHES(initializers::Constant(nan)({2}), InvalidArgument, Message(message("Constant: value")));
  CHECK_THROWS_MATCHES(initializers::Identity({.gain = nan})({2, 2}), InvalidArgument,
                       Message(message("Identity: gain")));
}

TEST_CASE("initializers take their first arguments without names", "[initializers]") {
  CHECK(to_value(initializers::Constant(2).config().value) == Value(2.0));
  CHECK(initializers::Identity(0.5).config().gain == 0.5);
  CHECK(initializers::Orthogonal(2).config().gain == 2.0);
  CHECK(initializers::VarianceScaling(2).config().scale == 2.0);
  CHECK(initializers::VarianceScaling(2).config().mode == "fan_in");
  CHECK(initializers::RandomUniform(-1, 1).config().minval == -1.0);
  CHECK(initializers::RandomNormal(0, 0.5, {.seed = 3}).config().seed == 3);
  CHECK(initializers::TruncatedNormal(1).config().stddev == 0.05);
}
