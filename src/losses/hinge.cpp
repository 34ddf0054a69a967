#include "xeras/losses/hinge.hpp"

#include "losses/elements.hpp"

namespace xeras::losses {
namespace {

// Targets as -1 and 1: y * scale + offset.
struct Signs {
  float scale = 1.0f;
  float offset = 0.0f;
};

Signs signs_of(const Targets& targets) {
  const float* const y = targets.y_true;
  const bool is_binary =
      std::all_of(y, y + targets.rows * targets.true_columns, [](float each) { return each == 0.0f || each == 1.0f; });
  return is_binary ? Signs{2.0f, -1.0f} : Signs{};
}

}  // namespace

void Hinge::rows(const Targets& targets, float* values, float* dp) const {
  const Signs signs = signs_of(targets);
  mean_of_elements(targets, values, dp, [signs](float label, float p) {
    const float y = label * signs.scale + signs.offset, room = 1.0f - y * p;
    return Element<float>{std::max(room, 0.0f), -y * static_cast<float>(slope_of_max(room, 0.0f))};
  });
}

void SquaredHinge::rows(const Targets& targets, float* values, float* dp) const {
  const Signs signs = signs_of(targets);
  mean_of_elements(targets, values, dp, [signs](float label, float p) {
    const float y = label * signs.scale + signs.offset, room = std::max(1.0f - y * p, 0.0f);
    return Element<float>{room * room, -2.0f * y * room};
  });
}

void CategoricalHinge::rows(const Targets& targets, float* values, float* dp) const {
  each_row(targets, values, dp, [](const float* y, const float* p, std::size_t columns, float* g) {
    double right = 0.0;
    float wrong = 0.0f;
    std::size_t ties = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      const float other = (1.0f - y[c]) * p[c];
      right += double{y[c]} * p[c];
      if (ties == 0 || !(other <= wrong)) wrong = other, ties = 0;
      if (other == wrong) ++ties;
    }
    const auto room = static_cast<float>(wrong - right + 1.0);
    const double slope = slope_of_max(room, 0.0f);
    for (std::size_t c = 0; g != nullptr && c < columns; ++c) {
      const double share = (1.0f - y[c]) * p[c] == wrong ? 1.0 / static_cast<double>(ties) : 0.0;
      g[c] = static_cast<float>(slope * (share * (1.0 - y[c]) - y[c]));
    }
    return std::max(room, 0.0f);
  });
}

}  // namespace xeras::losses
