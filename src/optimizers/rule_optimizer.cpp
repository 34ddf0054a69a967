#include "xeras/optimizers/rule_optimizer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/parallel.hpp"
#include "kernels/simd.hpp"
#include "xeras/core/error.hpp"

namespace xeras::optimizers {
namespace {

using kernels::simd;

// Sums blocks in float and their sums in double, which is exact enough for a table of any size.
double sum_of_squares(std::span<const float> x) {
  constexpr std::size_t block_size = 4096;
  double sum = 0.0;
  while (!x.empty()) {
    const std::span<const float> block = x.first(std::min(block_size, x.size()));
    const float squares = simd().sum_of_squares(block.data(), block.size());
    if (std::isfinite(squares)) {
      sum += squares;
    } else {  // perhaps only too large for a float; clipping must handle such gradients
      for (const float value : block) sum += static_cast<double>(value) * value;
    }
    x = x.subspan(block.size());
  }
  return sum;
}

// Returns the factor for a gradient of this norm; NaN for NaN and infinity, so that the weights show it.
float clip_factor(double norm, double largest) {
  if (!std::isfinite(norm)) return std::numeric_limits<float>::quiet_NaN();
  return norm > largest ? static_cast<float>(largest / norm) : 1.0f;
}

void scale(float factor, std::span<float> values) {
  if (factor != 1.0f) simd().scale(factor, values.data(), values.size());
}

constexpr std::size_t update_work = 4;  // the cost per weight for parallel_for, in floats of a loop

}  // namespace

void RuleOptimizer::require(bool holds, const std::string& class_name, const char* option, double value,
                            const char* expected) {
  if (!holds) throw InvalidArgument(fmt::format("{}: {} is {}; expected {}.", class_name, option, value, expected));
}

void RuleOptimizer::require_not_negative(const std::string& class_name, const char* option, double value) {
  require(value >= 0.0 && std::isfinite(value), class_name, option, value, "a finite number >= 0");
}

void RuleOptimizer::require_below_one(const std::string& class_name, const char* option, double value) {
  require(value >= 0.0 && value < 1.0, class_name, option, value, "a number in [0, 1)");
}

void RuleOptimizer::check_learning_rate(const std::string& class_name, double rate) {
  require_not_negative(class_name, "learning_rate", rate);
}

void RuleOptimizer::check_settable(const std::string& class_name, bool has_schedule) {
  if (!has_schedule) return;
  throw InvalidArgument(
      fmt::format("{}: set_learning_rate, but learning_rate is a schedule; expected a number. Compile with an "
                  "optimizer whose learning_rate is a number.",
                  class_name));
}

RuleOptimizer::RuleOptimizer(const std::string& class_name, const CommonOptions& options) : common_(options) {
  const auto positive = [&](const char* option, const std::optional<double>& value) {
    if (value) require(*value > 0.0, class_name, option, *value, "a positive number, or nothing for no clipping");
  };
  positive("clipnorm", options.clipnorm);
  positive("clipvalue", options.clipvalue);
  positive("global_clipnorm", options.global_clipnorm);
  if (options.clipnorm.has_value() + options.clipvalue.has_value() + options.global_clipnorm.has_value() > 1) {
    const auto print = [](const std::optional<double>& value) { return value ? fmt::format("{}", *value) : "None"; };
    throw InvalidArgument(
        fmt::format("{}: clipnorm is {}, clipvalue is {} and global_clipnorm is {}; expected at most one of them.",
                    class_name, print(options.clipnorm), print(options.clipvalue), print(options.global_clipnorm)));
  }
  if (options.weight_decay) {
    require_not_negative(class_name, "weight_decay", *options.weight_decay);
  }
  require(options.ema_momentum >= 0.0 && options.ema_momentum <= 1.0, class_name, "ema_momentum", options.ema_momentum,
          "a number from 0 to 1");
  const auto at_least = [&](const char* option, const std::optional<std::int64_t>& value, std::int64_t least,
                            const char* expected) {
    if (value) require(*value >= least, class_name, option, static_cast<double>(*value), expected);
  };
  at_least("ema_overwrite_frequency", options.ema_overwrite_frequency, 1, "an integer >= 1, or nothing");
  at_least("gradient_accumulation_steps", options.gradient_accumulation_steps, 2, "an integer >= 2, or nothing");
  if (options.loss_scale_factor) {
    throw InvalidArgument(
        fmt::format("{}: loss_scale_factor is {}; expected nothing. It is for training in half precision, which xeras "
                    "does not have: leave it out.",
                    class_name, *options.loss_scale_factor));
  }
}

std::int64_t RuleOptimizer::iterations() const { return steps_ / steps_per_update(); }

// As in Keras 3.15, averages are computed before constraints apply.
void RuleOptimizer::apply(std::span<Parameter> parameters) {
  prepare(parameters);
  for (std::size_t i = 0; i < parameters.size(); ++i) collect(parameters[i], states_[i]);
  if ((steps_ + 1) % steps_per_update() == 0) {
    const Step step{learning_rate(), iterations() + 1, numbers_};
    if (postpones_moves_ && iterations() - all_caught_up_ >= longest_postponed()) {
      for (std::size_t i = 0; i < parameters.size(); ++i) catch_up(i, parameters[i].values);
      all_caught_up_ = iterations();
    }
    begin(step);
    if (common_.gradient_accumulation_steps) {
      for (State& state : states_) scale(1.0f / static_cast<float>(steps_per_update()), state.values());
    }
    clip();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      float* const w = parameters[i].values;
      State& state = states_[i];
      state.current.sparse ? update_rows(step, w, state) : update_whole(step, w, state);
    }
    if (postpones_moves_) {
      if (common_.weight_decay) decays_.record(step.number, decay_of(step));
      record(step);
    }
  }
  if (common_.use_ema) update_averages(parameters);
  for (const Parameter& parameter : parameters) {
    if (parameter.constraint != nullptr) parameter.constraint->apply(parameter.extents, parameter.values);
  }
  ++steps_;
}

