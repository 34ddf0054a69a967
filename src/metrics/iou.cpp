#include "xeras/metrics/iou.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "losses/targets.hpp"
#include "metrics/rows.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {
namespace {

// Returns the class of a number, as Keras converts it to an integer; -1 for none. (NaN fails both comparisons.)
std::int64_t class_of_number(float number, std::int64_t num_classes) {
  return number > -1.0f && number < static_cast<float>(num_classes) ? static_cast<std::int64_t>(number) : -1;
}

}  // namespace

void IoUMetric::set_up(Settings settings) {
  settings_ = std::move(settings);
  const std::string& name = settings_.name;
  constexpr std::int64_t most = 10'000;  // a matrix of 800 MB
  const std::int64_t classes = settings_.num_classes;
  if (classes < 1 || classes > most) {
    throw InvalidArgument(
        fmt::format("{}: num_classes is {}; expected a number of classes from 1 to {}.", name, classes, most));
  }
  if (settings_.axis != -1) {
    throw InvalidArgument(fmt::format("{}: axis is {}; expected -1, the last. Permute the axes before the metric.",
                                      name, settings_.axis));
  }
  if (settings_.target_class_ids) {
    ids_ = *settings_.target_class_ids;
  } else {
    ids_.resize(static_cast<std::size_t>(classes));
    std::iota(ids_.begin(), ids_.end(), std::int64_t{0});
  }
  if (ids_.empty()) {
    throw InvalidArgument(fmt::format("{}: target_class_ids is empty; expected classes below {}.", name, classes));
  }
  for (const std::int64_t id : ids_) {
    if (id >= 0 && id < classes) continue;
    throw InvalidArgument(
        fmt::format("{}: target_class_ids has {}; expected classes from 0 to {}.", name, id, classes - 1));
  }
}

void IoUMetric::update(const Targets& targets) {
  const std::int64_t classes = settings_.num_classes;
  matrix_.resize(static_cast<std::size_t>(classes * classes));  // when it is needed, since it may be large
  const std::int64_t per_row = settings_.sparse_y_pred ? targets.pred_columns : 1;
  const std::int64_t true_width = settings_.sparse_y_true ? 1 : targets.true_columns / per_row;
  for_each_row(targets, [&](std::int64_t r, double weight) {
    for (std::int64_t i = 0; i < per_row; ++i) {
      const float* y = targets.y_true + r * targets.true_columns + i * true_width;
      const float* p = targets.y_pred + r * targets.pred_columns + i;
      const float y_class = settings_.sparse_y_true ? *y : static_cast<float>(largest_column(y, true_width));
      const float p_class = !settings_.sparse_y_pred ? static_cast<float>(largest_column(p, targets.pred_columns))
                            : settings_.threshold    ? (*p >= static_cast<float>(*settings_.threshold) ? 1.0f : 0.0f)
                                                     : *p;
      const std::int64_t row = class_of_number(y_class, classes), column = class_of_number(p_class, classes);
      if (row < 0 || column < 0 || row == settings_.ignore_class) continue;
      matrix_[static_cast<std::size_t>(row * classes + column)] += weight;
    }
  });
}

double IoUMetric::iou(std::int64_t id) const {
  if (matrix_.empty()) return -1.0;
  const std::int64_t classes = settings_.num_classes;
  const auto count = [&](std::int64_t y, std::int64_t p) { return matrix_[static_cast<std::size_t>(y * classes + p)]; };
  double all = -count(id, id);
  for (std::int64_t i = 0; i < classes; ++i) all += count(id, i) + count(i, id);
  constexpr double least = 1e-9, epsilon = 1e-7;
  return all > least ? count(id, id) / (all + epsilon) : -1.0;
}

double IoUMetric::result() const {
  double sum = 0.0, num_valid = 0.0;
  for (const std::int64_t id : ids_) {
    const double value = iou(id);
    if (value < 0.0) continue;
    sum += value;
    num_valid += 1.0;
  }
  return divide_no_nan(sum, num_valid);
}

Tensor IoUMetric::results() const {
  Tensor results = Tensor::from_shape({ids_.size()});
  std::transform(ids_.begin(), ids_.end(), results.begin(),
                 [this](std::int64_t id) { return static_cast<float>(std::max(0.0, iou(id))); });
  return results;
}

bool IoUMetric::visit_state(const std::function<void(double&)>& visit) {
  visit_length(matrix_, visit);
  if (matrix_.size() != static_cast<std::size_t>(settings_.num_classes * settings_.num_classes)) matrix_.clear();
  for (double& number : matrix_) visit(number);
  return true;
}

void IoUMetric::reset_state() { std::fill(matrix_.begin(), matrix_.end(), 0.0); }

void IoUMetric::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  if (settings_.sparse_y_true || !settings_.sparse_y_pred) {
    const TargetKind kind = settings_.sparse_y_pred   ? TargetKind::values
                            : settings_.sparse_y_true ? TargetKind::labels
                                                      : TargetKind::one_hot;
    return check_targets(y_true, y_pred, who, {.kind = kind, .name = name()});
  }
  check_finite(y_true, who, "y");
  const Extents& y = y_true.extents();
  const std::int64_t rows = y.rank() > 1 && y.last() > 0 ? y.size() / y.last() : 0;
  const std::int64_t predictions = y_pred.rank() > 0 && y_pred[0] > 0 ? y_pred.size() / y_pred[0] * y_true.length() : 0;
  if (rows > 0 && (rows == predictions || predictions == 0)) return;
  throw InvalidInput(
      fmt::format("{}: y has shape {} but {} expects a one-hot row for each class number of the "
                  "prediction, whose shape is {}.",
                  who, y.to_string(), name(), y_pred.to_string()));
}

IoU::IoU(IoUOptions options) : MetricWith(std::move(options)) {
  const IoUOptions& o = config();
  set_up({o.name, o.num_classes, o.target_class_ids, o.ignore_class, o.sparse_y_true, o.sparse_y_pred, o.axis});
}

BinaryIoU::BinaryIoU(BinaryIoUOptions options) : MetricWith(std::move(options)) {
  set_up({.name = config().name,
          .num_classes = 2,
          .target_class_ids = config().target_class_ids,
          .threshold = config().threshold});
}

MeanIoU::MeanIoU(MeanIoUOptions options) : MetricWith(std::move(options)) {
  const MeanIoUOptions& o = config();
  set_up({o.name, o.num_classes, {}, o.ignore_class, o.sparse_y_true, o.sparse_y_pred, o.axis});
}

OneHotIoU::OneHotIoU(OneHotIoUOptions options) : MetricWith(std::move(options)) {
  const OneHotIoUOptions& o = config();
  set_up({o.name, o.num_classes, o.target_class_ids, o.ignore_class, false, o.sparse_y_pred, o.axis});
}

OneHotMeanIoU::OneHotMeanIoU(OneHotMeanIoUOptions options) : MetricWith(std::move(options)) {
  const OneHotMeanIoUOptions& o = config();
  set_up({o.name, o.num_classes, {}, o.ignore_class, false, o.sparse_y_pred, o.axis});
}

}  // namespace xeras::metrics
