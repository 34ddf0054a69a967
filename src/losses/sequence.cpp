#include "xeras/losses/sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/input_visit.hpp"
#include "losses/targets.hpp"
#include "xeras/core/error.hpp"

namespace xeras::losses {
namespace {

// The logarithm of the probability of an impossible transition. It is finite, so that labels which do not fit
// into the steps have a loss.
constexpr double impossible = -1e5;

double log_add(double a, double b) {
  const double largest = std::max(a, b);
  if (std::isinf(largest)) return largest;
  return largest + std::log1p(std::exp(std::min(a, b) - largest));
}

// Doubles in a scratch of floats, which need not be aligned for them.
class Doubles {
 public:
  explicit Doubles(float* at) : at_(at) {}
  double operator[](std::int64_t i) const {
    double value;
    std::memcpy(&value, at_ + 2 * i, sizeof value);
    return value;
  }
  void set(std::int64_t i, double value) { std::memcpy(at_ + 2 * i, &value, sizeof value); }
  Doubles from(std::int64_t i) const { return Doubles(at_ + 2 * i); }

 private:
  float* at_;
};

// One sample. State 2 n is the blank before label n, state 2 n + 1 is label n; the last state is the blank after all.
// A step moves from a state to itself or the next, and from a label also to the next label unless the two are equal.
class Alignment {
 public:
  // `room` has place for (steps + 2) (states) + steps doubles.
  Alignment(const Targets& t, std::int64_t sample, float* room)
      : labels_(t.y_true + sample * t.true_size),
        x_(t.y_pred + sample * t.steps * t.pred_columns),
        mask_(t.mask != nullptr ? t.mask + sample * t.steps : nullptr),
        steps_(t.steps),
        classes_(t.pred_columns),
        states_(2 * std::count_if(labels_, labels_ + t.true_size, [](float each) { return each != 0.0f; }) + 1),
        forward_(room),
        other_(forward_.from(steps_ * states_)),
        log_sums_(other_.from(2 * states_)) {}

  bool counts(std::int64_t step) const { return mask_ == nullptr || mask_[step] != 0; }
  std::int64_t states() const { return states_; }
  std::int64_t class_of(std::int64_t state) const {
    return state % 2 == 0 ? 0 : static_cast<std::int64_t>(labels_[state / 2]);
  }

  // Returns the loss. Writes for each step the logarithms of the probabilities of being in each state after it.
  double loss() {
    Doubles before = other_;  // the states before the first step
    for (std::int64_t s = 0; s < states_; ++s) before.set(s, s == 0 ? 0.0 : impossible);
    for (std::int64_t step = 0; step < steps_; ++step) {
      if (!counts(step)) continue;
      const float* const x = x_ + step * classes_;
      const double largest = *std::max_element(x, x + classes_);
      double sum = 0.0;
      for (std::int64_t c = 0; c < classes_; ++c) sum += std::exp(x[c] - largest);
      log_sums_.set(step, largest + std::log(sum));
      Doubles now = forward_.from(step * states_);
      for (std::int64_t s = 0; s < states_; ++s) {
        double reached = before[s];
        if (s > 0) reached = log_add(reached, before[s - 1]);
        if (is_label(s) && s > 1) reached = log_add(reached, before[s - 2] + skip(s));
        now.set(s, reached + log_probability(step, class_of(s)));
      }
      before = now;
    }
    log_total_ = states_ == 1 ? before[0] : log_add(before[states_ - 1], before[states_ - 2]);
    return -log_total_;
  }

  // Writes the gradient to dp (steps, classes), after loss().
  void gradient(float* dp) {
    Doubles after = other_, next = other_.from(states_);  // of what follows the step, without its own probability
    for (std::int64_t s = 0; s < states_; ++s) after.set(s, s + 2 >= states_ ? 0.0 : impossible_end);
    for (std::int64_t step = steps_ - 1; step >= 0; --step) {
      float* const g = dp + step * classes_;
      std::fill(g, g + classes_, 0.0f);
      if (!counts(step)) continue;
      const Doubles now = forward_.from(step * states_);
      for (std::int64_t c = 0; c < classes_; ++c) g[c] = static_cast<float>(std::exp(log_probability(step, c)));
      for (std::int64_t s = 0; s < states_; ++s) {
        g[class_of(s)] -= static_cast<float>(std::exp(now[s] + after[s] - log_total_));
      }
      for (std::int64_t s = 0; s < states_; ++s) {
        const auto through = [&](std::int64_t to) { return after[to] + log_probability(step, class_of(to)); };
        double reached = through(s);
        if (s + 1 < states_) reached = log_add(reached, through(s + 1));
        if (is_label(s) && s + 2 < states_) reached = log_add(reached, through(s + 2) + skip(s + 2));
        next.set(s, reached);
      }
      std::swap(after, next);
    }
  }

