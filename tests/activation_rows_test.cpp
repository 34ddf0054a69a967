#include "xeras/activations.hpp"

#include <cmath>
#include <functional>
#include <vector>

#include "catch.hpp"
#include "support/activation_values.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::activations;
using namespace xeras::testing;

TEST_CASE("Softmax, LogSoftmax and Sparsemax are Keras's", "[activations]") {
  const std::vector<float> x = {1, 0.8f, -1, 0.1f, 0.5, 0.5, 0.5, 2};
  // Keras 3.15.1, numpy backend: keras.activations.NAME(x) of the two rows.
  const std::vector<std::pair<const char*, std::vector<float>>> expected = {
      {"softmax",
       {0.423614711f, 0.346826375f, 0.057330016f, 0.172228903f, 0.133659661f, 0.133659661f, 0.133659661f,
        0.599021018f}},
      {"log_softmax",
       {-0.858930945f, -1.05893087f, -2.85893106f, -1.75893092f, -2.01245856f, -2.01245856f, -2.01245856f,
        -0.512458563f}},
      {"sparsemax", {0.6f, 0.4f, 0, 0, 0, 0, 0, 1}}};
  for (const auto& [name, y] : expected) {
    CAPTURE(name);
    const std::vector<float> got = values(name, x, 4);
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(std::abs(got[i] - y[i]) <= keras_tolerance);
  }
}

TEST_CASE("Softmax, LogSoftmax and Sparsemax have the gradients of their differences", "[activations]") {
  const std::vector<double> x = {0.9, -0.4, 0.35, 0.75, -1.5, 0.2};
  const std::vector<double> dy = {1.0, -2.0, 0.5, 0.25, 3.0, -1.0};
  using Row = std::vector<double>;
  const auto softmax = [](Row v) {
    double sum = 0;
    for (double& e : v) sum += e = std::exp(e);
    for (double& e : v) e /= sum;
    return v;
  };
  const auto log_softmax = [&](const Row& v) {
    Row y = softmax(v);
    for (double& e : y) e = std::log(e);
    return y;
  };
  const auto sparsemax = [](Row v) {  // by bisection for the threshold
    double low = -10, high = 10;
    for (int step = 0; step < 200; ++step) {
      const double tau = 0.5 * (low + high);
      double sum = 0;
      for (const double e : v) sum += std::max(e - tau, 0.0);
      (sum > 1 ? low : high) = tau;
    }
    for (double& e : v) e = std::max(e - low, 0.0);
    return v;
  };
  const std::vector<std::pair<const char*, std::function<Row(const Row&)>>> functions = {
      {"softmax", softmax}, {"log_softmax", log_softmax}, {"sparsemax", sparsemax}};
  constexpr double h = 1e-5;
  for (const auto& [name, f] : functions) {
    CAPTURE(name);
    // Two rows, of which the second is the first plus a constant, which changes nothing.
    std::vector<float> xs(x.begin(), x.end()), dys(dy.begin(), dy.end());
    for (const double e : x) xs.push_back(static_cast<float>(e + 3));
    dys.insert(dys.end(), dy.begin(), dy.end());
    const std::vector<float> dx = gradient(name, xs, dys, x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      Row above = x, below = x;
      above[i] += h;
      below[i] -= h;
      above = f(above);
      below = f(below);
      double expected = 0;
      for (std::size_t j = 0; j < x.size(); ++j) expected += dy[j] * (above[j] - below[j]) / (2 * h);
      CHECK(std::abs(dx[i] - expected) <= 1e-5);
      CHECK(std::abs(dx[x.size() + i] - expected) <= 1e-5);
    }
  }
}

TEST_CASE("Sparsemax ends for infinities and rows of one", "[activations]") {
  CHECK(values("sparsemax", {-7}) == std::vector<float>{1});
  CHECK(values("sparsemax", {-infinity, 2}, 2) == std::vector<float>{0, 1});
  values("sparsemax", {infinity, 2}, 2);
  values("sparsemax", {-infinity, -infinity}, 2);
}
