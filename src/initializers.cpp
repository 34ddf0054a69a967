#include "xeras/initializers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/checked.hpp"
#include "core/family.hpp"
#include "core/masked_traps.hpp"
#include "core/parallel.hpp"
#include "core/shown.hpp"
#include "initializers/orthonormalize.hpp"
#include "kernels/simd.hpp"
#include "xeras/core/random.hpp"

namespace xeras::initializers {
namespace {

std::span<const FamilyRow<Initializer>> family() {
  static const std::vector<FamilyRow<Initializer>>& rows = *new std::vector<FamilyRow<Initializer>>{
      family_row<Initializer, Zeros>({"zeros", "zero"}),
      family_row<Initializer, Ones>({"ones", "one"}),
      family_row<Initializer, Constant>({"constant"}),
      family_row<Initializer, Identity>({"identity"}),
      family_row<Initializer, RandomUniform>({"random_uniform", "uniform"}),
      family_row<Initializer, RandomNormal>({"random_normal", "normal"}),
      family_row<Initializer, TruncatedNormal>({"truncated_normal"}),
      family_row<Initializer, VarianceScaling>({"variance_scaling"}),
      family_row<Initializer, GlorotUniform>({"glorot_uniform"}),
      family_row<Initializer, GlorotNormal>({"glorot_normal"}),
      family_row<Initializer, HeUniform>({"he_uniform"}),
      family_row<Initializer, HeNormal>({"he_normal"}),
      family_row<Initializer, LecunUniform>({"lecun_uniform"}),
      family_row<Initializer, LecunNormal>({"lecun_normal"}),
      family_row<Initializer, Orthogonal>({"orthogonal"}),
  };
  return rows;
}

std::size_t size_of(const Shape& shape) { return static_cast<std::size_t>(shape.size()); }

RandomStream stream_of(const std::optional<std::int64_t>& seed) {
  return RandomStream(seed ? static_cast<std::uint64_t>(*seed) : next_random_seed());
}

// The work per random number, in floats of a loop.
constexpr std::size_t uniform_work = 4;
constexpr std::size_t normal_work = 64;

// Fills with uniform numbers in [minval, maxval).
void fill_uniform(double minval, double maxval, const RandomStream& stream, float* values, std::size_t n) {
  const float last = std::nextafter(static_cast<float>(maxval), static_cast<float>(minval));
  // `last` is the upper bound because rounding to float may reach the limit.
  parallel_for(n, uniform_work, [&](std::size_t begin, std::size_t end) {
    kernels::simd().uniform(stream.key(), begin, minval, maxval - minval, last, values + begin, end - begin);
  });
}

// Fills with normal numbers. With `limit`, they are within that many standard deviations of the mean, distributed as if
// the others were drawn again. Either way it needs one draw per number, and few logarithms.
void fill_normal(double mean, double stddev, double limit, const RandomStream& stream, float* values, std::size_t n) {
  const double below = 0.5 * std::erfc(limit / std::sqrt(2.0));
  parallel_for(n, normal_work, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const double z = normal_quantile(below + (1.0 - 2.0 * below) * stream.inner_uniform(i));
      values[i] = static_cast<float>(mean + stddev * std::clamp(z, -limit, limit));
    }
  });
}

constexpr double no_limit = std::numeric_limits<double>::infinity();

// The fans of Keras: the length of a vector; for a kernel (..., in, out), in and out times the leading axes.
struct Fans {
  double in = 1.0, out = 1.0;
};

Fans fans_of(const Shape& shape) {
  if (shape.rank() == 0) return {};
  const double last = static_cast<double>(shape.last().size());
  if (shape.rank() == 1) return {last, last};
  double receptive = 1.0;
  for (std::size_t axis = 0; axis + 2 < shape.rank(); ++axis) receptive *= static_cast<double>(shape[axis].size());
  return {receptive * static_cast<double>(shape[shape.rank() - 2].size()), receptive * last};
}

enum class Distribution { uniform, truncated, untruncated };

void fill_scaled(double scale, double fan, Distribution distribution, const std::optional<std::int64_t>& seed,
                 const Shape& shape, float* values) {
  const double variance = scale / std::max(1.0, fan);
  const RandomStream stream = stream_of(seed);
  if (distribution == Distribution::uniform) {
    const double limit = std::sqrt(3.0 * variance);
    fill_uniform(-limit, limit, stream, values, size_of(shape));
  } else if (distribution == Distribution::truncated) {
    // The divisor is the standard deviation of a standard normal distribution cut at 2.
    fill_normal(0.0, std::sqrt(variance) / 0.87962566103423978, 2.0, stream, values, size_of(shape));
  } else {
    fill_normal(0.0, std::sqrt(variance), no_limit, stream, values, size_of(shape));
  }
}

