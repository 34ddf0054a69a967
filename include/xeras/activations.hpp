#pragma once

#include <optional>
#include <type_traits>

#include "xeras/core/input.hpp"
#include "xeras/core/named.hpp"

/// Elementwise functions and softmax, for `.activation` and the Activation layer, by name ("relu") or by object.
///
///   Dense(64, {.activation = "relu"});
///   Dense(64, {.activation = activations::LeakyRelu({.negative_slope = 0.1})});
namespace xeras::activations {

class XERAS_API Activation : public Configurable {
 public:
  using Argument = Input;

  /// Returns a new tensor: activations::get("gelu")(x).
  Tensor operator()(const Input& tensor) const;

  /// Computes y = f(x) for x, y (rows, columns); y may be x. Only softmax and the like depend on the rows.
  virtual void forward(const float* x, float* y, std::size_t rows, std::size_t columns) const = 0;
  /// Computes dx = dy * f'(x), with the x and y of forward; dx may be dy. x is null if needs_input() is false.
  virtual void backward(const float* x, const float* y, const float* dy, float* dx, std::size_t rows,
                        std::size_t columns) const = 0;
  /// False if the gradient follows from the output alone, so that the input need not be kept.
  virtual bool needs_input() const { return true; }
  /// True for Linear, which does nothing.
  virtual bool is_identity() const { return false; }

