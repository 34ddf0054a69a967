#pragma once

#include <optional>
#include <span>
#include <vector>

#include "xeras/constraints.hpp"
#include "xeras/core/named.hpp"
#include "xeras/core/tensor.hpp"

namespace xeras {

/// The gradient of one parameter. An Embedding's is (rows, values): distinct row numbers and one row of values for
/// each, never a matrix of the whole vocabulary. Optimizers may change the values in place (clipping).
struct Gradient {
  float* values = nullptr;             ///< as many floats as the parameter; or (rows.size(), columns)
  std::span<const std::int32_t> rows;  ///< empty unless sparse
  bool sparse = false;
};

/// One parameter of a step.
struct Parameter {
  float* values = nullptr;
  Extents extents;
  const constraints::Constraint* constraint = nullptr;  ///< applied after the update
  Gradient gradient;
  bool may_postpone = false;   ///< the caller calls Optimizer::catch_up before it reads rows
  std::string_view name = {};  ///< "kernel", "embeddings"
};

namespace optimizers {

/// One array of an optimizer's state: the momentum of one parameter, or a number of the optimizer.
struct StateArray {
  std::string name;                     ///< "momentum", "velocity": as Keras calls it
  std::optional<std::size_t> position;  ///< of the parameter that it belongs to; none for a number
  Extents extents;
  float* values;
  float start;  ///< the value of all elements before the first step
};

class XERAS_API Optimizer : public Configurable {
 public:
  /// One step on tensors of one's own: rms.apply({gradient}, {&parameter}).
  void apply(const std::vector<Tensor>& gradients, const std::vector<Tensor*>& parameters);
  /// One step: clip, decay, update, constrain. Every call must bring the same parameters in the same order, since the
  /// state (velocities, momenta) is kept by position.
  virtual void apply(std::span<Parameter> parameters) = 0;
  /// The end of training: with use_ema the parameters become their averages.
  virtual void finalize(std::span<Parameter>) {}

  // A step with a sparse gradient may postpone the updates of rows that have none, where the parameter says
  // may_postpone.

  /// Applies what is postponed to these rows, distinct ones, of the parameter at this position.
  virtual void catch_up(std::size_t /*position*/, float* /*values*/, std::span<const std::int32_t> /*rows*/) {}
  /// Applies what is postponed to the values of all rows.
  virtual void catch_up(std::size_t /*position*/, float* /*values*/) {}
  /// Applies what is postponed to the values of all rows and to their state.
  virtual void catch_up_state(std::size_t /*position*/, float* /*values*/) {}

  virtual double learning_rate() const = 0;
  virtual void set_learning_rate(double rate) = 0;
  /// True when the learning rate follows from the number of steps.
  virtual bool has_schedule() const { return false; }
  /// Updates so far.
  virtual std::int64_t iterations() const = 0;

  // Files keep the state. An optimizer without one overrides none of these.

  /// Steps so far: the updates, times the steps that one update gathers.
  virtual std::int64_t steps() const { return iterations(); }
  /// Takes a training up after so many steps. The state must be there already, and nothing postponed.
  virtual void resume_after(std::int64_t /*steps*/) {}
  /// True from the first step on.
  virtual bool has_state() const { return false; }
  /// The state for these parameters, to be read or written, in the order of Keras's files; made where there is none,
  /// and as it is: see catch_up_state. Throws InvalidArgument when it is one of other parameters.
  virtual std::vector<StateArray> state(std::span<const Parameter> /*parameters*/) { return {}; }

  static std::shared_ptr<Optimizer> from_name(std::string_view name);
  static std::shared_ptr<Optimizer> from_config(const Value& value, const std::string& path);
};

}  // namespace optimizers

using OptimizerArgument = Named<optimizers::Optimizer>;
extern template class Named<optimizers::Optimizer>;

}  // namespace xeras
