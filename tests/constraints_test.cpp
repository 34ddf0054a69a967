#include "xeras/constraints.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::constraints;
using Catch::Matchers::Message;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double keras_tolerance = 1e-6;

const Input matrix = {{1.0f, -2.0f, 3.0f}, {0.5f, 0.0f, -1.0f}};
const Input cube = {{{-1.0f, -0.75f}, {-0.5f, -0.25f}, {0.0f, 0.25f}}, {{0.5f, 0.75f}, {1.0f, 1.25f}, {1.5f, 1.75f}}};

}  // namespace

TEST_CASE("Constraints come by each of Keras's names, and back from their configurations", "[constraints]") {
  for (const char* name : {"max_norm", "non_neg", "unit_norm", "min_max_norm"}) {
    CAPTURE(name);
    const Value config = to_value(get(name));
    CHECK(to_value(ConstraintArgument(Constraint::from_config(config, "test"))) == config);
    CHECK(to_value(ConstraintArgument(Constraint::from_config(name, "test"))) == config);
    CHECK(to_value(get(get(name)->class_name())) == config);
  }
  for (const ConstraintArgument& given : std::vector<ConstraintArgument>{
           MaxNorm({.max_value = 3.0, .axis = -1}), UnitNorm({.axis = {0, 1}}), UnitNorm({.axis = None}),
           MinMaxNorm({.min_value = 0.5, .max_value = 2.0, .rate = 0.25, .axis = 2})}) {
    const Value config = to_value(given);
    CHECK(to_value(ConstraintArgument(Constraint::from_config(config, "test"))) == config);
  }
}

TEST_CASE("Constraints' configurations are Keras's", "[constraints]") {
  CHECK(to_value(get("max_norm")).to_string() == R"({"class_name": "MaxNorm", "config": {"max_value": 2, "axis": 0}})");
  CHECK(to_value(get("min_max_norm")).to_string() ==
        R"({"class_name": "MinMaxNorm", "config": {"min_value": 0, "max_value": 1, "rate": 1, "axis": 0}})");
  CHECK(UnitNorm({.axis = {0, 1}}).get_config().to_string() == R"({"axis": [0, 1]})");
  CHECK(UnitNorm({.axis = None}).get_config().to_string() == R"({"axis": null})");
}

TEST_CASE("Constraints of unknown names are refused with the known ones", "[constraints]") {
  CHECK_THROWS_MATCHES(get("maxnorm"), InvalidArgument,
                       Message("constraint \"maxnorm\" is unknown; did you mean \"max_norm\"? Known: max_norm, "
                               "min_max_norm, non_neg, unit_norm."));
}

TEST_CASE("Constraints project as Keras's do", "[constraints]") {
  struct Row {
    ConstraintArgument constraint;
    Input tensor;
    std::vector<double> expected;
  };
  // Keras 3.15.1, numpy backend: constraint(tensor).
  const std::vector<Row> rows = {
      {NonNeg(), matrix, {1, 0, 3, 0.5, 0, 0}},
      {MaxNorm(), matrix, {0.99999988, -2, 1.8973665, 0.49999994, 0, -0.63245553}},
      {MaxNorm({.axis = 1}), matrix, {0.53452247, -1.0690449, 1.6035674, 0.49999994, 0, -0.99999988}},
      {MaxNorm({.max_value = 1.0, .axis = -1}),
       matrix,
       {0.26726124, -0.53452247, 0.80178368, 0.44721353, 0, -0.89442706}},
      {UnitNorm(), matrix, {0.89442706, -1, 0.94868326, 0.44721353, 0, -0.31622776}},
      {UnitNorm({.axis = 1}), matrix, {0.26726124, -0.53452247, 0.80178368, 0.44721353, 0, -0.89442706}},
      {MinMaxNorm({.min_value = 1.5, .max_value = 2.0, .rate = 0.5, .axis = 1}),
       matrix,
       {0.76726121, -1.5345224, 2.3017836, 0.58541012, 0, -1.1708202}},
      {UnitNorm({.axis = {0, 1}}),
       cube,
       {-0.45883146, -0.30942637, -0.22941573, -0.10314212, 0, 0.10314212, 0.22941573, 0.30942637, 0.45883146,
        0.51571059, 0.6882472, 0.72199482}},
      {UnitNorm({.axis = {0, -1}}),
       cube,
       {-0.64888567, -0.48666424, -0.29488388, -0.14744194, 0, 0.10783277, 0.32444283, 0.48666424, 0.58976775,
        0.73720974, 0.64699662, 0.75482941}},
      {UnitNorm({.axis = 1}),
       cube,
       {-0.89442706, -0.90453386, -0.44721353, -0.30151129, 0, 0.30151129, 0.26726121, 0.32929277, 0.53452241,
        0.54882127, 0.80178368, 0.76834983}},
      {MaxNorm({.max_value = 1.0, .axis = None}),
       cube,
       {-0.306786, -0.2300895, -0.153393, -0.0766965, 0, 0.0766965, 0.153393, 0.2300895, 0.306786, 0.38348252, 0.460179,
        0.53687549}},
  };
  for (const Row& row : rows) {
    CAPTURE(to_value(row.constraint).to_string());
    const Tensor projected = row.constraint(row.tensor);
    for (std::size_t i = 0; i < row.expected.size(); ++i) {
      CHECK_THAT(projected.data()[i], WithinAbs(row.expected[i], keras_tolerance));
    }
  }
}

