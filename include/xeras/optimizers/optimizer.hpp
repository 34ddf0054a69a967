#pragma once

#include <array>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "xeras/constraints.hpp"
#include "xeras/core/named.hpp"
#include "xeras/core/tensor.hpp"
#include "xeras/optimizers/learning_rate.hpp"

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
  bool lazy = false;  ///< the caller has rows brought up to date before reading them: Optimizer::catch_up and settle
};

namespace optimizers {

/// One array of an optimizer's state, as large as the parameter at this position: its momentum, its average.
struct StateArray {
  std::string name;  ///< "momentum", "velocity": as Keras calls it
  std::size_t position;
  float* values;
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
  /// Steps with a sparse gradient may leave rows of a `lazy` parameter behind, which then lack what updates without
  /// gradient do to them. Makes up for it in these rows, distinct ones, of the parameter at this position.
  virtual void catch_up(std::size_t /*position*/, float* /*values*/, std::span<const std::int32_t> /*rows*/) {}
  /// The same for all its rows.
  virtual void settle(std::size_t /*position*/, float* /*values*/) {}
  /// The same, and also for the state of these rows, which may be behind where their values are not.
  virtual void settle_state(std::size_t /*position*/, float* /*values*/) {}

  virtual double learning_rate() const = 0;
  virtual void set_learning_rate(double rate) = 0;
  /// True when the learning rate follows from the number of steps.
  virtual bool has_schedule() const { return false; }
  /// Updates so far.
  virtual std::int64_t iterations() const = 0;

  // What files keep. An optimizer without state has nothing to say here.

  /// Steps so far: the updates, times the steps that one update gathers.
  virtual std::int64_t steps() const { return iterations(); }
  /// Takes a training up after so many steps. The state must be there already, and all rows up to date.
  virtual void resume_after(std::int64_t /*steps*/) {}
  /// Whether there is a state: not before the first step.
  virtual bool has_state() const { return false; }
  /// The state for parameters of these sizes, to be read or written, in the order of Keras's files; made where there is
  /// none, and as it is: see settle_state. Throws InvalidArgument when it is one of other parameters.
  virtual std::vector<StateArray> state(std::span<const Extents> /*parameters*/) { return {}; }

  static std::shared_ptr<Optimizer> from_name(std::string_view name);
  static std::shared_ptr<Optimizer> from_config(const Value& value, const std::string& path);
};

/// What the options of all optimizers end with.
struct CommonOptions {
  std::optional<double> weight_decay = {};     ///< w -= w weight_decay learning_rate, before the update
  std::optional<double> clipnorm = {};         ///< the largest norm of the gradient of one parameter
  std::optional<double> clipvalue = {};        ///< the largest absolute value in a gradient
  std::optional<double> global_clipnorm = {};  ///< the largest norm of all gradients together
  bool use_ema = false;                        ///< keep averages of the parameters, their values in the end:
  double ema_momentum = 0.99;                  ///< average = ema_momentum average + (1 - ema_momentum) w
  std::optional<std::int64_t> ema_overwrite_frequency = {};      ///< also their values after every so many updates
  std::optional<double> loss_scale_factor = {};                  ///< for half precision, which does not exist here
  std::optional<std::int64_t> gradient_accumulation_steps = {};  ///< update with the mean gradient of so many steps
};

/// All of an optimizer but its rule: clipping, weight decay, accumulation, averages, constraints, sparse gradients and
/// the state. What remains to be written is the rule, for any stretch of weights. In a warm step nothing allocates.
/// Throws  InvalidArgument for options that cannot be, and when parameters differ from those of the first step
/// Source  keras.optimizers.Optimizer
class XERAS_API RuleOptimizer : public Optimizer {
 public:
  using Optimizer::apply;
  void apply(std::span<Parameter> parameters) override;
  void finalize(std::span<Parameter> parameters) override;
  void catch_up(std::size_t position, float* values, std::span<const std::int32_t> rows) override;
  void settle(std::size_t position, float* values) override;
  void settle_state(std::size_t position, float* values) override;
  std::int64_t iterations() const override;
  std::int64_t steps() const override { return steps_; }
  void resume_after(std::int64_t steps) override;
  bool has_state() const override { return !states_.empty(); }
  std::vector<StateArray> state(std::span<const Extents> parameters) override;

 protected:
  struct Step {
    double learning_rate;
    std::int64_t number;  ///< from 1
  };
  /// A whole parameter or one row of it. A slot is an array of the rule's own, as large as the weights and 0 at first.
  struct Stretch {
    float* w;
    const float* g;
    float* const* slots;
    std::size_t size;
  };
  static constexpr std::size_t max_slots = 4;
  /// A row without gradient.
  struct Rest {
    std::int64_t begin;  ///< the number of its last update with a gradient
    std::int64_t steps;  ///< updates since then
  };
  /// What becomes of a row whose gradient is 0.
  enum class AtRest {
    stepwise,  ///< only updating it tells: a sparse gradient is made dense
    still,     ///< its weights stay; `rest` does to the slots what any number of updates does
    moving,    ///< its weights move on; `rest` does to them and to the slots what any number of updates does
  };