void check_finite(const char* who, const char* option, double value) {
  if (is_finite_float(value)) return;
  throw InvalidArgument(fmt::format("{}: {} is {}; expected a finite number.", who, option, value));
}

double mean_fan(const Shape& shape) {
  const Fans fans = fans_of(shape);
  return 0.5 * (fans.in + fans.out);
}

}  // namespace

Tensor Initializer::operator()(const Shape& shape) const {
  const MaskedTraps masked;
  if (!shape.known()) {
    throw InvalidArgument(fmt::format("{}: the shape is {}; expected known sizes.", class_name(), shape.to_string()));
  }
  Tensor tensor = empty_tensor(shape);
  fill(shape, tensor.data());
  return tensor;
}

std::shared_ptr<Initializer> Initializer::from_name(std::string_view name) {
  return make_by_name("initializer", family(), name);
}

std::shared_ptr<Initializer> Initializer::from_config(const Value& value, const std::string& path) {
  return make_from_value("initializer", family(), value, path);
}

Named<Initializer> get(std::string_view name) { return Initializer::from_name(name); }

void Zeros::fill(const Shape& shape, float* values) const { std::fill_n(values, size_of(shape), 0.0f); }

void Ones::fill(const Shape& shape, float* values) const { std::fill_n(values, size_of(shape), 1.0f); }

void Constant::fill(const Shape& shape, float* values) const {
  const Tensor* const array = config().value.array();
  if (array == nullptr) {
    check_finite("Constant", "value", config().value.number());
    std::fill_n(values, size_of(shape), static_cast<float>(config().value.number()));
    return;
  }
  for (const float value : *array) check_finite("Constant", "value", value);
  // Axes count from the last one, as in broadcasting.
  const Shape given = shape_of(*array);
  bool fits = given.rank() <= shape.rank();
  for (std::size_t axis = 1; fits && axis <= given.rank(); ++axis) {
    const Dim size = given[given.rank() - axis];
    fits = size == Dim(1) || size == shape[shape.rank() - axis];
  }
  if (!fits) {
    throw InvalidArgument(
        fmt::format("Constant: value has shape {} for a weight of shape {}; expected the same shape, with 1 for an "
                    "axis along which it is repeated.",
                    given.to_string(), shape.to_string()));
  }
  if (given == shape) {
    std::copy(array->begin(), array->end(), values);
    return;
  }
  for (std::size_t i = 0, size = size_of(shape); i < size; ++i) {
    std::size_t rest = i, at = 0, stride = 1;
    for (std::size_t axis = 1; axis <= given.rank(); ++axis) {
      const auto length = static_cast<std::size_t>(shape[shape.rank() - axis].size());
      const auto own = static_cast<std::size_t>(given[given.rank() - axis].size());
      if (own > 1) at += rest % length * stride;
      stride *= own;
      rest /= length;
    }
    values[i] = array->data()[at];
  }
}

void Identity::fill(const Shape& shape, float* values) const {
  check_finite("Identity", "gain", config().gain);
  if (shape.rank() != 2) {
    throw InvalidArgument(fmt::format("Identity: the shape is {}; expected the shape of a matrix.", shape.to_string()));
  }
  std::fill_n(values, size_of(shape), 0.0f);
  const std::int64_t columns = shape.last().size();
  const std::int64_t diagonal = std::min(shape[0].size(), columns);
  for (std::int64_t i = 0; i < diagonal; ++i) values[i * columns + i] = static_cast<float>(config().gain);
}

RandomUniform::RandomUniform(RandomUniformOptions options) : Configured(options) {
  check_finite("RandomUniform", "minval", options.minval);
  check_finite("RandomUniform", "maxval", options.maxval);
  if (options.minval <= options.maxval) return;
  throw InvalidArgument(fmt::format("RandomUniform: minval is {} and maxval is {}; expected minval <= maxval.",
                                    options.minval, options.maxval));
}

void RandomUniform::fill(const Shape& shape, float* values) const {
  fill_uniform(config().minval, config().maxval, stream_of(config().seed), values, size_of(shape));
}

namespace {
void check_stddev(const char* who, double stddev) {
  if (stddev >= 0.0 && is_finite_float(stddev)) return;
  throw InvalidArgument(fmt::format("{}: stddev is {}; expected a finite number >= 0.", who, stddev));
}
}  // namespace

