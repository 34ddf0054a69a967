#pragma once

#include <string>

#include "xeras/core/input.hpp"
#include "xeras/core/named.hpp"

/// Penalties on weights or outputs that are added to the loss, by name ("l1", "l2", "l1_l2") or by object.
///
///   Dense(64, {.kernel_regularizer = "l2"});
///   Dense(64, {.kernel_regularizer = regularizers::L1(1e-4)});
namespace xeras::regularizers {

class XERAS_API Regularizer : public Configurable {
 public:
  using Argument = Input;

  /// Returns the penalty of one tensor: regularizers::L2(0.01)(w).
  double operator()(const Input& tensor) const;
  /// Returns the penalty of a tensor of this shape.
  virtual double penalty(const Extents& extents, const float* values) const = 0;
  /// Adds the gradient of the penalty: grad += factor * d penalty / d values.
  virtual void add_gradient(const Extents& extents, const float* values, float factor, float* grad) const = 0;

  static std::shared_ptr<Regularizer> from_name(std::string_view name);
  static std::shared_ptr<Regularizer> from_config(const Value& value, const std::string& path);
};

XERAS_API Named<Regularizer> get(std::string_view name);

struct L1Options {
  double l1 = 0.01;
};
XERAS_FIELDS(L1Options, l1)

/// l1 * sum |x|. Its gradient at 0 is 0.
class XERAS_API L1 final : public Configured<Regularizer, L1Options> {
 public:
  explicit L1(L1Options options = {});
  template <Number N>
  explicit L1(N l1) : L1(L1Options{static_cast<double>(l1)}) {}
  double penalty(const Extents& extents, const float* values) const override;
  void add_gradient(const Extents& extents, const float* values, float factor, float* grad) const override;
};

struct L2Options {
  double l2 = 0.01;
};
XERAS_FIELDS(L2Options, l2)

/// l2 * sum x^2.
class XERAS_API L2 final : public Configured<Regularizer, L2Options> {
 public:
  explicit L2(L2Options options = {});
  template <Number N>
  explicit L2(N l2) : L2(L2Options{static_cast<double>(l2)}) {}
  double penalty(const Extents& extents, const float* values) const override;
  void add_gradient(const Extents& extents, const float* values, float factor, float* grad) const override;
};

struct L1L2Options {
  double l1 = 0.0;
  double l2 = 0.0;
};
XERAS_FIELDS(L1L2Options, l1, l2)

/// l1 * sum |x| + l2 * sum x^2. Both factors are 0 unless given, so the bare name "l1_l2" penalizes nothing.
class XERAS_API L1L2 final : public Configured<Regularizer, L1L2Options> {
 public:
  explicit L1L2(L1L2Options options = {});
  template <Number N>
  explicit L1L2(N l1, double l2 = 0.0) : L1L2(L1L2Options{static_cast<double>(l1), l2}) {}
  double penalty(const Extents& extents, const float* values) const override;
  void add_gradient(const Extents& extents, const float* values, float factor, float* grad) const override;
};

struct OrthogonalRegularizerOptions {
  double factor = 0.01;
  std::string mode = "rows";  ///< or "columns"
};
XERAS_FIELDS(OrthogonalRegularizerOptions, factor, mode)

/// Pulls the rows (or columns) of a matrix towards orthogonality: factor * the mean of |cos| over all pairs of them; 0
/// if there is no pair.
/// Throws  InvalidInput for a tensor that is not a matrix
/// Source  keras.regularizers.OrthogonalRegularizer
class XERAS_API OrthogonalRegularizer final : public Configured<Regularizer, OrthogonalRegularizerOptions> {
 public:
  explicit OrthogonalRegularizer(OrthogonalRegularizerOptions options = {});
  template <Number N>
  explicit OrthogonalRegularizer(N factor)
      : OrthogonalRegularizer(OrthogonalRegularizerOptions{.factor = static_cast<double>(factor)}) {}
  double penalty(const Extents& extents, const float* values) const override;
  void add_gradient(const Extents& extents, const float* values, float factor, float* grad) const override;
};

}  // namespace xeras::regularizers

namespace xeras {
using RegularizerArgument = Named<regularizers::Regularizer>;
extern template class Named<regularizers::Regularizer>;
}  // namespace xeras
