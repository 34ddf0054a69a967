#include "xeras/regularizers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/family.hpp"
#include "core/masked_traps.hpp"
#include "core/shown.hpp"
#include "kernels/long_sums.hpp"
#include "kernels/simd.hpp"

namespace xeras::regularizers {
namespace {

std::span<const FamilyRow<Regularizer>> family() {
  static const std::vector<FamilyRow<Regularizer>>& rows = *new std::vector<FamilyRow<Regularizer>>{
      family_row<Regularizer, L1>({"l1"}),
      family_row<Regularizer, L2>({"l2"}),
      family_row<Regularizer, L1L2>({"l1_l2", "l1l2"}),
      family_row<Regularizer, OrthogonalRegularizer>({"orthogonal_regularizer"}),
  };
  return rows;
}

double checked_factor(const char* who, const char* option, double value) {
  if (value >= 0.0 && std::isfinite(value)) return value;
  throw InvalidArgument(fmt::format("{}: {} is {}; expected a finite number >= 0.", who, option, value));
}

// Returns the sum of f(x) in double, with eight accumulators, so that additions do not wait for each other.
template <class F>
double sum_of(const float* values, std::int64_t n, F f) {
  double sums[8] = {};
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (int lane = 0; lane < 8; ++lane) sums[lane] += f(static_cast<double>(values[i + lane]));
  }
  for (; i < n; ++i) sums[0] += f(static_cast<double>(values[i]));
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

double sum_of_magnitudes(const Extents& extents, const float* values) {
  return sum_of(values, extents.size(), [](double x) { return std::abs(x); });
}

double sum_of_squares(const Extents& extents, const float* values) {
  return sum_of(values, extents.size(), [](double x) { return x * x; });
}

float sign(float x) { return static_cast<float>((x > 0.0f) - (x < 0.0f)); }

// grad += factor * d(l1 sum |x|).
void add_l1_gradient(double l1, const Extents& extents, const float* values, float factor, float* grad) {
  const float a = factor * static_cast<float>(l1);
  const std::int64_t n = extents.size();
  for (std::int64_t i = 0; i < n; ++i) grad[i] += a * sign(values[i]);
}

// grad += factor * d(l2 sum x^2).
void add_l2_gradient(double l2, const Extents& extents, const float* values, float factor, float* grad) {
  kernels::simd().axpy(2.0f * factor * static_cast<float>(l2), values, grad, static_cast<std::size_t>(extents.size()));
}

// The vectors that OrthogonalRegularizer compares: the rows or columns of a matrix as unit vectors (count, length).
struct UnitVectors {
  std::size_t count, length;
  std::vector<float> vectors;
  std::vector<float> scales;  // (count): the factor that normalized each vector
  bool are_columns;

  UnitVectors(const Extents& extents, const float* values, bool columns) : are_columns(columns) {
    if (extents.rank() != 2) {
      throw InvalidInput(
          fmt::format("OrthogonalRegularizer: the tensor is {}; expected a matrix.", extents.to_string()));
    }
    count = static_cast<std::size_t>(extents[columns ? 1 : 0]);
    length = static_cast<std::size_t>(extents[columns ? 0 : 1]);
    vectors.resize(count * length);
    scales.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < length; ++k) at(i)[k] = values[place(i, k)];
      const double squares = sum_of(at(i), static_cast<std::int64_t>(length), [](double x) { return x * x; });
      scales[i] = static_cast<float>(std::min(1.0 / std::sqrt(squares), 1e7));  // Keras's epsilon
      kernels::simd().scale(scales[i], at(i), length);
    }
  }

  float* at(std::size_t i) { return vectors.data() + i * length; }
  // Returns the position of element k of vector i in the matrix.
  std::size_t place(std::size_t i, std::size_t k) const { return are_columns ? k * count + i : i * length + k; }
  double pairs() const { return 0.5 * static_cast<double>(count) * (static_cast<double>(count) - 1.0); }
};

}  // namespace

double Regularizer::operator()(const Input& tensor) const {
  const MaskedTraps masked;
  if (!tensor) throw InvalidInput(fmt::format("{}: no input; expected a tensor.", class_name()));
  if (tensor.kind() == Input::Kind::f32) return penalty(tensor.extents(), static_cast<const float*>(tensor.data()));
  return penalty(tensor.extents(), tensor.to_tensor().data());
}