void RuleOptimizer::prepare(std::span<Parameter> parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Gradient& gradient = parameters[i].gradient;
    if (gradient.values != nullptr || gradient.sparse || parameters[i].extents.size() == 0) continue;
    throw InvalidArgument(fmt::format("{}: parameter {} has no gradient; expected one for each.", class_name(), i));
  }
  make_states(parameters);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const State& state = states_[i];
    if (state.postponed != nullptr && state.postponed != parameters[i].values) {
      throw InvalidArgument(
          fmt::format("{}: parameter {} is not that of the last step, which postponed updates of its rows; expected "
                      "the parameters of one model. Take a new optimizer for another model.",
                      class_name(), i));
    }
  }
  // Allocates all memory of the step before anything changes.
  for (std::size_t i = 0; i < parameters.size(); ++i) reserve(parameters[i], states_[i]);
}

void RuleOptimizer::reserve(const Parameter& parameter, State& state) {
  if (!takes_as_it_is(parameter)) state.gradient.resize(state.size);
  if (common_.use_ema) state.average.resize(state.size);
  reserve_scratch(parameter);
  if (!parameter.gradient.sparse || state.columns == 0 || !takes_as_it_is(parameter)) return;
  if (postpones_rows_of(state)) state.last_updates.reserve(state.size / state.columns);
  if (state.weight_decay != 0.0) decays_.reserve();
  if (stretches() == Stretches::moving_rows) reserve_records();
}

