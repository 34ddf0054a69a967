#pragma once

#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

/// The base class of intersections over unions of classes: a confusion matrix of all numbers so far, or of the largest
/// columns of one-hot rows. Targets and predictions outside the classes do not count.
class XERAS_API IoUMetric : public Metric {
 public:
  void update(const Targets& targets) override;
  /// Returns the mean over the classes that occur, 0 if none does.
  double result() const override;
  /// Returns the result of each of target_class_ids, 0 for one that does not occur.
  Tensor results() const override;
  void reset_state() override;
  bool visit_state(const std::function<void(double& number)>& visit) override;
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  struct Settings {
    std::string name;
    std::int64_t num_classes = 0;
    std::optional<std::vector<std::int64_t>> target_class_ids = {};  ///< none: all
    std::optional<std::int64_t> ignore_class = {};
    bool sparse_y_true = true;
    bool sparse_y_pred = true;
    std::int64_t axis = -1;
    std::optional<double> threshold = {};  ///< makes predictions 0 or 1
  };
  IoUMetric() = default;
  /// Throws InvalidArgument for missing classes, classes outside of num_classes, or another axis than the last.
  void set_up(Settings settings);

 private:
  double iou(std::int64_t id) const;  // -1 for a class that does not occur

  Settings settings_;
  std::vector<std::int64_t> ids_;
  std::vector<double> matrix_;  // (num_classes, num_classes): targets, predictions
};

struct IoUOptions {
  std::int64_t num_classes = 0;                     ///< required
  std::vector<std::int64_t> target_class_ids = {};  ///< required: the classes to average
  std::string name = "io_u";
  std::optional<std::int64_t> ignore_class = {};  ///< targets of this class do not count
  bool sparse_y_true = true;                      ///< false: one-hot rows
  bool sparse_y_pred = true;                      ///< false: rows with a number for each class
  std::int64_t axis = -1;                         ///< only -1, the last
};
XERAS_FIELDS(IoUOptions, num_classes, target_class_ids, name, ignore_class, sparse_y_true, sparse_y_pred, axis)

/// The mean over some classes of tp / (tp + fp + fn).
///
///   metrics::IoU iou({.num_classes = 2, .target_class_ids = {0}});
///   iou.update_state({0, 0, 1, 1}, {0, 1, 0, 1});  // iou.result() is 1 / 3
///
/// Source  keras.metrics.IoU
class XERAS_API IoU final : public MetricWith<IoU, IoUOptions, Direction::up, IoUMetric> {
 public:
  explicit IoU(IoUOptions options = {});
};

struct BinaryIoUOptions {
  std::vector<std::int64_t> target_class_ids = {0, 1};
  double threshold = 0.5;  ///< predictions of at least this are class 1, others class 0
  std::string name = "binary_io_u";
};
XERAS_FIELDS(BinaryIoUOptions, target_class_ids, threshold, name)

/// IoU of the two classes of binary predictions.
///
///   metrics::BinaryIoU iou({.threshold = 0.3});
///   iou.update_state({0, 1, 0, 1}, {0.1, 0.2, 0.4, 0.7});  // iou.result() is 1 / 3
///
/// Source  keras.metrics.BinaryIoU
class XERAS_API BinaryIoU final : public MetricWith<BinaryIoU, BinaryIoUOptions, Direction::up, IoUMetric> {
 public:
  explicit BinaryIoU(BinaryIoUOptions options = {});
};

struct MeanIoUOptions {
  std::int64_t num_classes = 0;  ///< required
  std::string name = "mean_io_u";
  std::optional<std::int64_t> ignore_class = {};  ///< targets of this class do not count
  bool sparse_y_true = true;                      ///< false: one-hot rows
  bool sparse_y_pred = true;                      ///< false: rows with a number for each class
  std::int64_t axis = -1;                         ///< only -1, the last
};
XERAS_FIELDS(MeanIoUOptions, num_classes, name, ignore_class, sparse_y_true, sparse_y_pred, axis)

/// IoU of all classes: metrics::MeanIoU({.num_classes = 3, .sparse_y_pred = false}). Source: keras.metrics.MeanIoU.
class XERAS_API MeanIoU final : public MetricWith<MeanIoU, MeanIoUOptions, Direction::up, IoUMetric> {
 public:
  explicit MeanIoU(MeanIoUOptions options = {});
};

struct OneHotIoUOptions {
  std::int64_t num_classes = 0;                     ///< required
  std::vector<std::int64_t> target_class_ids = {};  ///< required: the classes to average
  std::string name = "one_hot_io_u";
  std::optional<std::int64_t> ignore_class = {};  ///< targets of this class do not count
  bool sparse_y_pred = false;                     ///< true: predictions are class numbers
  std::int64_t axis = -1;                         ///< only -1, the last
};
XERAS_FIELDS(OneHotIoUOptions, num_classes, target_class_ids, name, ignore_class, sparse_y_pred, axis)

/// IoU of one-hot targets: metrics::OneHotIoU({.num_classes = 3, .target_class_ids = {0, 2}}). Source:
/// keras.metrics.OneHotIoU.
class XERAS_API OneHotIoU final : public MetricWith<OneHotIoU, OneHotIoUOptions, Direction::up, IoUMetric> {
 public:
  explicit OneHotIoU(OneHotIoUOptions options = {});
};

struct OneHotMeanIoUOptions {
  std::int64_t num_classes = 0;  ///< required
  std::string name = "one_hot_mean_io_u";
  std::optional<std::int64_t> ignore_class = {};  ///< targets of this class do not count
  bool sparse_y_pred = false;                     ///< true: predictions are class numbers
  std::int64_t axis = -1;                         ///< only -1, the last
};
XERAS_FIELDS(OneHotMeanIoUOptions, num_classes, name, ignore_class, sparse_y_pred, axis)

/// IoU of all classes of one-hot targets: metrics::OneHotMeanIoU({.num_classes = 3}). Source:
/// keras.metrics.OneHotMeanIoU.
class XERAS_API OneHotMeanIoU final : public MetricWith<OneHotMeanIoU, OneHotMeanIoUOptions, Direction::up, IoUMetric> {
 public:
  explicit OneHotMeanIoU(OneHotMeanIoUOptions options = {});
};

}  // namespace xeras::metrics
