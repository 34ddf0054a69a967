#include "xeras/losses/loss.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/masked_traps.hpp"
#include "core/shown.hpp"
#include "kernels/simd.hpp"
#include "losses/targets.hpp"
#include "xeras/core/error.hpp"

namespace xeras::losses {
namespace {

enum class Reduction { mean, sum, mean_with_sample_weight };

std::optional<Reduction> find_reduction(std::string_view name) {
  if (name == "sum_over_batch_size" || name == "mean") return Reduction::mean;
  if (name == "sum") return Reduction::sum;
  if (name == "mean_with_sample_weight") return Reduction::mean_with_sample_weight;
  return {};
}

}  // namespace

double Loss::operator()(const Input& y_true, const Input& y_pred, const Input& sample_weight) const {
  const MaskedTraps masked;
  check(y_true, y_pred.extents(), name());
  const WholeBatch batch(y_true, y_pred, sample_weight, name());
  std::vector<float> scratch(static_cast<std::size_t>(scratch_size(batch.targets())));
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
                  is_none ? " Choose one of them: training minimizes a single number." : ""));
}

double Loss::reduce(const float* values, const float* weights, std::int64_t count, std::int64_t unmasked, float* dp,
                    std::int64_t size) const {
  const std::optional<Reduction> kind = find_reduction(reduction());
  if (!kind) check_reduction(name(), reduction());
  double total = 0.0, total_weight = 0.0;
  for (std::int64_t i = 0; i < count; ++i) {
    if (weights[i] == 0.0f) continue;  // ignores NaN, too
    total += static_cast<double>(weights[i]) * values[i];
    total_weight += weights[i];
  }
  const double divisor = kind == Reduction::sum    ? 1.0
                         : kind == Reduction::mean ? static_cast<double>(unmasked)
                                                   : total_weight;
  const double scale = divisor != 0.0 ? 1.0 / divisor : 0.0;
  for (std::int64_t i = 0; dp != nullptr && i < count; ++i, dp += size) {
    const auto factor = static_cast<float>(weights[i] * scale);
    if (factor == 0.0f) {
      std::fill_n(dp, size, 0.0f);
    } else {
      kernels::simd().scale(factor, dp, static_cast<std::size_t>(size));
    }
  }
  return total * scale;
}

double RowLoss::compute(const Targets& targets, float* scratch, float* dp) const {
  float* const values = scratch;
  rows(targets, values, dp);
  return weigh(targets, values, scratch + targets.rows, dp, targets.pred_columns);
}

double RowLoss::reduce_rows(const Targets& targets, float* scratch, float* dp) const {
  std::fill_n(dp, targets.rows, 1.0f);
  return weigh(targets, targets.y_pred, scratch, dp, 1);
}

// Sets the weights of rows, and reduces their values.
double RowLoss::weigh(const Targets& targets, const float* values, float* weights, float* dp,
                      std::int64_t columns) const {
  count_rows(targets, weights);
  std::int64_t unmasked = 0;
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    if (targets.mask != nullptr && targets.mask[r] == 0) weights[r] = 0.0f;
    if (weights[r] == 0.0f) continue;
    ++unmasked;
    if (targets.sample_weight != nullptr) weights[r] = targets.sample_weight[r];
  }
  return reduce(values, weights, targets.rows, unmasked, dp, columns);
}

void RowLoss::per_row(const Targets& targets, float* values, float* counts) const {
  rows(targets, values, nullptr);
  count_rows(targets, counts);
}

void RowLoss::count_rows(const Targets& targets, float* counts) const {
  const std::optional<std::int64_t> ignored = ignore_class();
  const float label = ignored ? static_cast<float>(*ignored) : 0.0f;
  for (std::int64_t r = 0; r < targets.rows; ++r) counts[r] = ignored && targets.y_true[r] == label ? 0.0f : 1.0f;
}

}  // namespace xeras::losses