// Creates the states unless they exist. Throws unless they fit the parameters.
void RuleOptimizer::make_states(std::span<const Parameter> parameters) {
  if (states_.empty()) {
    std::vector<State> states;
    for (const Parameter& parameter : parameters) states.push_back(new_state(parameter));
    numbers_.clear();
    for (const Number& number : numbers()) numbers_.push_back(number.start);
    states_ = std::move(states);
  }
  if (states_.size() != parameters.size()) {
    throw InvalidArgument(
        fmt::format("{}: {} parameters; expected the {} of the first step, since the state is kept by position. Take a "
                    "new optimizer for another model.",
                    class_name(), parameters.size(), states_.size()));
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::int64_t size = parameters[i].extents.size();
    if (states_[i].size == static_cast<std::size_t>(size)) continue;
    throw InvalidArgument(
        fmt::format("{}: parameter {} has {} values; expected the {} of the first step, since the state is kept by "
                    "position. Take a new optimizer for another model.",
                    class_name(), i, size, states_[i].size));
  }
}

RuleOptimizer::State RuleOptimizer::new_state(const Parameter& parameter) const {
  const Extents& extents = parameter.extents;
  const auto size = static_cast<std::size_t>(extents.size());
  State state;
  state.extents = extents;
  state.size = size;
  state.columns = size == 0 || extents.rank() == 0 ? size : size / static_cast<std::size_t>(extents[0]);
  state.weight_decay = weight_decay(parameter);
  state.rests = rests_at_zero() && state.weight_decay == 0.0;
  state.declared = slots(parameter);
  if (state.declared.size() > max_slots) {
    throw InvalidArgument(
        fmt::format("{}: {} slots; expected at most {}.", class_name(), state.declared.size(), max_slots));
  }
  for (Slot& slot : state.declared) {
    if (!slot.extents) slot.extents = extents;
    if (slot.extents->size() != extents.size() && stretches() != Stretches::whole) {
      throw InvalidArgument(
          fmt::format("{}: slot \"{}\" has shape {} and its parameter {}; expected the same shape, unless stretches() "
                      "is Stretches::whole.",
                      class_name(), slot.name, slot.extents->to_string(), extents.to_string()));
    }
    state.slots.emplace_back(static_cast<std::size_t>(slot.extents->size()), slot.start);
    if (slot.copies) std::copy_n(parameter.values, size, state.slots.back().begin());
    state.rests &= slot.start == 0.0f && !slot.copies;
  }
  return state;
}

void RuleOptimizer::resume_after(std::int64_t steps) {
  steps_ = steps;
  all_caught_up_ = iterations();
  for (State& state : states_) state.last_updates.clear();
  decays_.clear();
  clear_records();
}

std::vector<StateArray> RuleOptimizer::state(std::span<const Parameter> parameters) {
  make_states(parameters);
  std::vector<StateArray> arrays;
  const auto add_all = [&](const char* name, Floats State::*member) {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      Floats& floats = states_[i].*member;
      floats.resize(states_[i].size);
      arrays.push_back({name, i, states_[i].extents, floats.data(), 0.0f});
    }
  };
  if (common_.use_ema) add_all("average", &State::average);
  if (common_.gradient_accumulation_steps) add_all("gradient_accumulator", &State::gradient);
  std::vector<std::pair<int, StateArray>> by_group;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    State& state = states_[i];
    for (std::size_t s = 0; s < state.slots.size(); ++s) {
      const Slot& slot = state.declared[s];
      const float* const copied = slot.copies ? parameters[i].values : nullptr;
      by_group.push_back(
          {slot.group, {slot.name, i, *slot.extents, state.slots[s].data(), slot.start, copied, slot.is_placeholder}});
    }
  }
  std::stable_sort(by_group.begin(), by_group.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [group, array] : by_group) arrays.push_back(std::move(array));
  const std::vector<Number> own = numbers();
  for (std::size_t n = 0; n < own.size(); ++n) {
    arrays.push_back({own[n].name, {}, {}, &numbers_[n], own[n].start});
  }
  return arrays;
}

bool RuleOptimizer::takes_as_it_is(const Parameter& parameter) const {
  return !common_.gradient_accumulation_steps && (!parameter.gradient.sparse || stays_sparse(parameter));
}

