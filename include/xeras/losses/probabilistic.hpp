#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras::losses {

struct BinaryCrossentropyOptions {
  bool from_logits = false;      ///< p is the input of a sigmoid
  double label_smoothing = 0.0;  ///< moves y towards 0.5: y (1 - s) + s / 2
  std::int64_t axis = -1;        ///< only -1, the last
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "binary_crossentropy";
};
XERAS_FIELDS(BinaryCrossentropyOptions, from_logits, label_smoothing, axis, reduction, name)

/// The crossentropy of independent labels, "bce": mean -(y log p + (1 - y) log(1 - p)), with p clipped to
/// [epsilon, 1 - epsilon], or with p = sigmoid(logit), never clipped.
///
///   model.compile("adam", losses::BinaryCrossentropy({.from_logits = true}));
///   losses::BinaryCrossentropy({.from_logits = true})({0, 1, 0, 0}, {-18.6, 0.51, 2.94, -12.8});  // 0.865
class XERAS_API BinaryCrossentropy final : public LossWith<BinaryCrossentropyOptions> {
 public:
  explicit BinaryCrossentropy(BinaryCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct CategoricalCrossentropyOptions {
  bool from_logits = false;      ///< p is the input of a softmax
  double label_smoothing = 0.0;  ///< moves y towards 1 / classes: y (1 - s) + s / classes
  std::int64_t axis = -1;        ///< only -1, the last
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "categorical_crossentropy";
};
XERAS_FIELDS(CategoricalCrossentropyOptions, from_logits, label_smoothing, axis, reduction, name)

/// The crossentropy of one-hot rows: -sum y log q, where q is p / sum p clipped to [epsilon, 1 - epsilon], or the
/// softmax of the logits, never clipped.
///
///   model.compile("adam", losses::CategoricalCrossentropy({.label_smoothing = 0.1}));
///   losses::CategoricalCrossentropy()({{0, 1, 0}, {0, 0, 1}}, {{0.05, 0.95, 0.0}, {0.1, 0.8, 0.1}});  // 1.177
class XERAS_API CategoricalCrossentropy final : public LossWith<CategoricalCrossentropyOptions> {
 public:
  explicit CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  TargetKind target_kind() const override { return TargetKind::one_hot; }
};

struct SparseCategoricalCrossentropyOptions {
  bool from_logits = false;                       ///< p is the input of a softmax
  std::optional<std::int64_t> ignore_class = {};  ///< rows of this label count as masked
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::int64_t axis = -1;  ///< only -1, the last
  std::string name = "sparse_categorical_crossentropy";
};
XERAS_FIELDS(SparseCategoricalCrossentropyOptions, from_logits, ignore_class, reduction, axis, name)

/// The crossentropy of class numbers: -log q(y), with q as in CategoricalCrossentropy.
///
///   model.compile("adam", losses::SparseCategoricalCrossentropy({.ignore_class = -1}));
///   losses::SparseCategoricalCrossentropy()({1, 2}, {{0.05, 0.95, 0.0}, {0.1, 0.8, 0.1}});  // 1.177
///
/// Throws  InvalidInput for a label outside the classes
class XERAS_API SparseCategoricalCrossentropy final : public LossWith<SparseCategoricalCrossentropyOptions> {
 public:
  explicit SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  TargetKind target_kind() const override { return TargetKind::labels; }
  std::optional<std::int64_t> ignore_class() const override { return config().ignore_class; }
};

}  // namespace xeras::losses
