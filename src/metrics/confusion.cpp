#include "xeras/metrics/confusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "losses/targets.hpp"
#include "metrics/rows.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {
namespace {

constexpr double below_all = -1e10;

void check_thresholds(const std::string& name, const std::vector<double>& thresholds) {
  for (const double threshold : thresholds) {
    if (threshold >= 0.0 && threshold <= 1.0) continue;
    throw InvalidArgument(fmt::format("{}: a threshold is {}; expected numbers from 0 to 1. For logits use 0.", name,
                                      std::isnan(threshold) ? "nan" : fmt::format("{}", threshold)));
  }
}

}  // namespace

Value to_value(const Thresholds& field) {
  if (field.is_none()) return {};
  return field.is_number_ ? Value(field.values_.front()) : xeras::to_value(field.values_);
}

void from_value(const Value& value, Thresholds& field, const std::string& path) {
  if (value.is_null()) {
    field = Thresholds();
  } else if (value.get_if<Value::List>() != nullptr) {
    std::vector<double> list;
    xeras::from_value(value, list, path);
    field = Thresholds(std::move(list));
  } else {
    double number = 0.0;
    xeras::from_value(value, number, path);
    field = Thresholds(number);
  }
}

void ConfusionMetric::count_at(const std::string& name, const Thresholds& thresholds, std::optional<std::int64_t> top_k,
                               std::optional<std::int64_t> class_id) {
  check_thresholds(name, thresholds.values());
  if (top_k && *top_k < 1) {
    throw InvalidArgument(fmt::format("{}: top_k is {}; expected a positive integer.", name, *top_k));
  }
  if (class_id && *class_id < 0) {
    throw InvalidArgument(
        fmt::format("{}: class_id is {}; expected the number of a class, 0 or more.", name, *class_id));
  }
  const std::vector<double> values =
      thresholds.is_none() ? std::vector<double>{top_k ? below_all : 0.5} : thresholds.values();
  counts_ = ConfusionCounts(values, ConfusionCounts::spacing_of(values));
  top_k_ = top_k;
  class_id_ = class_id;
}

void ConfusionMetric::count_evenly(const std::string& name, std::int64_t num_thresholds,
                                   std::optional<std::int64_t> class_id) {
  if (num_thresholds < 1 || num_thresholds > most_thresholds) {
    throw InvalidArgument(fmt::format("{}: num_thresholds is {}; expected an integer from 1 to {}.", name,
                                      num_thresholds, most_thresholds));
  }
  count_at(name, {}, {}, class_id);
  if (num_thresholds == 1) return;
  std::vector<double> thresholds;
  for (std::int64_t i = 0; i < num_thresholds; ++i) {
    thresholds.push_back(static_cast<double>(i) / static_cast<double>(num_thresholds - 1));
  }
  counts_ = ConfusionCounts(thresholds, ConfusionCounts::Spacing::even);
}

// Sets is_large_. The first of equal columns counts as larger, and NaN as the largest.
void ConfusionMetric::keep_largest(const float* row, std::int64_t columns) {
  const auto size = static_cast<std::size_t>(columns);
  order_.resize(size);
  std::iota(order_.begin(), order_.end(), std::int64_t{0});
  const auto is_larger = [row](std::int64_t a, std::int64_t b) {
    const bool a_is_nan = std::isnan(row[a]), b_is_nan = std::isnan(row[b]);
    if (a_is_nan != b_is_nan) return a_is_nan;
    return a_is_nan || row[a] == row[b] ? a < b : row[a] > row[b];
  };
  const auto last = order_.begin() + std::min(*top_k_, columns);
  std::nth_element(order_.begin(), last - 1, order_.end(), is_larger);
  is_large_.assign(size, 0);
  std::for_each(order_.begin(), last, [this](std::int64_t c) { is_large_[static_cast<std::size_t>(c)] = 1; });
}

void ConfusionMetric::update(const Targets& targets) {
  const std::int64_t columns = targets.pred_columns;
  // As in Keras, a vector is one row of many columns for top_k. (check ensures that it is one.)
  if (top_k_ && *top_k_ > columns && columns == 1) {
    keep_largest(targets.y_pred, targets.rows);
    for_each_row(targets, [&](std::int64_t r, double weight) {
      const float p = is_large_[static_cast<std::size_t>(r)] ? targets.y_pred[r] : static_cast<float>(below_all);
      counts_.add(p, targets.y_true[r] != 0.0f, weight);
    });
    return;
  }
  const std::int64_t first = class_id_.value_or(0), end = class_id_ ? first + 1 : columns;
  for_each_row(targets, [&](std::int64_t r, double weight) {
    const float* y = targets.y_true + r * columns;
    const float* p = targets.y_pred + r * columns;
    if (top_k_) keep_largest(p, columns);
    for (std::int64_t c = first; c < end; ++c) {
      const bool counts = !top_k_ || is_large_[static_cast<std::size_t>(c)] != 0;
      counts_.add(counts ? p[c] : static_cast<float>(below_all), y[c] != 0.0f, weight);
    }
  });
}

double ConfusionMetric::result() const {
  double sum = 0.0;
  counts_.for_each([&](std::size_t, const Confusion& confusion) { sum += value(confusion); });
  return sum / static_cast<double>(counts_.num_thresholds());
}

Tensor ConfusionMetric::results() const {
  Tensor results = Tensor::from_shape({counts_.num_thresholds()});
  counts_.for_each([&](std::size_t i, const Confusion& c) { results.data()[i] = static_cast<float>(value(c)); });
  return results;
}

void ConfusionMetric::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  check_targets(y_true, y_pred, who, {.name = name()});
  const std::int64_t columns = y_pred.rank() > 1 ? y_pred.last() : 1;
  if (class_id_ && *class_id_ >= columns) {
    throw InvalidInput(
        fmt::format("{}: {} has class_id {}, but the prediction has shape {}; expected a class_id below "
                    "{}. Classes are numbered from 0.",
                    who, name(), *class_id_, y_pred.to_string(), columns));
  }
  const std::int64_t most = y_pred.rank() > 1 ? columns : y_pred.size();
  if (top_k_ && *top_k_ > most) {
    throw InvalidInput(
        fmt::format("{}: {} has top_k {}, but the prediction has shape {}; expected a top_k of at most "
                    "{}. It counts classes, the columns of a row.",
                    who, name(), *top_k_, y_pred.to_string(), most));
  }
}

Precision::Precision(PrecisionOptions options) : MetricWith(std::move(options)) {
  count_at(config().name, config().thresholds, config().top_k, config().class_id);
}

Recall::Recall(RecallOptions options) : MetricWith(std::move(options)) {
  count_at(config().name, config().thresholds, config().top_k, config().class_id);
}

}  // namespace xeras::metrics
