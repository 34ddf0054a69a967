// RuleOptimizer's updates of rows, for sparse gradients.
#include "core/parallel.hpp"
#include "xeras/optimizers/rule_optimizer.hpp"

namespace xeras::optimizers {
namespace {

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
  switch (stretches()) {
    case Stretches::whole:
    case Stretches::any:
      return false;
    case Stretches::still_rows:
      return true;
    case Stretches::moving_rows:
      break;
  }
  // Decay, averages and constraints need all rows up to date.
  return parameter.may_postpone && parameter.constraint == nullptr && !common_.weight_decay && !common_.use_ema;
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
  if (!state.slots.empty() && state.last_updates.empty()) {
    state.last_updates.assign(state.size / state.columns, static_cast<std::int32_t>(step.number - 1));
  }
  if (stretches() == Stretches::moving_rows) {
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
    if (last == 0 ? state.starts_at_zero : last == step.number - 1) return update(step, part);
    update_postponed(step, {last, step.number - 1 - last}, part);
  });
}

void RuleOptimizer::catch_up_row(std::size_t row, std::int64_t updates, float* w, State& state) const {
  std::int32_t& last = state.last_updates[row];
  // Updates without gradient do not change slots of zeros, which a row has before its first update.
  if ((last == 0 && state.starts_at_zero) || last >= updates) return;
  SlotPointers slots;
  apply_postponed({last, updates - last}, stretch(w, nullptr, state, row * state.columns, state.columns, slots));
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
