#include "xeras/regularizers.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::regularizers;
using Catch::Matchers::Message;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double keras_tolerance = 1e-6;
constexpr double difference_tolerance = 1e-4;

const std::vector<float> w = {1, -2, 3, 0.5, 0, -1};
const Extents w_extents = {2, 3};

std::vector<float> gradient(const RegularizerArgument& regularizer, const Extents& extents,
                            const std::vector<float>& values, float factor = 1.0f) {
  std::vector<float> grad(values.size(), 0.0f);
  regularizer->add_gradient(extents, values.data(), factor, grad.data());
  return grad;
}

}  // namespace

TEST_CASE("Regularizers come by each of Keras's names, and back from their configurations", "[regularizers]") {
  for (const char* name : {"l1", "l2", "l1_l2", "l1l2", "orthogonal_regularizer"}) {
    CAPTURE(name);
    const Value config = to_value(get(name));
    CHECK(to_value(RegularizerArgument(Regularizer::from_config(config, "test"))) == config);
    CHECK(to_value(RegularizerArgument(Regularizer::from_config(name, "test"))) == config);
    CHECK(to_value(get(get(name)->class_name())) == config);
  }
  for (const RegularizerArgument& given : std::vector<RegularizerArgument>{
           L1(0.5), L2(0.25), L1L2(0.5, 0.25), OrthogonalRegularizer({.factor = 0.5, .mode = "columns"})}) {
    const Value config = to_value(given);
    CHECK(to_value(RegularizerArgument(Regularizer::from_config(config, "test"))) == config);
  }
  CHECK(to_value(get("l2")).to_string() == R"({"class_name": "L2", "config": {"l2": 0.01}})");
  CHECK(to_value(RegularizerArgument(L1L2())).to_string() == R"({"class_name": "L1L2", "config": {"l1": 0, "l2": 0}})");
}

TEST_CASE("Regularizers of unknown names are refused with the known ones", "[regularizers]") {
  CHECK_THROWS_MATCHES(get("l3"), InvalidArgument,
                       Message("regularizer \"l3\" is unknown; did you mean \"l1\"? Known: l1, l1_l2, l1l2, l2, "
                               "orthogonal_regularizer."));
}

TEST_CASE("Regularizers' penalties and gradients are Keras's", "[regularizers]") {
  struct Row {
    RegularizerArgument regularizer;
    double penalty;
    std::vector<double> gradient;
  };
  // Keras 3.15.1: regularizer(w) with the jax backend, and jax.grad of it.
  const std::vector<Row> rows = {
      {L1(0.1), 0.75, {0.1, -0.1, 0.1, 0.1, 0 /* 0.1 by jax, 0 by tensorflow and torch */, -0.1}},
      {L2(0.1), 1.525, {0.2, -0.4, 0.6, 0.1, 0.0, -0.2}},
      {L1L2(0.1, 0.2), 3.8, {0.5, -0.9, 1.3, 0.3, 0, -0.5}},
      {OrthogonalRegularizer({.factor = 0.5}),
       0.29880714416503906,
       {-0.08110479, 0.04268673, 0.05549276, -0.2390457, 0.2390457, -0.1195229}},
      {OrthogonalRegularizer({.factor = 0.5, .mode = "columns"}),
       0.4250361919403076,
       {0.07695471, 0.0, 0.01705558, -0.1539094, -0.01091549, 0.05116673}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.regularizer->class_name());
    CHECK_THAT(row.regularizer->penalty(w_extents, w.data()), WithinAbs(row.penalty, keras_tolerance));
    const std::vector<float> grad = gradient(row.regularizer, w_extents, w);
    for (std::size_t i = 0; i < w.size(); ++i) CHECK_THAT(grad[i], WithinAbs(row.gradient[i], keras_tolerance));
  }
}

TEST_CASE("Regularizers' gradients are the differences of their penalties", "[regularizers]") {
  std::vector<float> values(5 * 4);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<float>(3 * i + 1)) + 0.1f;
  constexpr float h = 1.0f / 512;
  for (const RegularizerArgument& regularizer :
       std::vector<RegularizerArgument>{L1(0.3), L2(0.3), L1L2(0.2, 0.1), OrthogonalRegularizer({.factor = 2.0}),
                                        OrthogonalRegularizer({.factor = 2.0, .mode = "columns"})}) {
    CAPTURE(to_value(regularizer).to_string());
    const std::vector<float> grad = gradient(regularizer, {5, 4}, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::vector<float> above = values, below = values;
      above[i] += h;
      below[i] -= h;
      const double difference =
          (regularizer->penalty({5, 4}, above.data()) - regularizer->penalty({5, 4}, below.data())) / (2.0 * h);
      CHECK_THAT(grad[i], WithinAbs(difference, difference_tolerance));
    }
  }
}

