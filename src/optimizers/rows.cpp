// RuleOptimizer's updates of rows, for sparse gradients.
#include <algorithm>

#include "core/parallel.hpp"
#include "kernels/simd.hpp"
#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {
namespace {

using kernels::simd;

// The largest decay of one update that may be postponed. Beyond it, products of 1 - decay lose their digits.
constexpr double largest_decay = 0.5;

// The cost per weight for parallel_for, in floats of a loop: more than for a dense update, since rows are scattered.
constexpr std::size_t row_work = 16;

// always_inline: GCC drops calls of a function that only prefetches, because it sees no effect.
__attribute__((always_inline)) inline void prefetch(const float* row, std::size_t columns) {
  constexpr std::size_t cache_line = 64 / sizeof(float);
  for (std::size_t c = 0; c < columns; c += cache_line) __builtin_prefetch(row + c, 1);
  __builtin_prefetch(row + columns - 1, 1);
}

}  // namespace

bool RuleOptimizer::stays_sparse(const Parameter& parameter) const {
  const Stretches takes = stretches();
  if (takes == Stretches::whole || takes == Stretches::any) return false;
  const double decay = weight_decay(parameter);
  if (takes == Stretches::still_rows && decay == 0.0) return true;
  if (decay != common_.weight_decay.value_or(0.0)) return false;  // `decays_` is that of all parameters
  if (takes == Stretches::moving_rows && decay != 0.0 && !postpones_decay()) return false;
  // Averages and constraints need all rows up to date.
  return parameter.may_postpone && parameter.constraint == nullptr && !common_.use_ema &&
         decay * learning_rate() <= largest_decay;
}

// True when the numbers of the rows' last updates are needed.
bool RuleOptimizer::postpones_rows_of(const State& state) const {
  return !state.slots.empty() || state.weight_decay != 0.0;
}

std::int64_t RuleOptimizer::longest_postponed() const {
  return common_.weight_decay ? std::min(max_postponed(), Decays::longest) : max_postponed();
}

// Calls body(i) for each of the rows, and prefetches the memory of the next ones.
template <class Body>
void RuleOptimizer::for_each_row(std::span<const std::int32_t> rows, float* w, State& state, const Body& body) const {
  parallel_for(rows.size(), state.columns * row_work, [&](std::size_t begin, std::size_t end) {
    constexpr std::size_t ahead = 8;
    for (std::size_t i = begin; i < end; ++i) {
      if (i + ahead < end) {
        const auto row = static_cast<std::size_t>(rows[i + ahead]);
        if (!state.last_updates.empty()) __builtin_prefetch(&state.last_updates[row], 1);
        prefetch(w + row * state.columns, state.columns);
        for (Floats& slot : state.slots) prefetch(slot.data() + row * state.columns, state.columns);
      }
      body(i);
    }
  });
}

void RuleOptimizer::update_rows(const Step& step, float* w, State& state) {
  if (state.columns == 0) return;
  if (postpones_rows_of(state) && state.last_updates.empty()) {
    state.last_updates.assign(state.size / state.columns, static_cast<std::int32_t>(step.number - 1));
  }
  const bool decays = state.weight_decay != 0.0;
  const auto decay = static_cast<float>(state.weight_decay * step.learning_rate);
  if (decays || stretches() == Stretches::moving_rows) {
    state.postponed = w;
    postpones_moves_ = true;
  }
  const std::span<const std::int32_t> rows = state.current.rows;
  for_each_row(rows, w, state, [&](std::size_t i) {
    const auto row = static_cast<std::size_t>(rows[i]);
    SlotPointers slots;
    const Stretch part =
        stretch(w, state.current.values + i * state.columns, state, row * state.columns, state.columns, slots);
    const std::int64_t last = state.last_updates.empty() ? 0 : state.last_updates[row];
    if (!state.last_updates.empty()) state.last_updates[row] = static_cast<std::int32_t>(step.number);
    const bool is_current = last == step.number - 1 || (last == 0 && state.rests);
    if (decays) {
      if (!is_current) catch_up_stretch(last, step.number - 1, state, part);
      simd().axpy(-decay, part.w, part.w, part.size);
      return update(step, part);
    }
    if (is_current) return update(step, part);
    update_postponed(step, {last, step.number - 1 - last}, part);
  });
}

void RuleOptimizer::catch_up_stretch(std::int64_t last, std::int64_t updates, const State& state,
                                     const Stretch& part) const {
  Postponed postponed{last, updates - last};
  if (state.weight_decay != 0.0) {
    postponed.decay = decays_(last, updates);
    if (stretches() == Stretches::still_rows) {
      simd().axpy(static_cast<float>(-postponed.decay), part.w, part.w, part.size);
      if (part.slots.empty()) return;
    }
  }
  apply_postponed(postponed, part);
}

double RuleOptimizer::apply_decay(const Postponed& postponed, const Stretch& part, std::int64_t recorded) const {
  if (postponed.decay == 0.0) return 1.0;
  simd().axpy(static_cast<float>(-postponed.decay), part.w, part.w, part.size);
  const std::int64_t now = postponed.last + postponed.count;
  return 1.0 - decay_of(std::min(now, postponed.last + recorded), now);
}

void RuleOptimizer::catch_up_row(std::size_t row, std::int64_t updates, float* w, State& state) const {
  std::int32_t& last = state.last_updates[row];
  // Updates without gradient do not change slots of zeros, which a row has before its first update.
  if ((last == 0 && state.rests) || last >= updates) return;
  SlotPointers slots;
  catch_up_stretch(last, updates, state, stretch(w, nullptr, state, row * state.columns, state.columns, slots));
  last = static_cast<std::int32_t>(updates);
}

void RuleOptimizer::catch_up_all(std::int64_t updates, float* w, State& state) const {
  parallel_for(state.last_updates.size(), state.columns * row_work, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) catch_up_row(row, updates, w, state);
  });
  state.postponed = nullptr;
}

void RuleOptimizer::catch_up(std::size_t position, float* values, std::span<const std::int32_t> rows) {
  if (position >= states_.size() || states_[position].postponed == nullptr) return;
  State& state = states_[position];
  for_each_row(rows, values, state,
               [&](std::size_t i) { catch_up_row(static_cast<std::size_t>(rows[i]), iterations(), values, state); });
}

void RuleOptimizer::catch_up_state(std::size_t position, float* values) {
  if (position < states_.size()) catch_up_all(iterations(), values, states_[position]);
}

void RuleOptimizer::catch_up(std::size_t position, float* values) {
  if (position >= states_.size() || states_[position].postponed == nullptr) return;
  catch_up_all(iterations(), values, states_[position]);
}

}  // namespace xeras::optimizers
