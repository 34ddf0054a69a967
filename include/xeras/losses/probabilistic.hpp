#pragma once

#include "xeras/losses/loss.hpp"
#include "xeras/losses/per_class.hpp"

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

struct BinaryFocalCrossentropyOptions {
  bool apply_class_balancing = false;  ///< weighs targets 1 by alpha and targets 0 by 1 - alpha
  double alpha = 0.25;
  double gamma = 2.0;            ///< how little confident predictions count
  bool from_logits = false;      ///< p is the input of a sigmoid
  double label_smoothing = 0.0;  ///< moves y towards 0.5: y (1 - s) + s / 2
  std::int64_t axis = -1;        ///< only -1, the last
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "binary_focal_crossentropy";
};
XERAS_FIELDS(BinaryFocalCrossentropyOptions, apply_class_balancing, alpha, gamma, from_logits, label_smoothing, axis,
             reduction, name)

/// BinaryCrossentropy that counts well predicted labels less: mean (1 - r)^gamma c, with c the crossentropy of a label
/// and r = y p + (1 - y) (1 - p). In c, but not in r, p is clipped to [epsilon, 1 - epsilon], even for logits. A
/// gradient that is infinite (gamma < 1 at r = 1) counts as 0.
///
///   model.compile("adam", losses::BinaryFocalCrossentropy({.gamma = 2.0, .from_logits = true}));
///   losses::BinaryFocalCrossentropy({.gamma = 2.0})({0, 1, 0, 0}, {0.1, 0.8, 0.3, 0.6});  // 0.0930
///
/// Throws  InvalidArgument for a negative gamma
/// Source  Lin and others, Focal Loss for Dense Object Detection (arXiv 1708.02002)
class XERAS_API BinaryFocalCrossentropy final : public LossWith<BinaryFocalCrossentropyOptions> {
 public:
  explicit BinaryFocalCrossentropy(BinaryFocalCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct CategoricalFocalCrossentropyOptions {
  PerClass alpha = 0.25;         ///< the weight of every class, or of each
  double gamma = 2.0;            ///< how little confident predictions count
  bool from_logits = false;      ///< p is the input of a softmax
  double label_smoothing = 0.0;  ///< moves y towards 1 / classes: y (1 - s) + s / classes
  std::int64_t axis = -1;        ///< only -1, the last
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "categorical_focal_crossentropy";
};
XERAS_FIELDS(CategoricalFocalCrossentropyOptions, alpha, gamma, from_logits, label_smoothing, axis, reduction, name)

/// CategoricalCrossentropy that counts well predicted classes less: -sum alpha (1 - q)^gamma y log q, where q is p /
/// sum p or the softmax of the logits, in both cases clipped to [epsilon, 1 - epsilon].
///
///   model.compile("adam", losses::CategoricalFocalCrossentropy({.alpha = {0.2, 0.3, 0.5}}));
///   losses::CategoricalFocalCrossentropy()({{0, 1, 0}, {0, 0, 1}}, {{0.05, 0.95, 0}, {0.1, 0.8, 0.1}});  // 0.233
///
/// Throws  InvalidArgument for a negative gamma; InvalidInput unless alpha has one number or one for each class
/// Source  Lin and others, Focal Loss for Dense Object Detection (arXiv 1708.02002)
class XERAS_API CategoricalFocalCrossentropy final : public LossWith<CategoricalFocalCrossentropyOptions> {
 public:
  explicit CategoricalFocalCrossentropy(CategoricalFocalCrossentropyOptions options = {});
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  TargetKind target_kind() const override { return TargetKind::one_hot; }
};

struct CategoricalGeneralizedCrossEntropyOptions {
  double q = 0.5;  ///< between the crossentropy (0) and 1 - p (1)
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "categorical_generalized_cross_entropy";
};
XERAS_FIELDS(CategoricalGeneralizedCrossEntropyOptions, q, reduction, name)

/// A crossentropy of class numbers that wrong labels disturb less: (1 - p(y)^q) / q. Its gradient at p(y) = 0, which is
/// infinite, counts as 0. Strings name it by its class, as in Keras.
///
///   model.compile("adam", losses::CategoricalGeneralizedCrossEntropy({.q = 0.7}));
///   losses::CategoricalGeneralizedCrossEntropy()({0, 1}, {{0.7, 0.3}, {0.2, 0.8}});  // 0.269
///
/// Throws  InvalidArgument unless 0 < q < 1; InvalidInput for a label outside the classes
/// Source  Zhang and Sabuncu, Generalized Cross Entropy Loss (arXiv 1805.07836)
class XERAS_API CategoricalGeneralizedCrossEntropy final : public LossWith<CategoricalGeneralizedCrossEntropyOptions> {
 public:
  explicit CategoricalGeneralizedCrossEntropy(CategoricalGeneralizedCrossEntropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  TargetKind target_kind() const override { return TargetKind::labels; }
};

struct KLDivergenceOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "kl_divergence";
};
XERAS_FIELDS(KLDivergenceOptions, reduction, name)

/// The Kullback-Leibler divergence of distributions, "kld": sum y log(y / p), with y and p clipped to [epsilon, 1]. A
/// clipped prediction has no gradient, one exactly at a bound half of it.
///
///   model.compile("adam", losses::KLDivergence());
///   losses::KLDivergence()({{0, 1}, {0, 0}}, {{0.6, 0.4}, {0.4, 0.6}});  // 0.458
class XERAS_API KLDivergence final : public LossWith<KLDivergenceOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct PoissonOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "poisson";
};
XERAS_FIELDS(PoissonOptions, reduction, name)

/// The loss of counts whose rate is predicted: mean p - y log(p + epsilon). Predictions must not be negative.
///
///   model.compile("adam", losses::Poisson());
///   losses::Poisson()({{0, 1}, {0, 0}}, {{1, 1}, {0, 0}});  // 0.5
class XERAS_API Poisson final : public LossWith<PoissonOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

}  // namespace xeras::losses