TEST_CASE("Regularizers add their gradient, times a factor, to what is there", "[regularizers]") {
  for (const RegularizerArgument& regularizer :
       std::vector<RegularizerArgument>{L1(0.5), L2(0.5), L1L2(0.5, 0.5), OrthogonalRegularizer()}) {
    CAPTURE(regularizer->class_name());
    const std::vector<float> once = gradient(regularizer, w_extents, w);
    std::vector<float> grad(w.size(), 10.0f);
    regularizer->add_gradient(w_extents, w.data(), 0.25f, grad.data());
    for (std::size_t i = 0; i < w.size(); ++i) CHECK_THAT(grad[i], WithinAbs(10.0 + 0.25 * once[i], 1e-5));
  }
}

TEST_CASE("Regularizers are called like functions, on numbers of any type and shape", "[regularizers]") {
  CHECK_THAT(L2(2.0)({{1, 1, 1}, {1, 1, 1}}), WithinAbs(12.0, 0.0));
  CHECK_THAT(get("l1")({-1.5, 0.5}), WithinAbs(0.02, 1e-12));
  xt::xarray<float> tensor = xt::xarray<float>::from_shape({2, 3, 4});
  tensor.fill(-0.5f);
  CHECK_THAT(L1L2(1.0, 2.0)(tensor), WithinAbs(24.0, 0.0));
  CHECK(get("l1_l2")(tensor) == 0.0);  // Keras 3's defaults
  CHECK_THROWS_MATCHES(L1()(Input()), InvalidInput, Message("L1: no input; expected a tensor."));
}

TEST_CASE("Regularizers sum in double", "[regularizers]") {
  // A float would stop at 2^24.
  const std::vector<float> ones((std::size_t{1} << 24) + 5, 1.0f);
  const Extents extents = {static_cast<std::int64_t>(ones.size())};
  CHECK(L1(1.0).penalty(extents, ones.data()) == static_cast<double>(ones.size()));
  CHECK(L2(1.0).penalty(extents, ones.data()) == static_cast<double>(ones.size()));
}

TEST_CASE("OrthogonalRegularizer leaves orthogonal rows, single rows and rows of zeros alone", "[regularizers]") {
  CHECK(OrthogonalRegularizer()({{1, 0, 0}, {0, 5, 0}}) == 0.0);
  CHECK(OrthogonalRegularizer()({{1, 2, 3}}) == 0.0);
  CHECK(gradient(OrthogonalRegularizer(), {1, 3}, {1, 2, 3}) == std::vector<float>(3, 0.0f));
  CHECK(OrthogonalRegularizer()({{0, 0}, {1, 1}}) == 0.0);
  for (const float slope : gradient(OrthogonalRegularizer(), {2, 2}, {0, 0, 1, 1})) CHECK(std::isfinite(slope));
}

TEST_CASE("Regularizers refuse options and tensors that make no sense", "[regularizers]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_MATCHES(L1(-0.1), InvalidArgument, Message("L1: l1 is -0.1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(L2({.l2 = infinity}), InvalidArgument, Message("L2: l2 is inf; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(L1L2(0.1, std::nan("")), InvalidArgument,
                       Message("L1L2: l2 is nan; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(L1L2(-1.0), InvalidArgument, Message("L1L2: l1 is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(OrthogonalRegularizer({.factor = -1.0}), InvalidArgument,
                       Message("OrthogonalRegularizer: factor is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(OrthogonalRegularizer({.mode = "row"}), InvalidArgument,
                       Message("OrthogonalRegularizer: mode is \"row\"; expected \"rows\" or \"columns\"."));
  CHECK_THROWS_MATCHES(OrthogonalRegularizer()({1, 2}), InvalidInput,
                       Message("OrthogonalRegularizer: the tensor is (2,); expected a matrix."));
}

TEST_CASE("Regularizers take their first argument without its name", "[regularizers]") {
  CHECK(L1(1).config().l1 == 1.0);
  CHECK(L2(0.5f).config().l2 == 0.5);
  CHECK(L1L2(0.5, 2).config().l2 == 2.0);
  CHECK(OrthogonalRegularizer(0.5).config().factor == 0.5);
  CHECK(OrthogonalRegularizer(0.5).config().mode == "rows");
}
