#pragma once

#include <array>
#include <limits>

#include "xeras/optimizers/common_options.hpp"
#include "xeras/optimizers/decays.hpp"
#include "xeras/optimizers/learning_rate.hpp"
#include "xeras/optimizers/optimizer.hpp"

namespace xeras::optimizers {

/// The base class of optimizers with an update rule. It does the rest: clipping, weight decay, accumulation, averages,
/// constraints, sparse gradients and the state. Warm steps allocate no memory. docs/adding_an_optimizer.md explains
/// what a rule implements: at least update().
///
///   struct SignSGD : OptimizerWith<SignOptions> { void update(const Step&, const Stretch& part) const override; };
///
/// Throws  InvalidArgument for invalid options, and when parameters differ from those of the first step
/// Source  keras.optimizers.Optimizer
class XERAS_API RuleOptimizer : public Optimizer {
 public:
  using Optimizer::apply;
  void apply(std::span<Parameter> parameters) override;
  void finalize(std::span<Parameter> parameters) override;
  void catch_up(std::size_t position, float* values, std::span<const std::int32_t> rows) override;
  void catch_up(std::size_t position, float* values) override;
  void catch_up_state(std::size_t position, float* values) override;
  std::int64_t iterations() const override;
  std::int64_t steps() const override { return steps_; }
  void resume_after(std::int64_t steps) override;
  bool has_state() const override { return !states_.empty(); }
  std::vector<StateArray> state(std::span<const Parameter> parameters) override;

 protected:
  /// An array that the rule keeps for each parameter; stored in files.
  struct Slot {
    std::string name;                     ///< Keras's name
    float start = 0.0f;                   ///< the value of all elements before the first step
    std::optional<Extents> extents = {};  ///< default: those of the parameter; others require Stretches::whole
    int group = 0;                        ///< files are sorted by group, then by parameter
    bool copies = false;                  ///< starts as a copy of the parameter, in place of `start`
    bool is_placeholder = false;          ///< not used; files have an integer, the 0 that Keras keeps there
  };
  static constexpr std::size_t max_slots = 4;
  /// A number that the rule changes from step to step; stored in files after the slots.
  struct Number {
    std::string name;
    float start = 0.0f;
  };
  struct Step {
    double learning_rate;
    std::int64_t number;       ///< from 1
    std::span<float> numbers;  ///< `begin` changes them
  };
  /// Contiguous weights: a row, the share of a thread, or the whole parameter.
  struct Stretch {
    float* w;
    const float* g;
    std::span<float* const> slots;
    std::size_t size;
    const Extents& extents;  ///< those of the parameter
  };
  /// The stretches that `update` accepts, and the effect of an update on a row without gradient.
  enum class Stretches {
    whole,        ///< whole parameters, for norms or slots of another shape; sparse gradients become dense
    any,          ///< any; sparse gradients become dense, since the effect on a row without gradient is unknown
    still_rows,   ///< any; without gradient the weights stay, and `apply_postponed` changes the slots
    moving_rows,  ///< any; without gradient the weights move, and `apply_postponed` changes weights and slots
  };
  /// The postponed updates of a row, all without gradient.
  struct Postponed {
    std::int64_t last;   ///< the number of the row's last update, 0 before its first
    std::int64_t count;  ///< updates since then
    double decay = 0.0;  ///< weight decay changes the weights by -decay w in these updates
  };

  RuleOptimizer(const std::string& class_name, const CommonOptions& options);
  /// Throws InvalidArgument, `<class_name>: <option> is <value>; expected <expected>.`, unless `holds`.
  static void require(bool holds, const std::string& class_name, const char* option, double value,
                      const char* expected);
  /// The same for "a finite number >= 0" and for "a number in [0, 1)".
  static void require_not_negative(const std::string& class_name, const char* option, double value);
  static void require_below_one(const std::string& class_name, const char* option, double value);
  static void check_learning_rate(const std::string& class_name, double rate);
  static void check_settable(const std::string& class_name, bool has_schedule);

  virtual std::vector<Slot> slots(const Parameter&) const { return {}; }
  virtual std::vector<Number> numbers() const { return {}; }
  virtual Stretches stretches() const { return Stretches::any; }
  /// Returns the weight decay of a parameter: before an update, w -= w weight_decay learning_rate.
  virtual double weight_decay(const Parameter&) const { return common_.weight_decay.value_or(0.0); }
  /// Allocates the memory that updates of this parameter need; runs before each step.
  virtual void reserve_scratch(const Parameter&) {}
  /// Runs before the updates of a step.
  virtual void begin(const Step&) {}
  /// Updates a stretch. Threads call it concurrently, unless stretches are whole. Must not throw.
  virtual void update(const Step& step, const Stretch& stretch) const = 0;

  // For still_rows and moving_rows.

  /// Applies all postponed updates at once to a stretch, whose gradient is null. Otherwise like update. With
  /// still_rows, the weights have already decayed.
  virtual void apply_postponed(const Postponed&, const Stretch&) const {}
  /// Applies the postponed updates, then `update`. Override it if one pass is faster.
  virtual void update_postponed(const Step& step, const Postponed& postponed, const Stretch& stretch) const {
    apply_postponed(postponed, stretch);
    update(step, stretch);
  }