 private:
  // A state that is not near the end has no way there once the steps are over.
  static constexpr double impossible_end = -1e300;

  static bool is_label(std::int64_t state) { return state % 2 == 1; }
  double skip(std::int64_t state) const { return class_of(state) == class_of(state - 2) ? impossible : 0.0; }
  double log_probability(std::int64_t step, std::int64_t c) const { return x_[step * classes_ + c] - log_sums_[step]; }

  const float* labels_;
  const float* x_;
  const std::uint8_t* mask_;
  std::int64_t steps_;
  std::int64_t classes_;
  std::int64_t states_;
  Doubles forward_;   // (steps, states)
  Doubles other_;     // (2, states)
  Doubles log_sums_;  // (steps): log sum exp of the logits
  double log_total_ = 0.0;
};

}  // namespace

void CTC::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  if (y_pred.rank() != 3 || y_true.extents().rank() != 2) {
    throw InvalidInput(
        fmt::format("{}: y has shape {} and the prediction {}; {} expects (batch, labels) and (batch, steps, classes).",
                    who, y_true.extents().to_string(), y_pred.to_string(), name()));
  }
  check_finite(y_true, who, "y");
  const std::int64_t length = y_true.extents().last();
  const auto classes = static_cast<double>(y_pred.last());
  visit_data(y_true, [&](const auto* labels) {
    for (std::int64_t i = 0; i < y_true.extents().size(); ++i) {
      const auto label = static_cast<double>(labels[i]);
      if (!(label >= 0.0 && label < classes && label == std::floor(label))) {
        throw InvalidInput(fmt::format(
            "{}: y has label {} at row {}; expected whole numbers 1..{}, and 0 behind the last label of a row. The "
            "prediction has {} classes, of which 0 is the blank.",
            who, label, i / length, classes - 1.0, classes));
      }
      if (i % length > 0 && label != 0.0 && static_cast<double>(labels[i - 1]) == 0.0) {
        throw InvalidInput(fmt::format(
            "{}: y has a 0 before label {} at row {}; expected 0 only behind the last label of a row. Number the "
            "classes from 1, and pad at the end: text::pad_sequences with .padding = \"post\".",
            who, label, i / length));
      }
    }
  });
}

std::int64_t CTC::scratch_size(const Targets& t) const {
  const std::int64_t samples = t.rows / t.steps, states = 2 * t.true_size + 1;
  return 2 * samples + 2 * ((t.steps + 2) * states + t.steps);
}

double CTC::compute(const Targets& t, float* scratch, float* dp) const {
  require_weights_of_samples(t, name());
  const std::int64_t samples = t.rows / t.steps, size = t.steps * t.pred_columns;
  float* const values = scratch;
  float* const weights = scratch + samples;
  std::int64_t unmasked = 0;
  for (std::int64_t i = 0; i < samples; ++i) {
    Alignment alignment(t, i, scratch + 2 * samples);
    for (std::int64_t s = 0; s < alignment.states(); ++s) {
      if (alignment.class_of(s) >= 0 && alignment.class_of(s) < t.pred_columns) continue;
      throw InvalidInput(
          fmt::format("{}: label {} at row {}; expected 0..{}.", name(), alignment.class_of(s), i, t.pred_columns - 1));
    }
    std::int64_t first = 0;
    while (first < t.steps && !alignment.counts(first)) ++first;
    const bool any = first < t.steps;
    values[i] = static_cast<float>(alignment.loss());
    weights[i] = !any ? 0.0f : t.sample_weight != nullptr ? t.sample_weight[i * t.steps + first] : 1.0f;
    unmasked += any;
    if (dp != nullptr) alignment.gradient(dp + i * size);
  }
  return reduce(values, weights, samples, unmasked, dp, size);
}

}  // namespace xeras::losses
