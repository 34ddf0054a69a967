#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras::losses {

struct HingeOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "hinge";
};
XERAS_FIELDS(HingeOptions, reduction, name)

/// The hinge loss: mean max(1 - y p, 0), for targets -1 and 1. A batch whose targets are all 0 or 1 counts as one of -1
/// and 1. At y p = 1 its gradient is -y / 2, half of that below.
///
///   model.compile("adam", losses::Hinge());
///   losses::Hinge()({{0, 1}, {0, 0}}, {{0.6, 0.4}, {0.4, 0.6}});  // 1.3
class XERAS_API Hinge final : public LossWith<HingeOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct SquaredHingeOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "squared_hinge";
};
XERAS_FIELDS(SquaredHingeOptions, reduction, name)

/// The squared hinge loss: mean max(1 - y p, 0)^2, with targets as in Hinge.
///
///   model.compile("adam", losses::SquaredHinge());
///   losses::SquaredHinge()({{0, 1}, {0, 0}}, {{0.6, 0.4}, {0.4, 0.6}});  // 1.86
class XERAS_API SquaredHinge final : public LossWith<SquaredHingeOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct CategoricalHingeOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "categorical_hinge";
};
XERAS_FIELDS(CategoricalHingeOptions, reduction, name)

/// The hinge loss of one-hot rows: max(max (1 - y) p - sum y p + 1, 0). Equal largest (1 - y) p share the gradient
/// equally; where the outer maximum is of 0 and 0, the gradient is half of that above.
///
///   model.compile("adam", losses::CategoricalHinge());
///   losses::CategoricalHinge()({{0, 1}, {0, 0}}, {{0.6, 0.4}, {0.4, 0.6}});  // 1.4
class XERAS_API CategoricalHinge final : public LossWith<CategoricalHingeOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  TargetKind target_kind() const override { return TargetKind::one_hot; }
};

}  // namespace xeras::losses
