#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras {
namespace metrics {

/// The direction in which a metric gets better.
enum class Direction { none, up, down };

class XERAS_API Metric : public Configurable {
 public:
  /// The key in History and scores: the string given to compile, or Keras's own name.
  virtual const std::string& name() const = 0;
  /// Callbacks in mode "auto" follow it; with none they ask for "min" or "max".
  virtual Direction direction() const { return Direction::none; }

  /// auc.update_state(y, p), with sample weights of shape (batch,) or that of y_pred without its last axis. Vectors are
  /// taken as (batch, 1). Throws InvalidInput when the shapes do not fit.
  void update_state(const Input& y_true, const Input& y_pred, const Input& sample_weight = {});
  virtual void update(const Targets& targets) = 0;
  virtual double result() const = 0;
  virtual void reset_state() = 0;
  /// A copy with its state, so that many threads can evaluate one model.
  virtual std::shared_ptr<Metric> clone() const = 0;

  /// Raises InvalidInput unless y_true can be the targets of predictions of this shape; the batch may differ. By
  /// default: unless it is finite and has as many rows.
  virtual void check(const Input& y_true, const Extents& y_pred, const std::string& who) const;

  static std::shared_ptr<Metric> from_name(std::string_view name);
  static std::shared_ptr<Metric> from_config(const Value& value, const std::string& path);
};

XERAS_API Named<Metric> get(std::string_view name);

}  // namespace metrics

using MetricArgument = Named<metrics::Metric>;
extern template class Named<metrics::Metric>;

}  // namespace xeras