// Sets the step's gradient: the given one, or a dense copy or sum.
void RuleOptimizer::collect(const Parameter& parameter, State& state) {
  const Gradient& gradient = parameter.gradient;
  if (takes_as_it_is(parameter)) {
    state.current = gradient;
    return;
  }
  state.current = {state.gradient.data(), {}, false};
  if (!gradient.sparse) return simd().axpy(1.0f, gradient.values, state.gradient.data(), state.size);
  for (std::size_t i = 0; i < gradient.rows.size(); ++i) {
    const std::size_t first = static_cast<std::size_t>(gradient.rows[i]) * state.columns;
    simd().axpy(1.0f, gradient.values + i * state.columns, state.gradient.data() + first, state.columns);
  }
}

void RuleOptimizer::clip() {
  double all_squares = 0.0;
  for (State& state : states_) {
    if (common_.clipvalue) {
      const auto largest = static_cast<float>(*common_.clipvalue);
      for (float& g : state.values()) g = std::clamp(g, -largest, largest);
    } else if (common_.clipnorm || common_.global_clipnorm) {
      const std::span<float> values = state.values();
      const double squares = sum_of_squares(values);
      all_squares += squares;
      if (common_.clipnorm) scale(clip_factor(std::sqrt(squares), *common_.clipnorm), values);
    }
  }
  if (!common_.global_clipnorm) return;
  const float factor = clip_factor(std::sqrt(all_squares), *common_.global_clipnorm);
  for (State& state : states_) scale(factor, state.values());
}

RuleOptimizer::Stretch RuleOptimizer::stretch(float* w, const float* g, State& state, std::size_t first,
                                              std::size_t size, SlotPointers& slots) {
  float** next = slots.data();
  for (Floats& slot : state.slots) *next++ = slot.data() + first;
  return {w + first, g, std::span(slots.data(), state.slots.size()), size, state.extents};
}

void RuleOptimizer::update_whole(const Step& step, float* w, State& state) {
  catch_up_all(step.number - 1, w, state);
  state.last_updates.clear();
  const bool is_ours = state.current.values == state.gradient.data();
  const auto decay = static_cast<float>(state.weight_decay * step.learning_rate);
  const auto update_from = [&](std::size_t begin, std::size_t end) {
    SlotPointers slots;
    if (decay != 0.0f) simd().axpy(-decay, w + begin, w + begin, end - begin);
    update(step, stretch(w, state.current.values + begin, state, begin, end - begin, slots));
    if (is_ours) std::fill_n(state.gradient.data() + begin, end - begin, 0.0f);
  };
  if (stretches() != Stretches::whole) return parallel_for(state.size, update_work, update_from);
  if (state.size > 0) update_from(0, state.size);
}

void RuleOptimizer::update_averages(std::span<Parameter> parameters) {
  const bool is_first = iterations() == 0;
  const bool overwrites = common_.ema_overwrite_frequency && (iterations() + 1) % *common_.ema_overwrite_frequency == 0;
  const auto momentum = static_cast<float>(common_.ema_momentum);
  const auto share = static_cast<float>(1.0 - common_.ema_momentum);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    float* const w = parameters[i].values;
    Floats& average = states_[i].average;
    if (is_first) {
      std::copy(w, w + average.size(), average.begin());
    } else {
      for (std::size_t k = 0; k < average.size(); ++k) average[k] = momentum * average[k] + share * w[k];
    }
    if (overwrites) std::copy(average.begin(), average.end(), w);
  }
}

void RuleOptimizer::finalize(std::span<Parameter> parameters) {
  if (!common_.use_ema || states_.empty()) return;
  for (std::size_t i = 0; i < std::min(parameters.size(), states_.size()); ++i) {
    std::copy(states_[i].average.begin(), states_[i].average.end(), parameters[i].values);
  }
}

}  // namespace xeras::optimizers
