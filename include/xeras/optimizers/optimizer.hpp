#pragma once

#include <optional>
#include <span>
#include <vector>

#include "xeras/constraints.hpp"
#include "xeras/core/named.hpp"
#include "xeras/core/tensor.hpp"

namespace xeras {

/// The gradient of one parameter. An Embedding's is sparse: distinct row numbers and one row of values for each, never
/// a matrix of the whole vocabulary. Optimizers may change the values in place (clipping).
struct Gradient {
  float* values = nullptr;             ///< shaped as the parameter; (rows.size(), columns) if sparse
  std::span<const std::int32_t> rows;  ///< empty unless sparse
  bool sparse = false;
};

/// One parameter of a step.
struct Parameter {
  float* values = nullptr;
  Extents extents;
  const constraints::Constraint* constraint = nullptr;  ///< applied after the update
  Gradient gradient;
  bool may_postpone = false;   ///< true when the caller calls Optimizer::catch_up before it reads rows
  std::string_view name = {};  ///< "kernel", "embeddings"
  std::string_view path = {};  ///< "sequential/dense/kernel", as in Keras; empty outside of a model
};

namespace optimizers {

/// One array of an optimizer's state: the momentum of one parameter, or a number of the optimizer.
struct StateArray {
  std::string name;                     ///< Keras's name: "momentum", "velocity"
  std::optional<std::size_t> position;  ///< the position of its parameter; none for a number
  Extents extents;
  float* values;
  float start;                          ///< the value of all elements before the first step
  const float* start_values = nullptr;  ///< their values before the first step, in place of `start`
  bool is_integer = false;              ///< files have an integer
};

/// The base class of optimizers. docs/adding_an_optimizer.md explains how to derive from it.
///
///   optimizers::SGD sgd(0.1);
///   sgd.apply({gradient}, {&parameter});  // parameter -= 0.1 gradient
class XERAS_API Optimizer : public Configurable {
 public:
  /// Makes one step on tensors outside of a model.
  void apply(const std::vector<Tensor>& gradients, const std::vector<Tensor*>& parameters);
  /// Makes one step: clip, decay, update, constrain. Every call must pass the same parameters in the same order, since
  /// the state (velocities, momenta) is stored by position.
  virtual void apply(std::span<Parameter> parameters) = 0;
  /// Ends training: with use_ema, replaces the parameters by their averages.
  virtual void finalize(std::span<Parameter>) {}

  // A step with a sparse gradient may postpone the updates of rows without gradient if may_postpone is set. The
  // functions below apply them to the parameter at `position`.

  /// Applies the postponed updates to the values of these distinct rows.
  virtual void catch_up(std::size_t /*position*/, float* /*values*/, std::span<const std::int32_t> /*rows*/) {}
  /// Applies the postponed updates to the values of all rows.
  virtual void catch_up(std::size_t /*position*/, float* /*values*/) {}
  /// Applies the postponed updates to the values and the state of all rows.
  virtual void catch_up_state(std::size_t /*position*/, float* /*values*/) {}

  virtual double learning_rate() const = 0;
  virtual void set_learning_rate(double rate) = 0;
  /// True when the learning rate is a schedule.
  virtual bool has_schedule() const { return false; }
  /// Returns the number of updates so far.
  virtual std::int64_t iterations() const = 0;

  // Files store the state. An optimizer without state overrides none of these.

  /// Returns the number of steps so far: the updates times the steps that one update accumulates.
  virtual std::int64_t steps() const { return iterations(); }
  /// Continues training after this many steps. The state must be set and no updates postponed.
  virtual void resume_after(std::int64_t /*steps*/) {}
  /// True from the first step on.
  virtual bool has_state() const { return false; }
  /// Returns the readable and writable state for these parameters in the order of Keras's files, and creates it if
  /// there is none. Applies no postponed updates: see catch_up_state. Throws InvalidArgument for other parameters.
  virtual std::vector<StateArray> state(std::span<const Parameter> /*parameters*/) { return {}; }

  static std::shared_ptr<Optimizer> from_name(std::string_view name);
  static std::shared_ptr<Optimizer> from_config(const Value& value, const std::string& path);
};

}  // namespace optimizers

using OptimizerArgument = Named<optimizers::Optimizer>;
extern template class Named<optimizers::Optimizer>;

}  // namespace xeras
