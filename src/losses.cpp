#include "xeras/losses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/family.hpp"
#include "core/masked_traps.hpp"
#include "core/shown.hpp"
#include "kernels/simd.hpp"
#include "losses/crossentropy.hpp"
#include "losses/targets.hpp"

namespace xeras::losses {
namespace {

using kernels::simd;

std::span<const FamilyRow<Loss>> family() {
  static const std::vector<FamilyRow<Loss>>& rows = *new std::vector<FamilyRow<Loss>>{
      family_row<Loss, MeanSquaredError>({"mean_squared_error", "mse", "MSE"}),
      family_row<Loss, MeanAbsoluteError>({"mean_absolute_error", "mae", "MAE"}),
      family_row<Loss, BinaryCrossentropy>({"binary_crossentropy", "bce", "BCE"}),
      family_row<Loss, CategoricalCrossentropy>({"categorical_crossentropy"}),
      family_row<Loss, SparseCategoricalCrossentropy>({"sparse_categorical_crossentropy"}),
  };
  return rows;
}

enum class Reduction { mean, sum, mean_with_sample_weight };

std::optional<Reduction> find_reduction(std::string_view name) {
  if (name == "sum_over_batch_size" || name == "mean") return Reduction::mean;
  if (name == "sum") return Reduction::sum;
  if (name == "mean_with_sample_weight") return Reduction::mean_with_sample_weight;
  return {};
}

void check_axis(const std::string& name, std::int64_t axis) {
  if (axis != -1) {
    throw InvalidArgument(
        fmt::format("{}: axis is {}; expected -1, the last. Permute the axes before the loss.", name, axis));
  }
}

void check_smoothing(const std::string& name, double smoothing) {
  if (!(smoothing >= 0.0 && smoothing <= 1.0)) {
    throw InvalidArgument(fmt::format("{}: label_smoothing is {}; expected a number from 0 to 1.", name, smoothing));
  }
}

// values(r) = mean over c of e(r, c). block(y, p, n, e, g) writes n of the e and, where g is not null, of the de/dp.
template <class F>
void mean_over_columns(const Targets& targets, float* values, float* dp, F block) {
  const auto columns = static_cast<std::size_t>(targets.pred_columns);
  const std::size_t size = static_cast<std::size_t>(targets.rows) * columns;
  std::array<float, block_size> e;
  double sum = 0.0;
  std::size_t column = 0;
  for (std::size_t first = 0; first < size; first += block_size) {
    const std::size_t n = std::min(block_size, size - first);
    block(targets.y_true + first, targets.y_pred + first, n, e.data(), dp != nullptr ? dp + first : nullptr);
    for (std::size_t i = 0; i < n; ++i) {
      sum += e[i];
      if (++column < columns) continue;
      *values++ = static_cast<float>(sum / static_cast<double>(columns));
      sum = 0.0;
      column = 0;
    }
  }
  if (dp != nullptr && columns > 1) simd().scale(1.0f / static_cast<float>(columns), dp, size);
}

}  // namespace

double Loss::operator()(const Input& y_true, const Input& y_pred, const Input& sample_weight) const {
  const MaskedTraps masked;
  check(y_true, y_pred.extents(), name());
  const WholeBatch batch(y_true, y_pred, sample_weight, name());
  std::vector<float> scratch(2 * static_cast<std::size_t>(batch.targets().rows));
  return compute(batch.targets(), scratch.data(), nullptr);
}

void Loss::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  const TargetKind kind = target_kind();
  check_targets(y_true, y_pred, who,
                {.kind = kind,
                 .name = name(),
                 .other = kind == TargetKind::labels ? "categorical_crossentropy" : "sparse_categorical_crossentropy",
                 .labels_are_classes = true,
                 .ignore_class = ignore_class()});
}

void Loss::check_reduction(const std::string& name, const std::optional<std::string>& reduction) {
  if (reduction && find_reduction(*reduction)) return;
  const bool is_none = !reduction || *reduction == "none";
  throw InvalidArgument(
      fmt::format("{}: reduction is {}; expected one of sum_over_batch_size, mean, sum, mean_with_sample_weight.{}",
                  name.empty() ? "Loss" : name, reduction ? fmt::format("\"{}\"", shown(*reduction)) : "None",
                  is_none ? " Choose one of them: a model needs one number to make small." : ""));
}

void Loss::per_row(const Targets& targets, float* values, float* counts) const {
  rows(targets, values, nullptr);
  const std::optional<std::int64_t> ignored = ignore_class();
  const float label = ignored ? static_cast<float>(*ignored) : 0.0f;
  for (std::int64_t r = 0; r < targets.rows; ++r) counts[r] = ignored && targets.y_true[r] == label ? 0.0f : 1.0f;
}

