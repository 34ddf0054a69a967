#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras::losses {

struct BinaryCrossentropyOptions {
  bool from_logits = false;      ///< p has not been through a sigmoid
  double label_smoothing = 0.0;  ///< draws y towards 0.5: y (1 - s) + s / 2
  std::int64_t axis = -1;        ///< only the last
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "binary_crossentropy";
};
XERAS_FIELDS(BinaryCrossentropyOptions, from_logits, label_smoothing, axis, reduction, name)

/// mean -(y log p + (1 - y) log(1 - p)), with p clipped to [epsilon, 1 - epsilon], or p = sigmoid(logit), never
/// clipped; "bce".
class XERAS_API BinaryCrossentropy final : public LossWith<BinaryCrossentropyOptions> {
 public:
  explicit BinaryCrossentropy(BinaryCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct CategoricalCrossentropyOptions {
  bool from_logits = false;      ///< p has not been through a softmax
  double label_smoothing = 0.0;  ///< draws y towards 1 / classes: y (1 - s) + s / classes
  std::int64_t axis = -1;        ///< only the last
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "categorical_crossentropy";
};
XERAS_FIELDS(CategoricalCrossentropyOptions, from_logits, label_smoothing, axis, reduction, name)

/// -sum y log q, where q is p / sum p clipped to [epsilon, 1 - epsilon], or the softmax of the logits, never clipped.
class XERAS_API CategoricalCrossentropy final : public LossWith<CategoricalCrossentropyOptions> {
 public:
  explicit CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  TargetKind target_kind() const override { return TargetKind::one_hot; }
};

struct SparseCategoricalCrossentropyOptions {
  bool from_logits = false;                       ///< p has not been through a softmax
  std::optional<std::int64_t> ignore_class = {};  ///< rows of this label count as masked
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::int64_t axis = -1;  ///< only the last
  std::string name = "sparse_categorical_crossentropy";
};
XERAS_FIELDS(SparseCategoricalCrossentropyOptions, from_logits, ignore_class, reduction, axis, name)

/// -log q(y), where y is a class number and q as in CategoricalCrossentropy.
/// Throws  InvalidInput for a label that is no class
class XERAS_API SparseCategoricalCrossentropy final : public LossWith<SparseCategoricalCrossentropyOptions> {
 public:
  explicit SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  TargetKind target_kind() const override { return TargetKind::labels; }
  std::optional<std::int64_t> ignore_class() const override { return config().ignore_class; }
};

}  // namespace xeras::losses
