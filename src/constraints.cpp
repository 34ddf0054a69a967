#include "xeras/constraints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/checked.hpp"
#include "core/family.hpp"
#include "core/masked_traps.hpp"
#include "kernels/simd.hpp"

namespace xeras::constraints {
namespace {

constexpr double epsilon = 1e-7;  // as in Keras

std::span<const FamilyRow<Constraint>> family() {
  static const std::vector<FamilyRow<Constraint>>& rows = *new std::vector<FamilyRow<Constraint>>{
      family_row<Constraint, MaxNorm>({"max_norm"}),
      family_row<Constraint, NonNeg>({"non_neg"}),
      family_row<Constraint, UnitNorm>({"unit_norm"}),
      family_row<Constraint, MinMaxNorm>({"min_max_norm"}),
  };
  return rows;
}

void require(bool holds, const char* who, const char* option, double value, const char* expected) {
  if (!holds) throw InvalidArgument(fmt::format("{}: {} is {}; expected {}.", who, option, value, expected));
}

// Some axes of a row-major array, to iterate over.
struct Walk {
  std::array<std::int64_t, Extents::max_rank> sizes{}, strides{};
  std::size_t rank = 0;

  // Adds an axis, outer axes first. An axis that is contiguous with the last one merges with it.
  void add(std::int64_t size, std::int64_t stride) {
    if (rank > 0 && strides[rank - 1] == size * stride) {
      sizes[rank - 1] *= size;
      strides[rank - 1] = stride;
    } else {
      sizes[rank] = size;
      strides[rank++] = stride;
    }
  }