double Loss::compute(const Targets& targets, float* scratch, float* dp) const {
  const std::optional<Reduction> kind = find_reduction(reduction());
  if (!kind) check_reduction(name(), reduction());
  const std::optional<std::int64_t> ignored = ignore_class();
  const float ignored_label = ignored ? static_cast<float>(*ignored) : 0.0f;
  float* const values = scratch;
  float* const weights = scratch + targets.rows;
  rows(targets, values, dp);

  std::int64_t valid = 0;
  double total = 0.0, total_weight = 0.0;
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    const bool counts =
        (targets.mask == nullptr || targets.mask[r] != 0) && !(ignored && targets.y_true[r] == ignored_label);
    valid += counts;
    weights[r] = counts ? (targets.sample_weight != nullptr ? targets.sample_weight[r] : 1.0f) : 0.0f;
    if (weights[r] == 0.0f) continue;  // not even a NaN counts
    total += static_cast<double>(weights[r]) * values[r];
    total_weight += weights[r];
  }
  const double divisor = kind == Reduction::sum    ? 1.0
                         : kind == Reduction::mean ? static_cast<double>(valid)
                                                   : total_weight;
  const double scale = divisor != 0.0 ? 1.0 / divisor : 0.0;
  if (dp != nullptr) {
    const auto columns = static_cast<std::size_t>(targets.pred_columns);
    for (std::int64_t r = 0; r < targets.rows; ++r, dp += columns) {
      const auto factor = static_cast<float>(weights[r] * scale);
      if (factor == 0.0f) {
        std::fill(dp, dp + columns, 0.0f);
      } else {
        simd().scale(factor, dp, columns);
      }
    }
  }
  return total * scale;
}

std::shared_ptr<Loss> Loss::from_name(std::string_view name) { return make_by_name("loss", family(), name); }

std::shared_ptr<Loss> Loss::from_config(const Value& value, const std::string& path) {
  return make_from_value("loss", family(), value, path);
}

Named<Loss> get(std::string_view name) { return Loss::from_name(name); }

void MeanSquaredError::rows(const Targets& targets, float* values, float* dp) const {
  mean_over_columns(targets, values, dp, [](const float* y, const float* p, std::size_t n, float* e, float* g) {
    for (std::size_t i = 0; i < n; ++i) e[i] = (p[i] - y[i]) * (p[i] - y[i]);
    for (std::size_t i = 0; g != nullptr && i < n; ++i) g[i] = 2.0f * (p[i] - y[i]);
  });
}

void MeanAbsoluteError::rows(const Targets& targets, float* values, float* dp) const {
  mean_over_columns(targets, values, dp, [](const float* y, const float* p, std::size_t n, float* e, float* g) {
    for (std::size_t i = 0; i < n; ++i) e[i] = std::abs(p[i] - y[i]);
    for (std::size_t i = 0; g != nullptr && i < n; ++i) g[i] = p[i] == y[i] ? 0.0f : std::copysign(1.0f, p[i] - y[i]);
  });
}

BinaryCrossentropy::BinaryCrossentropy(BinaryCrossentropyOptions options) : LossWith(std::move(options)) {
  check_axis(config().name, config().axis);
  check_smoothing(config().name, config().label_smoothing);
}

void BinaryCrossentropy::rows(const Targets& targets, float* values, float* dp) const {
  const auto smoothing = static_cast<float>(config().label_smoothing);
  const auto formula = config().from_logits ? binary_crossentropy_of_logits : binary_crossentropy;
  mean_over_columns(targets, values, dp, [=](const float* y, const float* p, std::size_t n, float* e, float* g) {
    formula(y, p, n, smoothing, e, g);
  });
}

CategoricalCrossentropy::CategoricalCrossentropy(CategoricalCrossentropyOptions options)
    : LossWith(std::move(options)) {
  check_axis(config().name, config().axis);
  check_smoothing(config().name, config().label_smoothing);
}

void CategoricalCrossentropy::rows(const Targets& targets, float* values, float* dp) const {
  const auto C = static_cast<std::size_t>(targets.pred_columns);
  const auto formula = config().from_logits ? categorical_crossentropy_of_logits : categorical_crossentropy;
  for (std::size_t r = 0; r < static_cast<std::size_t>(targets.rows); ++r) {
    values[r] = formula(targets.y_true + r * C, targets.y_pred + r * C, C, config().label_smoothing,
                        dp != nullptr ? dp + r * C : nullptr);
  }
}

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options)
    : LossWith(std::move(options)) {
  check_axis(config().name, config().axis);
}

void SparseCategoricalCrossentropy::rows(const Targets& targets, float* values, float* dp) const {
  const auto C = static_cast<std::size_t>(targets.pred_columns);
  const auto formula =
      config().from_logits ? sparse_categorical_crossentropy_of_logits : sparse_categorical_crossentropy;
  for (std::size_t r = 0; r < static_cast<std::size_t>(targets.rows); ++r) {
    const float label = targets.y_true[r];
    float* const row_dp = dp != nullptr ? dp + r * C : nullptr;
    if (config().ignore_class && label == static_cast<float>(*config().ignore_class)) {
      values[r] = 0.0f;
      if (dp != nullptr) std::fill(row_dp, row_dp + C, 0.0f);
      continue;
    }
    if (!(label >= 0.0f && label < static_cast<float>(C))) {
      throw InvalidInput(fmt::format("{}: label {} at row {}; expected 0..{}.", name(), label, r, C - 1));
    }
    values[r] = formula(static_cast<std::size_t>(label), targets.y_pred + r * C, C, row_dp);
  }
}

}  // namespace xeras::losses

template class xeras::Named<xeras::losses::Loss>;
