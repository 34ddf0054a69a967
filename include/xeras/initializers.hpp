#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "xeras/core/named.hpp"
#include "xeras/core/number_or_array.hpp"
#include "xeras/core/tensor.hpp"

/// Initial values of weights, by name ("glorot_uniform", "uniform", "zeros", ...) or by object.
///
///   Dense(64, {.kernel_initializer = "he_normal"});
///   Dense(64, {.kernel_initializer = initializers::RandomUniform({.minval = -0.1, .maxval = 0.1})});
namespace xeras::initializers {

class XERAS_API Initializer : public Configurable {
 public:
  using Argument = Shape;

  /// Returns a new tensor: initializers::GlorotUniform({.seed = 1})({64, 128}). The same seed gives the same numbers;
  /// without a seed, each call draws from the process-wide sequence of set_random_seed.
  Tensor operator()(const Shape& shape) const;
  /// Fills the size() floats of a tensor of this shape.
  virtual void fill(const Shape& shape, float* values) const = 0;

  static std::shared_ptr<Initializer> from_name(std::string_view name);
  static std::shared_ptr<Initializer> from_config(const Value& value, const std::string& path);
};

XERAS_API Named<Initializer> get(std::string_view name);

/// The seed of the random initializers. Without it, each tensor uses the next seed of the process-wide sequence.
struct SeedOptions {
  std::optional<std::int64_t> seed = {};
};
XERAS_FIELDS(SeedOptions, seed)

/// All 0.
class XERAS_API Zeros final : public Configured<Initializer, NoOptions> {
 public:
  using Configured::Configured;
  void fill(const Shape& shape, float* values) const override;
};

/// All 1.
class XERAS_API Ones final : public Configured<Initializer, NoOptions> {
 public:
  using Configured::Configured;
  void fill(const Shape& shape, float* values) const override;
};

struct ConstantOptions {
  NumberOrArray value = 0.0;
};
XERAS_FIELDS(ConstantOptions, value)

/// All `value`. An array is repeated along axes of size 1 and along leading axes that it lacks. Throws InvalidArgument
/// for an array that does not fill the shape in this way.
class XERAS_API Constant final : public Configured<Initializer, ConstantOptions> {
 public:
  using Configured::Configured;
  template <Number N>
  explicit Constant(N value) : Configured(ConstantOptions{.value = static_cast<double>(value)}) {}
  template <ConvertsToArray Array>
  explicit Constant(const Array& value) : Configured(ConstantOptions{.value = value}) {}
  void fill(const Shape& shape, float* values) const override;
};

struct IdentityOptions {
  double gain = 1.0;
};
XERAS_FIELDS(IdentityOptions, gain)

/// `gain` on the diagonal of a matrix, square or not, and 0 elsewhere. Throws InvalidArgument for other ranks.
class XERAS_API Identity final : public Configured<Initializer, IdentityOptions> {
 public:
  using Configured::Configured;
  template <Number N>
  explicit Identity(N gain) : Configured(IdentityOptions{static_cast<double>(gain)}) {}
  void fill(const Shape& shape, float* values) const override;
};

struct RandomUniformOptions {
  double minval = -0.05;
  double maxval = 0.05;
  std::optional<std::int64_t> seed = {};
};
XERAS_FIELDS(RandomUniformOptions, minval, maxval, seed)

/// Uniform in [minval, maxval).
class XERAS_API RandomUniform final : public Configured<Initializer, RandomUniformOptions> {
 public:
  explicit RandomUniform(RandomUniformOptions options = {});
  template <Number N>
  explicit RandomUniform(N minval, double maxval = 0.05, SeedOptions options = {})
      : RandomUniform(RandomUniformOptions{static_cast<double>(minval), maxval, options.seed}) {}
  void fill(const Shape& shape, float* values) const override;
};

struct RandomNormalOptions {
  double mean = 0.0;
  double stddev = 0.05;
  std::optional<std::int64_t> seed = {};
};
XERAS_FIELDS(RandomNormalOptions, mean, stddev, seed)

/// Normal with the given mean and standard deviation.
class XERAS_API RandomNormal final : public Configured<Initializer, RandomNormalOptions> {
 public:
  explicit RandomNormal(RandomNormalOptions options = {});
  template <Number N>
  explicit RandomNormal(N mean, double stddev = 0.05, SeedOptions options = {})
      : RandomNormal(RandomNormalOptions{static_cast<double>(mean), stddev, options.seed}) {}
  void fill(const Shape& shape, float* values) const override;
};

/// Normal without the tails: a number more than two `stddev` from the mean is drawn again. The standard deviation of
/// the result is therefore 0.88 stddev.
class XERAS_API TruncatedNormal final : public Configured<Initializer, RandomNormalOptions> {
 public:
  explicit TruncatedNormal(RandomNormalOptions options = {});
  template <Number N>
  explicit TruncatedNormal(N mean, double stddev = 0.05, SeedOptions options = {})
      : TruncatedNormal(RandomNormalOptions{static_cast<double>(mean), stddev, options.seed}) {}
  void fill(const Shape& shape, float* values) const override;
};

struct VarianceScalingOptions {
  double scale = 1.0;
  std::string mode = "fan_in";                    ///< or "fan_out", "fan_avg"
  std::string distribution = "truncated_normal";  ///< or "untruncated_normal", "uniform"; "normal" is the first
  std::optional<std::int64_t> seed = {};
};
XERAS_FIELDS(VarianceScalingOptions, scale, mode, distribution, seed)

/// Mean 0 and variance scale / n, where n is the number of inputs of a unit (fan_in), of outputs (fan_out), or the mean
/// of both (fan_avg). A kernel (..., in, out) has fan_in = receptive * in and fan_out = receptive * out, with receptive
/// = the product of the leading axes; for a vector, both are its length.
/// Source  keras.initializers.VarianceScaling; a truncated normal is widened so that its variance is still correct
class XERAS_API VarianceScaling final : public Configured<Initializer, VarianceScalingOptions> {
 public:
  explicit VarianceScaling(VarianceScalingOptions options = {});
  template <Number N>
  explicit VarianceScaling(N scale) : VarianceScaling(VarianceScalingOptions{.scale = static_cast<double>(scale)}) {}
  void fill(const Shape& shape, float* values) const override;
};

/// Uniform in [-limit, limit), limit = sqrt(6 / (fan_in + fan_out)).
class XERAS_API GlorotUniform final : public Configured<Initializer, SeedOptions> {
 public:
  using Configured::Configured;
  void fill(const Shape& shape, float* values) const override;
};

/// Truncated normal with variance 2 / (fan_in + fan_out).
class XERAS_API GlorotNormal final : public Configured<Initializer, SeedOptions> {
 public:
  using Configured::Configured;
  void fill(const Shape& shape, float* values) const override;
};

/// Uniform in [-limit, limit), limit = sqrt(6 / fan_in).
class XERAS_API HeUniform final : public Configured<Initializer, SeedOptions> {
 public:
  using Configured::Configured;
  void fill(const Shape& shape, float* values) const override;
};

/// Truncated normal with variance 2 / fan_in.
class XERAS_API HeNormal final : public Configured<Initializer, SeedOptions> {
 public:
  using Configured::Configured;
  void fill(const Shape& shape, float* values) const override;
};

/// Uniform in [-limit, limit), limit = sqrt(3 / fan_in).
class XERAS_API LecunUniform final : public Configured<Initializer, SeedOptions> {
 public:
  using Configured::Configured;
  void fill(const Shape& shape, float* values) const override;
};

/// Truncated normal with variance 1 / fan_in.
class XERAS_API LecunNormal final : public Configured<Initializer, SeedOptions> {
 public:
  using Configured::Configured;
  void fill(const Shape& shape, float* values) const override;
};

struct OrthogonalOptions {
  double gain = 1.0;
  std::optional<std::int64_t> seed = {};
};
XERAS_FIELDS(OrthogonalOptions, gain, seed)

/// `gain` times a random matrix (product of all axes but the last, last) with orthonormal columns, or orthonormal rows
/// if it has fewer rows than columns. Throws InvalidArgument for ranks below 2.
/// Source  keras.initializers.Orthogonal: the Q of a normal matrix whose R has a positive diagonal
class XERAS_API Orthogonal final : public Configured<Initializer, OrthogonalOptions> {
 public:
  using Configured::Configured;
  template <Number N>
  explicit Orthogonal(N gain) : Configured(OrthogonalOptions{.gain = static_cast<double>(gain)}) {}
  void fill(const Shape& shape, float* values) const override;
};

}  // namespace xeras::initializers

namespace xeras {
using InitializerArgument = Named<initializers::Initializer>;
extern template class Named<initializers::Initializer>;
}  // namespace xeras