std::shared_ptr<Regularizer> Regularizer::from_name(std::string_view name) {
  return make_by_name("regularizer", family(), name);
}

std::shared_ptr<Regularizer> Regularizer::from_config(const Value& value, const std::string& path) {
  return make_from_value("regularizer", family(), value, path);
}

Named<Regularizer> get(std::string_view name) { return Regularizer::from_name(name); }

L1::L1(L1Options options) : Configured(options) { checked_factor("L1", "l1", options.l1); }

double L1::penalty(const Extents& extents, const float* values) const {
  return config().l1 * sum_of_magnitudes(extents, values);
}

void L1::add_gradient(const Extents& extents, const float* values, float factor, float* grad) const {
  add_l1_gradient(config().l1, extents, values, factor, grad);
}

L2::L2(L2Options options) : Configured(options) { checked_factor("L2", "l2", options.l2); }

double L2::penalty(const Extents& extents, const float* values) const {
  return config().l2 * sum_of_squares(extents, values);
}

void L2::add_gradient(const Extents& extents, const float* values, float factor, float* grad) const {
  add_l2_gradient(config().l2, extents, values, factor, grad);
}

L1L2::L1L2(L1L2Options options) : Configured(options) {
  checked_factor("L1L2", "l1", options.l1);
  checked_factor("L1L2", "l2", options.l2);
}

double L1L2::penalty(const Extents& extents, const float* values) const {
  return config().l1 * sum_of_magnitudes(extents, values) + config().l2 * sum_of_squares(extents, values);
}

void L1L2::add_gradient(const Extents& extents, const float* values, float factor, float* grad) const {
  add_l1_gradient(config().l1, extents, values, factor, grad);
  add_l2_gradient(config().l2, extents, values, factor, grad);
}

OrthogonalRegularizer::OrthogonalRegularizer(OrthogonalRegularizerOptions options) : Configured(std::move(options)) {
  checked_factor("OrthogonalRegularizer", "factor", config().factor);
  if (config().mode != "rows" && config().mode != "columns") {
    throw InvalidArgument(
        fmt::format("OrthogonalRegularizer: mode is \"{}\"; expected \"rows\" or \"columns\".", shown(config().mode)));
  }
}

double OrthogonalRegularizer::penalty(const Extents& extents, const float* values) const {
  UnitVectors units(extents, values, config().mode == "columns");
  if (units.count < 2) return 0.0;
  double sum = 0.0;
  for (std::size_t i = 1; i < units.count; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      sum += std::abs(static_cast<double>(kernels::simd().dot(units.at(i), units.at(j), units.length)));
    }
  }
  return config().factor * sum / units.pairs();
}

// With the unit vectors u = s x: d|u_i u_j| / du_i = sign(u_i u_j) u_j, and dx = s (du - u (u du)).
void OrthogonalRegularizer::add_gradient(const Extents& extents, const float* values, float factor, float* grad) const {
  UnitVectors units(extents, values, config().mode == "columns");
  if (units.count < 2) return;
  const auto& simd = kernels::simd();
  const double a = factor * config().factor / units.pairs();
  std::vector<float> du(units.length), room(kernels::LongSums::room(units.length));
  for (std::size_t i = 0; i < units.count; ++i) {
    std::fill(du.begin(), du.end(), 0.0f);
    kernels::LongSums sums(du.data(), units.length, room.data());
    for (std::size_t j = 0; j < units.count; ++j) {
      if (j == i) continue;
      const float cosine = simd.dot(units.at(i), units.at(j), units.length);
      simd.axpy(sign(cosine), units.at(j), sums.next(1), units.length);
    }
    sums.finish();
    simd.axpy(-simd.dot(units.at(i), du.data(), units.length), units.at(i), du.data(), units.length);
    const float scale = static_cast<float>(a * units.scales[i]);
    for (std::size_t k = 0; k < units.length; ++k) grad[units.place(i, k)] += scale * du[k];
  }
}

}  // namespace xeras::regularizers

template class xeras::Named<xeras::regularizers::Regularizer>;