  // Calls f(offset) for each element, in order.
  template <class F>
  void for_each(F&& f, std::size_t axis = 0, std::int64_t offset = 0) const {
    if (axis == rank) {
      f(offset);
    } else if (axis + 1 == rank) {
      for (std::int64_t i = 0; i < sizes[axis]; ++i) f(offset + i * strides[axis]);
    } else {
      for (std::int64_t i = 0; i < sizes[axis]; ++i) for_each(f, axis + 1, offset + i * strides[axis]);
    }
  }
};

// Returns the axes that a norm sums over.
AxisSet reduced_axes(const char* who, const Axes& axis, const Extents& extents) {
  if (axis.is_none()) return AxisSet().set();
  if (const std::optional<AxisSet> reduced = axis.within(extents.rank())) return *reduced;
  const auto rank = static_cast<std::int64_t>(extents.rank());
  throw InvalidArgument(fmt::format("{}: axis is {} for a tensor of shape {}; expected {}.", who, axis.to_string(),
                                    extents.to_string(),
                                    rank == 0 ? "a tensor with axes" : fmt::format("axes in {}..{}", -rank, rank - 1)));
}

// Sums in double with four accumulators, so that additions do not wait for each other.
double sum_of_squares(const float* w, std::int64_t n) {
  double sums[4] = {};
  std::int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (int lane = 0; lane < 4; ++lane) sums[lane] += static_cast<double>(w[i + lane]) * w[i + lane];
  }
  for (; i < n; ++i) sums[0] += static_cast<double>(w[i]) * w[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// Computes w *= scale(norm) for each norm over `axis`. It computes the norms of up to `width` adjacent elements at
// once, so it reads memory in order for any axis, and allocates nothing.
template <class F>
void scale_norms(const char* who, const Axes& axis, const Extents& extents, float* w, F scale) {
  const AxisSet reduced = reduced_axes(who, axis, extents);
  if (extents.size() == 0) return;
  Walk over, outer;             // the elements of a norm; the norms
  std::int64_t run = 1;         // adjacent elements that share a norm
  std::int64_t neighbours = 1;  // or adjacent elements with a norm each
  std::int64_t stride = 1;
  std::array<std::int64_t, Extents::max_rank> strides{};
  for (std::size_t a = extents.rank(); a-- > 0;) {
    strides[a] = stride;
    stride *= extents[a];
  }
  std::size_t inner = extents.rank();  // the axes from here on are of one kind
  while (inner > 0 && reduced[inner - 1] == reduced[extents.rank() - 1]) --inner;
  for (std::size_t a = 0; a < inner; ++a) (reduced[a] ? over : outer).add(extents[a], strides[a]);
  for (std::size_t a = inner; a < extents.rank(); ++a) (reduced[a] ? run : neighbours) *= extents[a];

  constexpr std::int64_t width = 64;
  outer.for_each([&](std::int64_t start) {
    for (std::int64_t first = 0; first < neighbours; first += width) {
      const std::int64_t count = std::min(width, neighbours - first);
      float* const corner = w + start + first;
      double squares[width] = {};
      float scales[width];
      over.for_each([&](std::int64_t offset) {
        const float* from = corner + offset;
        for (std::int64_t i = 0; i < count; ++i) squares[i] += static_cast<double>(from[i]) * from[i];
        if (run > 1) squares[0] += sum_of_squares(from + 1, run - 1);
      });
      for (std::int64_t i = 0; i < count; ++i) scales[i] = static_cast<float>(scale(std::sqrt(squares[i])));
      over.for_each([&](std::int64_t offset) {
        float* to = corner + offset;
        if (run > 1) return kernels::simd().scale(scales[0], to, static_cast<std::size_t>(run));
        kernels::simd().multiply(to, scales, to, static_cast<std::size_t>(count));
      });
    }
  });
}

}  // namespace

Tensor Constraint::operator()(const Input& tensor) const {
  const MaskedTraps masked;
  if (!tensor) throw InvalidInput(fmt::format("{}: no input; expected a tensor.", class_name()));
  Tensor w = tensor.to_tensor();
  apply(tensor.extents(), w.data());
  return w;
}

std::shared_ptr<Constraint> Constraint::from_name(std::string_view name) {
  return make_by_name("constraint", family(), name);
}

std::shared_ptr<Constraint> Constraint::from_config(const Value& value, const std::string& path) {
  return make_from_value("constraint", family(), value, path);
}

Named<Constraint> get(std::string_view name) { return Constraint::from_name(name); }

void NonNeg::apply(const Extents& extents, float* values) const {
  kernels::simd().relu(values, values, static_cast<std::size_t>(extents.size()));
}

MaxNorm::MaxNorm(MaxNormOptions options) : Configured(std::move(options)) {
  require(config().max_value >= 0.0 && is_finite_float(config().max_value), "MaxNorm", "max_value", config().max_value,
          "a finite number >= 0");
}

void MaxNorm::apply(const Extents& extents, float* values) const {
  scale_norms("MaxNorm", config().axis, extents, values,
              [&](double norm) { return (norm > config().max_value ? config().max_value : norm) / (epsilon + norm); });
}

void UnitNorm::apply(const Extents& extents, float* values) const {
  scale_norms("UnitNorm", config().axis, extents, values, [](double norm) { return 1.0 / (epsilon + norm); });
}

MinMaxNorm::MinMaxNorm(MinMaxNormOptions options) : Configured(std::move(options)) {
  const MinMaxNormOptions& given = config();
  require(given.min_value >= 0.0 && is_finite_float(given.min_value), "MinMaxNorm", "min_value", given.min_value,
          "a finite number >= 0");
  require(given.max_value >= given.min_value, "MinMaxNorm", "max_value", given.max_value, "a number >= min_value");
  require(given.rate >= 0.0 && given.rate <= 1.0, "MinMaxNorm", "rate", given.rate, "a number from 0 to 1");
}

void MinMaxNorm::apply(const Extents& extents, float* values) const {
  const MinMaxNormOptions& given = config();
  scale_norms("MinMaxNorm", given.axis, extents, values, [&given](double norm) {
    const double clipped = norm < given.min_value ? given.min_value : norm > given.max_value ? given.max_value : norm;
    return (given.rate * clipped + (1.0 - given.rate) * norm) / (epsilon + norm);
  });
}

}  // namespace xeras::constraints

template class xeras::Named<xeras::constraints::Constraint>;