  // For moving_rows.

  /// True when apply_postponed applies Postponed::decay. Otherwise gradients are made dense if there is weight decay.
  virtual bool postpones_decay() const { return false; }
  /// False when a row moves even while all its slots are 0.
  virtual bool rests_at_zero() const { return true; }
  /// Applies the decay of postponed updates to the weights. Returns the share that remains of moves recorded with their
  /// decay until `recorded` updates after the last one of the row: 1 without decay.
  double apply_decay(const Postponed& postponed, const Stretch& stretch, std::int64_t recorded) const;
  /// Returns the decay of updates first + 1 to last, as in Postponed::decay.
  double decay_of(std::int64_t first, std::int64_t last) const { return decays_(first, last); }
  /// Returns the decay of one update, rounded as its float.
  double decay_of(const Step& step) const {
    return static_cast<float>(common_.weight_decay.value_or(0.0) * step.learning_rate);
  }

  // For moving_rows if apply_postponed needs records of the updates.

  /// Allocates the memory for `record`, before a step that may postpone updates.
  virtual void reserve_records() {}
  /// Runs after the updates of a step.
  virtual void record(const Step&) {}
  /// Discards the records: no updates are postponed, and the count of updates may continue anywhere.
  virtual void clear_records() {}
  virtual std::int64_t max_postponed() const { return std::numeric_limits<std::int64_t>::max(); }

 private:
  using SlotPointers = std::array<float*, max_slots>;
  using Floats = std::vector<float, AlignedAllocator<float>>;
  struct State {  // one parameter's
    Extents extents;
    std::vector<Slot> declared;
    std::vector<Floats> slots;
    double weight_decay = 0.0;
    bool rests = true;                       // true when a row that never had a gradient stays as it is
    std::vector<std::int32_t> last_updates;  // one per row, 0 before its first; empty while none is postponed
    const float* postponed = nullptr;        // the parameter's values while moves of its rows may be postponed
    Floats gradient;                         // dense: accumulated, or converted from a sparse one
    Floats average;                          // the parameter's, with use_ema
    std::size_t size = 0;
    std::size_t columns = 0;  // the length of a row of the parameter
    Gradient current;         // this step's gradient

    std::span<float> values() const { return {current.values, current.sparse ? current.rows.size() * columns : size}; }
  };

  void prepare(std::span<Parameter> parameters);
  void make_states(std::span<const Parameter> parameters);
  State new_state(const Parameter& parameter) const;
  bool takes_as_it_is(const Parameter& parameter) const;
  void reserve(const Parameter& parameter, State& state);
  bool stays_sparse(const Parameter& parameter) const;
  void collect(const Parameter& parameter, State& state);
  void clip();
  bool postpones_rows_of(const State& state) const;
  std::int64_t longest_postponed() const;
  void update_whole(const Step& step, float* w, State& state);
  template <class Body>
  void for_each_row(std::span<const std::int32_t> rows, float* w, State& state, const Body& body) const;
  void update_rows(const Step& step, float* w, State& state);
  void catch_up_stretch(std::int64_t last, std::int64_t updates, const State& state, const Stretch& part) const;
  void catch_up_row(std::size_t row, std::int64_t updates, float* w, State& state) const;
  void catch_up_all(std::int64_t updates, float* w, State& state) const;
  void update_averages(std::span<Parameter> parameters);
  static Stretch stretch(float* w, const float* g, State& state, std::size_t first, std::size_t size,
                         SlotPointers& slots);
  std::int64_t steps_per_update() const { return common_.gradient_accumulation_steps.value_or(1); }

  CommonOptions common_;
  std::vector<State> states_;
  std::vector<float> numbers_;
  std::int64_t steps_ = 0;
  Decays decays_;
  bool postpones_moves_ = false;    // true since a step postponed moves of some rows
  std::int64_t all_caught_up_ = 0;  // the number of updates when all rows were last up to date
};

/// A RuleOptimizer whose options are a struct with a LearningRate `learning_rate` and the fields of CommonOptions.
template <class Options>
class OptimizerWith : public RuleOptimizer {
 public:
  using Config = Options;
  const Options& config() const { return config_; }
  Value get_config() const override { return to_value(config_); }
  double learning_rate() const override { return config_.learning_rate(steps()); }
  bool has_schedule() const override { return config_.learning_rate.schedule() != nullptr; }
  /// Throws InvalidArgument for an optimizer with a schedule.
  void set_learning_rate(double rate) override {
    check_settable(class_name(), has_schedule());
    check_learning_rate(class_name(), rate);
    config_.learning_rate = rate;
  }

 protected:
  OptimizerWith(const std::string& class_name, Options options)
      : RuleOptimizer(class_name, common_of(options, class_name)), config_(std::move(options)) {
    check_learning_rate(class_name, config_.learning_rate(0));
  }

 private:
  static CommonOptions common_of(const Options& options, const std::string& class_name) {
    CommonOptions common;
    from_value(to_value(options), common, class_name);
    return common;
  }

  Options config_;
};

}  // namespace xeras::optimizers
