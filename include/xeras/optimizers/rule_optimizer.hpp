#pragma once

#include <array>
#include <limits>

#include "xeras/optimizers/common_options.hpp"
#include "xeras/optimizers/learning_rate.hpp"
#include "xeras/optimizers/optimizer.hpp"

namespace xeras::optimizers {

/// All of an optimizer but its rule: clipping, weight decay, accumulation, averages, constraints, sparse gradients and
/// the state. In a warm step nothing allocates. docs/adding_an_optimizer.md goes through what a rule implements.
/// Throws  InvalidArgument for options that are invalid, and when parameters differ from those of the first step
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
  /// An array of the rule's own for each parameter, kept in files.
  struct Slot {
    std::string name;                     ///< as Keras calls it
    float start = 0.0f;                   ///< the value of all elements before the first step
    std::optional<Extents> extents = {};  ///< none: those of the parameter. Others need Stretches::whole.
    int group = 0;                        ///< files go group by group, within one parameter by parameter
  };
  static constexpr std::size_t max_slots = 4;
  /// A number of the rule's own that changes from step to step, kept in files after the slots.
  struct Number {
    std::string name;
    float start = 0.0f;
  };
  struct Step {
    double learning_rate;
    std::int64_t number;       ///< from 1
    std::span<float> numbers;  ///< `begin` changes them
  };
  /// Weights that lie side by side: of one row, or of as many as a thread takes, or of the whole parameter.
  struct Stretch {
    float* w;
    const float* g;
    float* const* slots;
    std::size_t size;
    const Extents& extents;  ///< of the parameter
  };
  /// The stretches that `update` can take, and the fate of a row without gradient.
  enum class Stretches {
    whole,  ///< whole parameters, one at a time: for norms, or slots of another shape; sparse gradients are made dense
    any,    ///< any; sparse gradients are made dense, since only updating tells what becomes of a row
    still_rows,   ///< any; without gradient the weights stay, and `apply_postponed` changes the slots
    moving_rows,  ///< any; without gradient the weights move, and `apply_postponed` changes them and the slots
  };
  /// Updates of a row without gradient that are yet to be applied.
  struct Postponed {
    std::int64_t last;   ///< the number of the row's last update, 0 before its first
    std::int64_t count;  ///< updates since then
  };

  RuleOptimizer(const std::string& class_name, const CommonOptions& options);
  /// Throws `<class_name>: <option> is <value>; expected <expected>.` unless it holds.
  static void require(bool holds, const std::string& class_name, const char* option, double value,
                      const char* expected);
  static void check_learning_rate(const std::string& class_name, double rate);
  static void check_settable(const std::string& class_name, bool has_schedule);

  virtual std::vector<Slot> slots(const Parameter&) const { return {}; }
  virtual std::vector<Number> numbers() const { return {}; }
  virtual Stretches stretches() const { return Stretches::any; }
  /// Before the updates of a step.
  virtual void begin(const Step&) {}
  /// Updates a stretch; of several from many threads at once, unless they are whole. Must not throw.
  virtual void update(const Step& step, const Stretch& stretch) const = 0;

  // For still_rows and moving_rows.

  /// Applies all updates that are postponed at once, to a stretch without gradient. As for update.
  virtual void apply_postponed(const Postponed&, const Stretch&) const {}
  /// Both in a row, for a rule that does them faster at once.
  virtual void update_postponed(const Step& step, const Postponed& postponed, const Stretch& stretch) const {
    apply_postponed(postponed, stretch);
    update(step, stretch);
  }

  // For moving_rows whose apply_postponed needs records of the updates.

  /// Before a step that may postpone updates: makes the memory for `record`.
  virtual void reserve_records() {}
  /// After the updates of a step.
  virtual void record(const Step&) {}
  /// Nothing is postponed any more, and the count of updates may go on anywhere.
  virtual void clear_records() {}
  virtual std::int64_t max_postponed() const { return std::numeric_limits<std::int64_t>::max(); }

 private:
  using SlotPointers = std::array<float*, max_slots>;
  using Floats = std::vector<float, AlignedAllocator<float>>;
  struct State {  // of one parameter
    Extents extents;
    std::vector<Slot> declared;
    std::vector<Floats> slots;
    bool starts_at_zero = true;              // all slots
    std::vector<std::int32_t> last_updates;  // of each row, 0 before its first; empty while nothing is postponed
    const float* postponed = nullptr;        // the parameter, while moves of its rows may be postponed
    Floats gradient;                         // dense: accumulated, or made from a sparse one
    Floats average;                          // of the parameter, with use_ema
    std::size_t size = 0;
    std::size_t columns = 0;  // of one row of the parameter
    Gradient current;         // what this step works on

    std::span<float> values() const { return {current.values, current.sparse ? current.rows.size() * columns : size}; }
  };

  void prepare(std::span<Parameter> parameters);
  void make_states(std::span<const Parameter> parameters);
  State new_state(const Parameter& parameter) const;
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
  static Stretch stretch(float* w, const float* g, State& state, std::size_t first, std::size_t size,
                         SlotPointers& slots);
  std::int64_t steps_per_update() const { return common_.gradient_accumulation_steps.value_or(1); }

  CommonOptions common_;
  std::vector<State> states_;
  std::vector<float> numbers_;
  std::int64_t steps_ = 0;
  bool postpones_moves_ = false;    // of some parameter, or did
  std::int64_t all_caught_up_ = 0;  // the updates when nothing was postponed last
};

/// A RuleOptimizer whose options are a struct with a LearningRate `learning_rate` and fields of CommonOptions.
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
