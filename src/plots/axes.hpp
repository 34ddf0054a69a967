#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plots/svg.hpp"

namespace xeras::plots {

struct Tick {
  double value;
  std::string label;
};

// One axis of a plot: the range of its values, and ticks at round numbers (1, 2 or 5 times a power of 10). A range of a
// single value is widened around it.
class Axis {
 public:
  // Adds a small margin at both ends.
  static Axis linear(double low, double high, int most_ticks);
  static Axis integers(double low, double high, int most_ticks);
  // Needs positive values.
  static Axis logarithmic(double low, double high, int most_ticks);
  // Two linear axes with equal units, for two lengths in a plot; the shorter range is widened.
  static std::pair<Axis, Axis> equal(Axis x, double width, Axis y, double height);

  // Returns 0 at the low end of the axis, 1 at the high end.
  double share(double value) const;
  const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  enum class Kind { linear, integers, logarithmic };
  Axis(Kind kind, double low, double high, int most_ticks);

  Kind kind_;
  double low_, high_;  // of a logarithmic axis: the logarithms
  int most_ticks_;
  std::vector<Tick> ticks_;
};

// The rectangle of a plot, within its axes.
struct Frame {
  double left, top, width, height;
  double x(const Axis& axis, double value) const { return left + width * axis.share(value); }
  double y(const Axis& axis, double value) const { return top + height * (1.0 - axis.share(value)); }
};

// Returns the width of the widest label.
double width_of_labels(const Axis& axis);

// Draws grid lines, ticks and their labels.
void draw_axes(Svg& svg, const Frame& frame, const Axis& x, const Axis& y);

// Values of a larger size have no place on an axis, and neither have NaN and infinity.
inline constexpr double largest_value = 1e300;

}  // namespace xeras::plots