RandomNormal::RandomNormal(RandomNormalOptions options) : Configured(options) {
  check_finite("RandomNormal", "mean", options.mean);
  check_stddev("RandomNormal", options.stddev);
}

void RandomNormal::fill(const Shape& shape, float* values) const {
  fill_normal(config().mean, config().stddev, no_limit, stream_of(config().seed), values, size_of(shape));
}

TruncatedNormal::TruncatedNormal(RandomNormalOptions options) : Configured(options) {
  check_finite("TruncatedNormal", "mean", options.mean);
  check_stddev("TruncatedNormal", options.stddev);
}

void TruncatedNormal::fill(const Shape& shape, float* values) const {
  fill_normal(config().mean, config().stddev, 2.0, stream_of(config().seed), values, size_of(shape));
}

namespace {
VarianceScalingOptions checked(VarianceScalingOptions options) {
  if (!(options.scale > 0.0 && is_finite_float(options.scale))) {
    throw InvalidArgument(fmt::format("VarianceScaling: scale is {}; expected a finite number > 0.", options.scale));
  }
  if (options.mode != "fan_in" && options.mode != "fan_out" && options.mode != "fan_avg") {
    throw InvalidArgument(fmt::format(
        "VarianceScaling: mode is \"{}\"; expected \"fan_in\", \"fan_out\" or \"fan_avg\".", shown(options.mode)));
  }
  if (options.distribution == "normal") options.distribution = "truncated_normal";
  if (options.distribution != "truncated_normal" && options.distribution != "untruncated_normal" &&
      options.distribution != "uniform") {
    throw InvalidArgument(
        fmt::format("VarianceScaling: distribution is \"{}\"; expected \"truncated_normal\", "
                    "\"untruncated_normal\" or \"uniform\".",
                    shown(options.distribution)));
  }
  return options;
}
}  // namespace

VarianceScaling::VarianceScaling(VarianceScalingOptions options) : Configured(checked(std::move(options))) {}

void VarianceScaling::fill(const Shape& shape, float* values) const {
  const VarianceScalingOptions& given = config();
  const Fans fans = fans_of(shape);
  const double fan = given.mode == "fan_in" ? fans.in : given.mode == "fan_out" ? fans.out : mean_fan(shape);
  const Distribution distribution = given.distribution == "uniform"            ? Distribution::uniform
                                    : given.distribution == "truncated_normal" ? Distribution::truncated
                                                                               : Distribution::untruncated;
  fill_scaled(given.scale, fan, distribution, given.seed, shape, values);
}

void GlorotUniform::fill(const Shape& shape, float* values) const {
  fill_scaled(1.0, mean_fan(shape), Distribution::uniform, config().seed, shape, values);
}

void GlorotNormal::fill(const Shape& shape, float* values) const {
  fill_scaled(1.0, mean_fan(shape), Distribution::truncated, config().seed, shape, values);
}

void HeUniform::fill(const Shape& shape, float* values) const {
  fill_scaled(2.0, fans_of(shape).in, Distribution::uniform, config().seed, shape, values);
}

void HeNormal::fill(const Shape& shape, float* values) const {
  fill_scaled(2.0, fans_of(shape).in, Distribution::truncated, config().seed, shape, values);
}

void LecunUniform::fill(const Shape& shape, float* values) const {
  fill_scaled(1.0, fans_of(shape).in, Distribution::uniform, config().seed, shape, values);
}

void LecunNormal::fill(const Shape& shape, float* values) const {
  fill_scaled(1.0, fans_of(shape).in, Distribution::truncated, config().seed, shape, values);
}

void Orthogonal::fill(const Shape& shape, float* values) const {
  if (shape.rank() < 2) {
    throw InvalidArgument(fmt::format("Orthogonal: the shape is {}; expected at least two axes.", shape.to_string()));
  }
  const std::size_t n = size_of(shape);
  if (n == 0) return;
  const auto columns = static_cast<std::size_t>(shape.last().size());
  const std::size_t rows = n / columns;
  const RandomStream stream = stream_of(config().seed);
  if (rows < columns) {
    fill_normal(0.0, 1.0, no_limit, stream, values, n);
    orthonormalize(values, rows, columns);
  } else {
    std::vector<float> transposed(n);
    fill_normal(0.0, 1.0, no_limit, stream, transposed.data(), n);
    orthonormalize(transposed.data(), columns, rows);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) values[r * columns + c] = transposed[c * rows + r];
    }
  }
  kernels::simd().scale(static_cast<float>(config().gain), values, n);
}

}  // namespace xeras::initializers

template class xeras::Named<xeras::initializers::Initializer>;
