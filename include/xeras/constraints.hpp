#pragma once

#include <string>

#include "xeras/core/axes.hpp"
#include "xeras/core/input.hpp"
#include "xeras/core/named.hpp"

/// Projections of weights that are applied after each update, by name ("max_norm", "non_neg", ...) or by object.
///
///   Dense(64, {.kernel_constraint = "non_neg"});
///   Dense(64, {.kernel_constraint = constraints::MaxNorm({.max_value = 2.0})});
namespace xeras::constraints {

class XERAS_API Constraint : public Configurable {
 public:
  using Argument = Input;

  /// Returns the projected copy of a tensor: constraints::MaxNorm({.max_value = 2.0, .axis = 1})(w).
  Tensor operator()(const Input& tensor) const;
  /// Projects a tensor of this shape in place.
  virtual void apply(const Extents& extents, float* values) const = 0;

  static std::shared_ptr<Constraint> from_name(std::string_view name);
  static std::shared_ptr<Constraint> from_config(const Value& value, const std::string& path);
};

XERAS_API Named<Constraint> get(std::string_view name);

/// Sets negative numbers to 0.
class XERAS_API NonNeg final : public Configured<Constraint, NoOptions> {
 public:
  using Configured::Configured;
  void apply(const Extents& extents, float* values) const override;
};

// In the other constraints, norm is sqrt(sum w^2) over `axis`, and None means all axes. For the (in, out) kernel of a
// Dense, axis 0 gives a norm per unit; for the table of an Embedding, axis 1 gives a norm per word. An axis that the
// tensor lacks raises InvalidArgument. Source: keras.constraints, with epsilon 1e-7.

struct MaxNormOptions {
  double max_value = 2.0;
  Axes axis = 0;
};
XERAS_FIELDS(MaxNormOptions, max_value, axis)

/// Limits norms to max_value: w * min(norm, max_value) / (epsilon + norm).
class XERAS_API MaxNorm final : public Configured<Constraint, MaxNormOptions> {
 public:
  explicit MaxNorm(MaxNormOptions options = {});
  template <Number N>
  explicit MaxNorm(N max_value, Axes axis = 0) : MaxNorm(MaxNormOptions{static_cast<double>(max_value), axis}) {}
  void apply(const Extents& extents, float* values) const override;
};

struct UnitNormOptions {
  Axes axis = 0;
};
XERAS_FIELDS(UnitNormOptions, axis)

/// Sets norms to 1: w / (epsilon + norm).
class XERAS_API UnitNorm final : public Configured<Constraint, UnitNormOptions> {
 public:
  using Configured::Configured;
  template <std::integral I>
  explicit UnitNorm(I axis) : Configured(UnitNormOptions{axis}) {}
  void apply(const Extents& extents, float* values) const override;
};

struct MinMaxNormOptions {
  double min_value = 0.0;
  double max_value = 1.0;
  double rate = 1.0;  ///< below 1, the norm moves only this fraction of the way
  Axes axis = 0;
};
XERAS_FIELDS(MinMaxNormOptions, min_value, max_value, rate, axis)

/// Limits norms to [min_value, max_value]: w * (rate * clip(norm, min_value, max_value) + (1 - rate) * norm) / (epsilon
/// + norm).
class XERAS_API MinMaxNorm final : public Configured<Constraint, MinMaxNormOptions> {
 public:
  explicit MinMaxNorm(MinMaxNormOptions options = {});
  template <Number N>
  explicit MinMaxNorm(N min_value, double max_value = 1.0, double rate = 1.0, Axes axis = 0)
      : MinMaxNorm(MinMaxNormOptions{static_cast<double>(min_value), max_value, rate, axis}) {}
  void apply(const Extents& extents, float* values) const override;
};

}  // namespace xeras::constraints

namespace xeras {
using ConstraintArgument = Named<constraints::Constraint>;
extern template class Named<constraints::Constraint>;
}  // namespace xeras
