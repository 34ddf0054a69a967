#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras::losses {

struct MeanSquaredErrorOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "mean_squared_error";
};
XERAS_FIELDS(MeanSquaredErrorOptions, reduction, name)

/// The mean squared error, "mse": mean (y - p)^2.
///
///   model.compile("adam", losses::MeanSquaredError());
///   losses::MeanSquaredError()({{0, 1}, {0, 0}}, {{1, 1}, {1, 0}});  // 0.5
class XERAS_API MeanSquaredError final : public LossWith<MeanSquaredErrorOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct MeanAbsoluteErrorOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "mean_absolute_error";
};
XERAS_FIELDS(MeanAbsoluteErrorOptions, reduction, name)

/// The mean absolute error, "mae": mean |y - p|. Its gradient is 0 where y = p.
///
///   model.compile("adam", losses::MeanAbsoluteError());
///   losses::MeanAbsoluteError()({{0, 1}, {0, 0}}, {{1, 1}, {1, 0}});  // 0.5
class XERAS_API MeanAbsoluteError final : public LossWith<MeanAbsoluteErrorOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct MeanAbsolutePercentageErrorOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "mean_absolute_percentage_error";
};
XERAS_FIELDS(MeanAbsolutePercentageErrorOptions, reduction, name)

/// The mean error in percent of the target, "mape": 100 mean |y - p| / max(|y|, epsilon). Its gradient is 0 where
/// y = p.
///
///   model.compile("adam", losses::MeanAbsolutePercentageError());
///   losses::MeanAbsolutePercentageError()({{100, 200, 300}}, {{90, 210, 310}});  // 6.111
class XERAS_API MeanAbsolutePercentageError final : public LossWith<MeanAbsolutePercentageErrorOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct MeanSquaredLogarithmicErrorOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "mean_squared_logarithmic_error";
};
XERAS_FIELDS(MeanSquaredLogarithmicErrorOptions, reduction, name)

/// The mean squared error of logarithms, "msle": mean (log(1 + p) - log(1 + y))^2, with y and p at least epsilon. A
/// prediction below epsilon has no gradient, one of exactly epsilon half of it.
///
///   model.compile("adam", losses::MeanSquaredLogarithmicError());
///   losses::MeanSquaredLogarithmicError()({{0, 1}, {0, 0}}, {{1, 1}, {1, 0}});  // 0.240
class XERAS_API MeanSquaredLogarithmicError final : public LossWith<MeanSquaredLogarithmicErrorOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct CosineSimilarityOptions {
  std::int64_t axis = -1;  ///< only -1, the last
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "cosine_similarity";
};
XERAS_FIELDS(CosineSimilarityOptions, axis, reduction, name)

/// Minus the cosine of the angle between rows: -sum y p / (|y| |p|), from -1 for the same direction to 1 for the
/// opposite one. Lengths |y| and |p| are at least epsilon, so a row of zeros has loss 0; its gradient is 0.
///
///   model.compile("adam", losses::CosineSimilarity());
///   losses::CosineSimilarity()({{0, 1}, {1, 1}}, {{1, 0}, {1, 1}});  // -0.5
class XERAS_API CosineSimilarity final : public LossWith<CosineSimilarityOptions> {
 public:
  explicit CosineSimilarity(CosineSimilarityOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct HuberOptions {
  double delta = 1.0;  ///< where the square becomes a line
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "huber_loss";
};
XERAS_FIELDS(HuberOptions, delta, reduction, name)

/// The squared error near the target and the absolute error far from it, "huber": with e = p - y, mean e^2 / 2 where
/// |e| <= delta, else delta |e| - delta^2 / 2.
///
///   model.compile("adam", losses::Huber({.delta = 0.5}));
///   losses::Huber()({{0, 1}, {0, 0}}, {{0.6, 0.4}, {0.4, 0.6}});  // 0.155
///
/// Throws  InvalidArgument unless delta > 0
class XERAS_API Huber final : public LossWith<HuberOptions> {
 public:
  explicit Huber(HuberOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct LogCoshOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "log_cosh";
};
XERAS_FIELDS(LogCoshOptions, reduction, name)

/// The logarithm of the hyperbolic cosine of the error: mean log cosh(p - y), about e^2 / 2 for small and |e| - log 2
/// for large errors. It does not overflow.
///
///   model.compile("adam", losses::LogCosh());
///   losses::LogCosh()({{0, 1}, {0, 0}}, {{1, 1}, {0, 0}});  // 0.108
class XERAS_API LogCosh final : public LossWith<LogCoshOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

}  // namespace xeras::losses