TEST_CASE("Constraints take norms over any axes of any rank", "[constraints]") {
  // Against the plain definition, for every set of axes; 70 passes the width of a block.
  for (const Extents& extents : {Extents{7}, Extents{3, 70}, Extents{70, 3}, Extents{2, 3, 4}, Extents{2, 70, 3},
                                 Extents{3, 2, 1, 5}, Extents{2, 3, 2, 3, 2}}) {
    std::vector<float> w(static_cast<std::size_t>(extents.size()));
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = std::sin(static_cast<float>(i + 1));
    for (std::size_t set = 1; set < (std::size_t{1} << extents.rank()); ++set) {
      std::vector<std::int64_t> axes;
      for (std::size_t a = 0; a < extents.rank(); ++a) {
        if (set >> a & 1) axes.push_back(static_cast<std::int64_t>(a));
      }
      // The group of an element: its indices along the axes that are left.
      std::vector<std::size_t> group(w.size());
      for (std::size_t i = 0; i < w.size(); ++i) {
        std::size_t rest = i;
        for (std::size_t a = extents.rank(); a-- > 0;) {
          const auto size = static_cast<std::size_t>(extents[a]);
          if (!(set >> a & 1)) group[i] = group[i] * size + rest % size;
          rest /= size;
        }
      }
      std::vector<double> squares(w.size());
      for (std::size_t i = 0; i < w.size(); ++i) squares[group[i]] += static_cast<double>(w[i]) * w[i];

      CAPTURE(extents.to_string(), Axes(axes).to_string());
      std::vector<float> projected = w;
      UnitNorm({.axis = Axes(axes)}).apply(extents, projected.data());
      for (std::size_t i = 0; i < w.size(); ++i) {
        CHECK_THAT(projected[i], WithinAbs(w[i] / (1e-7 + std::sqrt(squares[group[i]])), keras_tolerance));
      }
    }
  }
}

TEST_CASE("Constraints leave zeros, empty tensors and scalars in peace", "[constraints]") {
  CHECK(MaxNorm()({{0.0f, 0.0f}})(0, 0) == 0.0f);
  CHECK(UnitNorm()({{0.0f, 0.0f}})(0, 0) == 0.0f);
  float none = 5.0f;
  MaxNorm().apply({0, 3}, &none);
  MaxNorm({.axis = 1}).apply({3, 0}, &none);
  CHECK(none == 5.0f);
  float scalar = -4.0f;
  MaxNorm({.axis = None}).apply(Extents{}, &scalar);
  CHECK_THAT(scalar, WithinAbs(-2.0, keras_tolerance));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(std::isnan(NonNeg()({nan})(0)));
  CHECK(std::isnan(MaxNorm()({nan, 1.0f})(1)));
}

TEST_CASE("Constraints refuse options and axes that make no sense", "[constraints]") {
  CHECK_THROWS_MATCHES(MaxNorm({.max_value = -1.0}), InvalidArgument,
                       Message("MaxNorm: max_value is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(MinMaxNorm({.min_value = -1.0}), InvalidArgument,
                       Message("MinMaxNorm: min_value is -1; expected a finite number >= 0."));
  CHECK_THROWS_MATCHES(MinMaxNorm({.min_value = 2.0, .max_value = 1.0}), InvalidArgument,
                       Message("MinMaxNorm: max_value is 1; expected a number >= min_value."));
  CHECK_THROWS_MATCHES(MinMaxNorm({.rate = 1.5}), InvalidArgument,
                       Message("MinMaxNorm: rate is 1.5; expected a number from 0 to 1."));
  CHECK_THROWS_MATCHES(UnitNorm({.axis = {}}), InvalidArgument,
                       Message("axis: an empty list; expected axes such as 0 or {0, 1}, or None."));
  CHECK_THROWS_MATCHES(UnitNorm({.axis = 2})(matrix), InvalidArgument,
                       Message("UnitNorm: axis is 2 for a tensor of shape (2, 3); expected axes in -2..1."));
  CHECK_THROWS_MATCHES(MaxNorm({.axis = {0, -3}})(matrix), InvalidArgument,
                       Message("MaxNorm: axis is (0, -3) for a tensor of shape (2, 3); expected axes in -2..1."));
  CHECK_THROWS_MATCHES(MaxNorm()(Input()), InvalidInput, Message("MaxNorm: no input; expected a tensor."));
  CHECK_THROWS_MATCHES(Constraint::from_config(
                           Value::Dict{{"class_name", "UnitNorm"}, {"config", Value::Dict{{"axis", Value::List{"x"}}}}},
                           "kernel_constraint"),
                       FileError, Message("kernel_constraint.config.axis: \"x\"; expected an integer."));
}

TEST_CASE("Constraints take their first arguments without names", "[constraints]") {
  CHECK(MaxNorm(1.5).config().max_value == 1.5);
  CHECK(MaxNorm(3).config().axis == Axes(0));
  CHECK(MaxNorm(3, 1).config().axis == Axes(1));
  CHECK(UnitNorm(1).config().axis == Axes(1));
  const MinMaxNorm norm(0.5, 2, 0.25, None);
  CHECK(norm.config().min_value == 0.5);
  CHECK(norm.config().max_value == 2.0);
  CHECK(norm.config().rate == 0.25);
  CHECK(norm.config().axis == Axes(None));
  CHECK_THROWS_MATCHES(MinMaxNorm(2.0), InvalidArgument,
                       Message("MinMaxNorm: max_value is 1; expected a number >= min_value."));
}