  static std::shared_ptr<Activation> from_name(std::string_view name);
  static std::shared_ptr<Activation> from_config(const Value& value, const std::string& path);
};

XERAS_API Named<Activation> get(std::string_view name);

/// An activation that treats each number separately. Its members are compiled into the library, for the classes below;
/// an activation of your own derives from Activation (or from Configured<Activation, Options>).
// Options is void for classes without options; otherwise it is XERAS_API, since a hidden argument would hide the
// template too.
template <class Self, class Options = void>
class XERAS_API Elementwise
    : public Configured<Activation, std::conditional_t<std::is_void_v<Options>, NoOptions, Options>> {
 public:
  using Elementwise::Configured::Configured;
  void forward(const float* x, float* y, std::size_t rows, std::size_t columns) const override;
  void backward(const float* x, const float* y, const float* dy, float* dx, std::size_t rows,
                std::size_t columns) const override;
  bool needs_input() const override;
};

// At a corner, the slope is that of the left side (0 for relu at 0, as in Keras), and 0 where the function meets a
// constant. A NaN stays a NaN.

struct XERAS_API ReluOptions {
  double negative_slope = 0.0;
  std::optional<double> max_value = {};
  double threshold = 0.0;
};
XERAS_FIELDS(ReluOptions, negative_slope, max_value, threshold)

/// max(x, 0); with options, min(x, max_value) where x > threshold, else negative_slope * (x - threshold). Throws
/// InvalidArgument when an option is negative.
struct XERAS_API Relu final : Elementwise<Relu, ReluOptions> {
  explicit Relu(ReluOptions options = {});
};

/// min(max(x, 0), 6).
struct XERAS_API Relu6 final : Elementwise<Relu6> {
  using Elementwise::Elementwise;
};

struct XERAS_API LeakyReluOptions {
  double negative_slope = 0.2;
};
XERAS_FIELDS(LeakyReluOptions, negative_slope)

/// x, or negative_slope * x where x < 0. Throws InvalidArgument when negative_slope < 0.
struct XERAS_API LeakyRelu final : Elementwise<LeakyRelu, LeakyReluOptions> {
  explicit LeakyRelu(LeakyReluOptions options = {});
};

struct XERAS_API EluOptions {
  double alpha = 1.0;
};
XERAS_FIELDS(EluOptions, alpha)

/// x, or alpha * (exp(x) - 1) where x < 0. Throws InvalidArgument when alpha < 0.
struct XERAS_API Elu final : Elementwise<Elu, EluOptions> {
  explicit Elu(EluOptions options = {});
};

/// 1.0507 * elu(x, 1.6733): with weights from LecunNormal, keeps mean 0 and variance 1 from layer to layer.
struct XERAS_API Selu final : Elementwise<Selu> {
  using Elementwise::Elementwise;
};

struct XERAS_API CeluOptions {
  double alpha = 1.0;
};
XERAS_FIELDS(CeluOptions, alpha)

/// x, or alpha * (exp(x / alpha) - 1) where x < 0. Throws InvalidArgument unless alpha > 0.
struct XERAS_API Celu final : Elementwise<Celu, CeluOptions> {
  explicit Celu(CeluOptions options = {});
};

/// 1 / (1 + exp(-x)).
struct XERAS_API Sigmoid final : Elementwise<Sigmoid> {
  using Elementwise::Elementwise;
};

/// min(max(x / 6 + 1 / 2, 0), 1).
struct XERAS_API HardSigmoid final : Elementwise<HardSigmoid> {
  using Elementwise::Elementwise;
};

/// min(max(x / 5 + 1 / 2, 0), 1): the "hard_sigmoid" of Keras 2 files. Keras 3 has no name for it.
struct XERAS_API Keras2HardSigmoid final : Elementwise<Keras2HardSigmoid> {
  using Elementwise::Elementwise;
};

/// min(max((x + 1) / 2, 0), 1).
struct XERAS_API SparseSigmoid final : Elementwise<SparseSigmoid> {
  using Elementwise::Elementwise;
};

/// log(sigmoid(x)).
struct XERAS_API LogSigmoid final : Elementwise<LogSigmoid> {
  using Elementwise::Elementwise;
};

/// tanh(x).
struct XERAS_API Tanh final : Elementwise<Tanh> {
  using Elementwise::Elementwise;
};

/// min(max(x, -1), 1).
struct XERAS_API HardTanh final : Elementwise<HardTanh> {
  using Elementwise::Elementwise;
};

/// x - tanh(x).
struct XERAS_API TanhShrink final : Elementwise<TanhShrink> {
  using Elementwise::Elementwise;
};

/// exp(x).
struct XERAS_API Exponential final : Elementwise<Exponential> {
  using Elementwise::Elementwise;
};

/// log(1 + exp(x)).
struct XERAS_API Softplus final : Elementwise<Softplus> {
  using Elementwise::Elementwise;
};

/// 0 up to x = -1, (x + 1)^2 / 4 up to x = 1, then x.
struct XERAS_API SparsePlus final : Elementwise<SparsePlus> {
  using Elementwise::Elementwise;
};

struct XERAS_API SquareplusOptions {
  double b = 4.0;
};
XERAS_FIELDS(SquareplusOptions, b)

/// (x + sqrt(x^2 + b)) / 2. Throws InvalidArgument when b < 0.
struct XERAS_API Squareplus final : Elementwise<Squareplus, SquareplusOptions> {
  explicit Squareplus(SquareplusOptions options = {});
};

/// x / (1 + |x|).
struct XERAS_API Softsign final : Elementwise<Softsign> {
  using Elementwise::Elementwise;
};

/// x * sigmoid(x); also called "swish".
struct XERAS_API Silu final : Elementwise<Silu> {
  using Elementwise::Elementwise;
};

/// x * hard_sigmoid(x); also called "hard_swish".
struct XERAS_API HardSilu final : Elementwise<HardSilu> {
  using Elementwise::Elementwise;
};

/// x * tanh(softplus(x)).
struct XERAS_API Mish final : Elementwise<Mish> {
  using Elementwise::Elementwise;
};

struct XERAS_API GeluOptions {
  bool approximate = false;  ///< with P = (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2
};
XERAS_FIELDS(GeluOptions, approximate)

/// x * P(X <= x) for a standard normal X.
struct XERAS_API Gelu final : Elementwise<Gelu, GeluOptions> {
  using Elementwise::Elementwise;
};

struct XERAS_API SoftShrinkOptions {
  double threshold = 0.5;
};
XERAS_FIELDS(SoftShrinkOptions, threshold)

/// x moved towards 0 by threshold; 0 where |x| <= threshold. Throws InvalidArgument when threshold < 0.
struct XERAS_API SoftShrink final : Elementwise<SoftShrink, SoftShrinkOptions> {
  explicit SoftShrink(SoftShrinkOptions options = {});
};

struct XERAS_API HardShrinkOptions {
  double threshold = 0.5;
};
XERAS_FIELDS(HardShrinkOptions, threshold)

/// x, or 0 where |x| <= threshold. Throws InvalidArgument when threshold < 0.
struct XERAS_API HardShrink final : Elementwise<HardShrink, HardShrinkOptions> {
  explicit HardShrink(HardShrinkOptions options = {});
};

struct XERAS_API ThresholdOptions {
  double threshold = 0.0;
  double default_value = 0.0;
};
XERAS_FIELDS(ThresholdOptions, threshold, default_value)

/// x, or default_value where x <= threshold.
struct XERAS_API Threshold final : Elementwise<Threshold, ThresholdOptions> {
  explicit Threshold(ThresholdOptions options = {});
};

/// x itself: no activation.
class XERAS_API Linear final : public Configured<Activation, NoOptions> {
 public:
  using Configured::Configured;
  void forward(const float* x, float* y, std::size_t rows, std::size_t columns) const override;
  void backward(const float* x, const float* y, const float* dy, float* dx, std::size_t rows,
                std::size_t columns) const override;
  bool needs_input() const override { return false; }
  bool is_identity() const override { return true; }
};

// These functions work on the last axis and turn scores into probabilities.

/// exp(x) / sum exp(x).
class XERAS_API Softmax final : public Configured<Activation, NoOptions> {
 public:
  using Configured::Configured;
  void forward(const float* x, float* y, std::size_t rows, std::size_t columns) const override;
  void backward(const float* x, const float* y, const float* dy, float* dx, std::size_t rows,
                std::size_t columns) const override;
  bool needs_input() const override { return false; }
};

/// log(softmax(x)), also accurate where the softmax is too small for a float.
class XERAS_API LogSoftmax final : public Configured<Activation, NoOptions> {
 public:
  using Configured::Configured;
  void forward(const float* x, float* y, std::size_t rows, std::size_t columns) const override;
  void backward(const float* x, const float* y, const float* dy, float* dx, std::size_t rows,
                std::size_t columns) const override;
  bool needs_input() const override { return false; }
};

/// max(x - tau, 0) with the tau that makes the sum 1: probabilities, many of them exactly 0.
/// Source  Martins and Astudillo, From Softmax to Sparsemax (arXiv 1602.02068)
class XERAS_API Sparsemax final : public Configured<Activation, NoOptions> {
 public:
  using Configured::Configured;
  void forward(const float* x, float* y, std::size_t rows, std::size_t columns) const override;
  void backward(const float* x, const float* y, const float* dy, float* dx, std::size_t rows,
                std::size_t columns) const override;
  bool needs_input() const override { return false; }
};

}  // namespace xeras::activations

namespace xeras {
using ActivationArgument = Named<activations::Activation>;
extern template class Named<activations::Activation>;
}  // namespace xeras