  RuleOptimizer(const std::string& class_name, const CommonOptions& options);
  /// Raises `<class_name>: <option> is <value>; expected <expected>.` unless it holds.
  static void require(bool holds, const std::string& class_name, const char* option, double value,
                      const char* expected);
  static void check_learning_rate(const std::string& class_name, double rate);
  static void check_settable(const std::string& class_name, bool has_schedule);

  virtual std::size_t slot_count() const = 0;
  /// What Keras calls the slots, in their order.
  virtual std::vector<std::string> slot_names() const;
  /// Files have so many slots parameter by parameter, and after them each other slot for all parameters.
  virtual std::size_t slots_saved_together() const { return 0; }
  /// Before a step in which rows may be left behind: makes the memory that `remember` will need.
  virtual void reserve_memory() {}
  /// Before the updates of a step.
  virtual void begin(const Step&) {}
  /// Updates a stretch; of several from many threads at once. Must not throw.
  virtual void update(const Step& step, const Stretch& stretch) const = 0;
  virtual AtRest at_rest() const { return AtRest::stepwise; }
  /// What the latest updates do to a row without gradient; the stretch has none. As for update.
  virtual void rest(const Rest&, const Stretch&) const {}
  /// Both in a row, for a rule that does them faster at once.
  virtual void update_rested(const Step& step, const Rest& row, const Stretch& stretch) const {
    rest(row, stretch);
    update(step, stretch);
  }
  /// After the updates of a step, where rows move at rest: what `rest` will have to know of it.
  virtual void remember(const Step&) {}
  /// Drops what was remembered: all rows are up to date, and the count of updates may go on anywhere.
  virtual void forget() {}
  /// The most updates that `rest` can go back.
  virtual std::int64_t longest_rest() const { return std::numeric_limits<std::int64_t>::max(); }

 private:
  using Slots = std::array<float*, max_slots>;
  using Numbers = std::vector<float, AlignedAllocator<float>>;
  struct State {  // of one parameter
    std::vector<Numbers> slots;
    std::vector<std::int32_t> last_updates;  // of each row, 0 before its first; empty while all rows are up to date
    const float* behind = nullptr;           // the parameter, while rows of it may lack a move
    Numbers gradient;                        // dense: accumulated, or made from a sparse one
    Numbers average;                         // of the parameter, with use_ema
    std::size_t size = 0;
    std::size_t columns = 0;  // of one row of the parameter
    Gradient current;         // what this step works on

    std::span<float> values() const { return {current.values, current.sparse ? current.rows.size() * columns : size}; }
  };

  void prepare(std::span<Parameter> parameters);
  State new_state(const Extents& extents) const;
  bool takes_as_it_is(const Parameter& parameter) const;
  void reserve(const Parameter& parameter, State& state);
  void check_count(std::size_t parameters) const;
  void check_size(std::size_t position, const Extents& extents) const;
  bool stays_sparse(const Parameter& parameter) const;
  void collect(const Parameter& parameter, State& state);
  void clip();
  void update_whole(const Step& step, float* w, State& state);
  template <class Body>
  void for_each_row(std::span<const std::int32_t> rows, float* w, State& state, const Body& body) const;
  void update_rows(const Step& step, float* w, State& state);
  void catch_up_row(std::size_t row, std::int64_t updates, float* w, State& state) const;
  void catch_up_all(std::int64_t updates, float* w, State& state) const;
  void update_averages(std::span<Parameter> parameters);
  static Stretch stretch(float* w, const float* g, State& state, std::size_t first, std::size_t size, Slots& slots);
  std::int64_t steps_per_update() const { return common_.gradient_accumulation_steps.value_or(1); }

  CommonOptions common_;
  std::vector<State> states_;
  std::int64_t steps_ = 0;
  bool moves_at_rest_ = false;      // some parameter has rows that do, or had
  std::int64_t all_caught_up_ = 0;  // the updates when that was so last
};

/// A RuleOptimizer whose options are a struct with `learning_rate` and the fields of CommonOptions.
template <class Options>
class OptimizerWith : public RuleOptimizer {
 public:
  using Config = Options;
  const Options& config() const { return config_; }
  Value get_config() const override { return to_value(config_); }
  double learning_rate() const override { return config_.learning_rate(steps()); }
  bool has_schedule() const override { return config_.learning_rate.schedule().has_value(); }
  /// Throws InvalidArgument for an optimizer with a schedule.
  void set_learning_rate(double rate) override {
    check_settable(class_name(), has_schedule());
    check_learning_rate(class_name(), rate);
    config_.learning_rate = rate;
  }

 protected:
  OptimizerWith(const std::string& class_name, Options options)
      : RuleOptimizer(class_name, {options.weight_decay, options.clipnorm, options.clipvalue, options.global_clipnorm,
                                   options.use_ema, options.ema_momentum, options.ema_overwrite_frequency,
                                   options.loss_scale_factor, options.gradient_accumulation_steps}),
        config_(std::move(options)) {
    check_learning_rate(class_name, config_.learning_rate(0));
  }

 private:
  Options config_;
};

}  // namespace optimizers

using OptimizerArgument = Named<optimizers::Optimizer>;
extern template class Named<optimizers::Optimizer>;

}  // namespace xeras
