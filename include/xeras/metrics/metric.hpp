#pragma once

#include <functional>

#include "xeras/losses/loss.hpp"

namespace xeras {
namespace metrics {

/// The direction in which a metric improves.
enum class Direction { none, up, down };

/// The base class of metrics. docs/adding_a_loss_or_metric.md explains how to derive from it.
///
///   metrics::Accuracy metric;
///   metric.update_state({1, 2, 3, 4}, {0, 2, 3, 4});  // metric.result() is 0.75
class XERAS_API Metric : public Configurable {
 public:
  /// Returns the key in History and Scores: the string given to compile, or Keras's own name.
  virtual const std::string& name() const = 0;
  /// Returns the direction that callbacks follow in mode "auto"; for none they require "min" or "max".
  virtual Direction direction() const { return Direction::none; }

  /// Adds a batch. Sample weights have shape (batch,) or that of y_pred without its last axis; vectors count as
  /// (batch, 1). Throws InvalidInput when the shapes do not fit.
  void update_state(const Input& y_true, const Input& y_pred, const Input& sample_weight = {});
  virtual void update(const Targets& targets) = 0;
  virtual double result() const = 0;
  /// Returns all results of a metric with several, such as one for each threshold or class; result() is their mean
  /// unless the class says otherwise. Other metrics return result() alone. The shape is (results).
  virtual Tensor results() const;
  virtual void reset_state() = 0;
  /// Visits all numbers of the state, so that BackupAndRestore can continue in the middle of an epoch. Returns false if
  /// the class does not show them.
  virtual bool visit_state(const std::function<void(double& number)>& /*visit*/) { return false; }
  /// Returns a copy with its state, so that many threads can evaluate one model.
  virtual std::shared_ptr<Metric> clone() const = 0;

  /// Throws InvalidInput, with `who` first, unless y_true can be the targets of predictions of the shape y_pred. The
  /// batch sizes may differ. The default requires finite numbers and equal numbers of rows.
  virtual void check(const Input& y_true, const Extents& y_pred, const std::string& who) const;

  static std::shared_ptr<Metric> from_name(std::string_view name);
  static std::shared_ptr<Metric> from_config(const Value& value, const std::string& path);
};

/// Visits a count of the state, and sets it to the visited number; one that cannot be a count becomes 0.
inline void visit_count(std::int64_t& count, const std::function<void(double& number)>& visit) {
  constexpr double most = 1e15;  // doubles count exactly to here
  auto number = static_cast<double>(count);
  visit(number);
  count = number >= 0.0 && number <= most ? static_cast<std::int64_t>(number) : 0;
}

/// Visits the length of a list of the state, and sets it to the visited number; one that cannot be a length becomes 0.
template <class List>
void visit_length(List& list, const std::function<void(double& number)>& visit) {
  constexpr std::int64_t longest = 1 << 24;
  auto length = static_cast<std::int64_t>(list.size());
  visit_count(length, visit);
  list.resize(length <= longest ? static_cast<std::size_t>(length) : 0);
}

/// Returns the metric of this name: metrics::get("mae").
XERAS_API Named<Metric> get(std::string_view name);

}  // namespace metrics

using MetricArgument = Named<metrics::Metric>;
extern template class Named<metrics::Metric>;

}  // namespace xeras
