#pragma once

#include "xeras/core/axes.hpp"
#include "xeras/losses/loss.hpp"

namespace xeras::losses {

/// The base class of losses that compare the overlap of targets and predictions with their sums, over the axes of the
/// option `axis`: None for all numbers of a batch together, the last axis for each row, or all axes behind the batch
/// for each sample. With both = sum y p, the loss is
///
///   1 - both / (both + alpha (sum y - both) + beta (sum p - both) + epsilon)
///
/// A mask leaves rows out of the loss of samples. As in Keras, it leaves nothing out of the loss of a batch, and there
/// weights multiply the whole loss. A sample has the weight of its first row that is not masked.
class XERAS_API OverlapLoss : public Loss {
 public:
  double compute(const Targets& targets, float* scratch, float* dp) const final;
  std::int64_t scratch_size(const Targets& targets) const final { return 2 * targets.rows; }
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const final;

 protected:
  struct Overlap {
    double alpha;
    double beta;
    double epsilon;
  };
  virtual Overlap overlap() const = 0;
  virtual const Axes& axis() const = 0;
  /// Throws InvalidArgument if an axis is 0, the batch.
  static void check_axes(const std::string& name, const Axes& axis);
};

struct DiceOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "dice";
  Axes axis = None;  ///< None, the last axis, or all axes behind the batch
};
XERAS_FIELDS(DiceOptions, reduction, name, axis)

/// One minus the share of the overlap: 1 - 2 sum y p / (sum y + sum p + epsilon). OverlapLoss explains `axis`.
///
///   model.compile("adam", losses::Dice({.axis = -1}));
///   losses::Dice({.axis = 1})({{0, 1}, {1, 1}}, {{0.5, 0.5}, {1, 0}});  // 0.417
///
/// Throws  InvalidArgument for axis 0; InvalidInput for other axes
class XERAS_API Dice final : public LossWith<DiceOptions, OverlapLoss> {
 public:
  explicit Dice(DiceOptions options = {});

 protected:
  Overlap overlap() const override;
  const Axes& axis() const override { return config().axis; }
};

struct TverskyOptions {
  double alpha = 0.5;  ///< the weight of targets that are not predicted
  double beta = 0.5;   ///< the weight of predictions that are no targets
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "tversky";
  Axes axis = None;  ///< None, the last axis, or all axes behind the batch
};
XERAS_FIELDS(TverskyOptions, alpha, beta, reduction, name, axis)

/// Dice with a weight for each kind of error: with both = sum y p, 1 - both / (both + alpha sum (1 - p) y + beta sum p
/// (1 - y) + epsilon). OverlapLoss explains `axis`.
///
///   model.compile("adam", losses::Tversky({.alpha = 0.3, .beta = 0.7}));
///   losses::Tversky({.axis = 1})({{0, 1}, {1, 1}}, {{0.5, 0.5}, {1, 0}});  // 0.417
///
/// Throws  InvalidArgument for axis 0 and negative weights; InvalidInput for other axes
/// Source  Salehi and others, Tversky loss function for image segmentation (arXiv 1706.05721)
class XERAS_API Tversky final : public LossWith<TverskyOptions, OverlapLoss> {
 public:
  explicit Tversky(TverskyOptions options = {});

 protected:
  Overlap overlap() const override;
  const Axes& axis() const override { return config().axis; }
};

}  // namespace xeras::losses
