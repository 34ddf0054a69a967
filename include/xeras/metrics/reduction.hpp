#pragma once

#include "xeras/core/input.hpp"
#include "xeras/core/named.hpp"

namespace xeras::metrics {

struct MeanOptions {
  std::string name = "mean";
};
XERAS_FIELDS(MeanOptions, name)

/// The mean of the values so far, weighted if there are weights. It takes values instead of targets and predictions, so
/// that it serves loops of your own, not compile.
///
///   metrics::Mean mean;
///   mean.update_state({1, 3, 5, 7});
///   mean.result();  // 4
///
/// Each sample counts the same, whatever the number of its values. Weights have the shape of the values, or that of
/// their first axes.
///
/// Throws  InvalidInput for weights of another shape, and for NaN or infinity
/// Source  keras.metrics.Mean
class XERAS_API Mean final : public Configured<Configurable, MeanOptions> {
 public:
  using Configured::Configured;
  const std::string& name() const { return config().name; }
  void update_state(const Input& values, const Input& sample_weight = {});
  void update_state(double value) { total_ += value, count_ += 1.0; }
  double result() const { return count_ != 0.0 ? total_ / count_ : 0.0; }
  void reset_state() { total_ = count_ = 0.0; }

 private:
  double total_ = 0.0;
  double count_ = 0.0;
};

struct SumOptions {
  std::string name = "sum";
};
XERAS_FIELDS(SumOptions, name)

/// The sum of the values so far, times their weights if there are any; otherwise like Mean.
///
///   metrics::Sum sum;
///   sum.update_state({1, 3, 5, 7}, {1, 1, 0, 0});
///   sum.result();  // 4
///
/// Throws  InvalidInput for weights of another shape, and for NaN or infinity
/// Source  keras.metrics.Sum
class XERAS_API Sum final : public Configured<Configurable, SumOptions> {
 public:
  using Configured::Configured;
  const std::string& name() const { return config().name; }
  void update_state(const Input& values, const Input& sample_weight = {});
  void update_state(double value) { total_ += value; }
  double result() const { return total_; }
  void reset_state() { total_ = 0.0; }

 private:
  double total_ = 0.0;
};

}  // namespace xeras::metrics
