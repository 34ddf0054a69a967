#include "plots/axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plots/text.hpp"

namespace xeras::plots {
namespace {

// Returns the smallest 1, 2 or 5 times a power of 10 that divides the range into at most so many steps.
double nice_step(double range, int most) {
  const double exact = range / std::max(most, 1);
  const double power = std::pow(10.0, std::floor(std::log10(exact)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= exact * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

// 1.50e-07 -> 1.5e-7
std::string short_exponent(std::string text) {
  const std::size_t e = text.find('e');
  if (e == text.npos) return text;
  std::string exponent = text.substr(e + 1);
  const bool is_negative = exponent[0] == '-';
  exponent.erase(0, std::min(exponent.find_first_not_of("+-0"), exponent.size()));
  std::string digits = text.substr(0, e);
  if (digits.find('.') != digits.npos) digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits + (exponent.empty() ? "" : (is_negative ? "e-" : "e") + exponent);
}

// Labels multiples of a step, all with the same decimals.
std::string label_of(double value, double step, double largest) {
  const int last_digit = static_cast<int>(std::floor(std::log10(step) + 1e-9));
  if (value == 0.0 && (largest >= 1e6 || last_digit < -4)) return "0";
  if (largest < 1e6 && (last_digit >= -4 || largest >= 1.0)) {
    return fmt::format("{:.{}f}", value, std::max(-last_digit, 0));
  }
  const int first_digit = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
  return short_exponent(fmt::format("{:.{}e}", value, std::clamp(first_digit - last_digit, 0, 15)));
}

std::vector<Tick> linear_ticks(double low, double high, double step) {
  std::vector<Tick> ticks;
  const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
  const double largest = std::max(std::abs(first), std::abs(last)) * step;
  // The count guards against a step that rounding makes too small.
  constexpr double most = 1000.0;
  for (double i = 0.0; i <= std::min(last - first, most); ++i) {
    const double value = (first + i) * step;
    ticks.push_back({value, label_of(value, step, largest)});
  }
  return ticks;
}

std::string log_label(double value) {
  if (value >= 1e-3 && value < 1e5) return fmt::format("{:.6g}", value);
  return short_exponent(fmt::format("{:.0e}", value));
}

// Ticks at powers of 10, at 1, 2 and 5 times them where that leaves room, or at equal steps in less than a decade.
std::vector<Tick> log_ticks(double low, double high, int most) {
  std::vector<Tick> ticks;
  const auto add = [&](double power, double factor) {
    const double place = power + std::log10(factor), value = factor * std::pow(10.0, power);
    const bool has_place = place >= low - 1e-9 && place <= high + 1e-9 && value > 0.0 && std::isfinite(value);
    if (has_place) ticks.push_back({value, log_label(value)});
  };
  const bool is_short = 3.0 * (high - low) <= 1.5 * most;
  const double stride = std::max(1.0, std::ceil((high - low) / std::max(most, 1)));
  for (double power = std::floor(low); power <= high; power += is_short ? 1.0 : stride) {
    add(power, 1.0);
    if (is_short) add(power, 2.0), add(power, 5.0);
  }
  constexpr std::size_t few = 3;
  if (ticks.size() >= few) return ticks;
  const double first = std::pow(10.0, low), last = std::pow(10.0, high);
  return linear_ticks(first, last, nice_step(last - first, most));
}

}  // namespace

Axis Axis::linear(double low, double high, int most_ticks) {
  constexpr double margin = 0.05, least_range = 1e-9;
  const double size = std::max(std::abs(low), std::abs(high));
  if (high - low <= least_range * size || size < 1e-300) {
    const double half = size < 1e-300 ? 1.0 : 0.1 * size;
    return {Kind::linear, low - half, high + half, most_ticks};
  }
  const double extra = margin * (high - low);
  return {Kind::linear, low - extra, high + extra, most_ticks};
}

Axis Axis::integers(double low, double high, int most_ticks) {
  if (low == high) return {Kind::integers, low - 0.5, high + 0.5, most_ticks};
  return {Kind::integers, low, high, most_ticks};
}

Axis Axis::logarithmic(double low, double high, int most_ticks) {
  constexpr double margin = 0.05, least_range = 0.5;
  const double first = std::log10(low), last = std::log10(high);
  const double extra = std::max(margin * (last - first), (least_range - (last - first)) / 2.0);
  return {Kind::logarithmic, first - extra, last + extra, most_ticks};
}

std::pair<Axis, Axis> Axis::equal(Axis x, double width, Axis y, double height) {
  const double unit = std::max((x.high_ - x.low_) / width, (y.high_ - y.low_) / height);
  const auto widened = [&](const Axis& axis, double length) {
    const double middle = (axis.low_ + axis.high_) / 2.0;
    return Axis(Kind::linear, middle - unit * length / 2.0, middle + unit * length / 2.0, axis.most_ticks_);
  };
  return {widened(x, width), widened(y, height)};
}

Axis::Axis(Kind kind, double low, double high, int most_ticks)
    : kind_(kind), low_(low), high_(high), most_ticks_(most_ticks) {
  if (kind == Kind::logarithmic) {
    ticks_ = log_ticks(low, high, most_ticks);
  } else {
    const double step = nice_step(high - low, most_ticks);
    ticks_ = linear_ticks(low, high, kind == Kind::integers ? std::max(step, 1.0) : step);
  }
}

double Axis::share(double value) const {
  const double place = kind_ == Kind::logarithmic ? std::log10(value) : value;
  return (place - low_) / (high_ - low_);
}

double width_of_labels(const Axis& axis) {
  double widest = 0.0;
  for (const Tick& tick : axis.ticks()) widest = std::max(widest, width_of(tick.label, small_font));
  return widest;
}

void draw_axes(Svg& svg, const Frame& frame, const Axis& x, const Axis& y) {
  constexpr double tick_length = 4.0, gap = 7.0, ascent = 4.0, below = 17.0;
  const double right = frame.left + frame.width, bottom = frame.top + frame.height;
  std::string grid,
      ticks = fmt::format("M{0} {1}V{2}H{3}", number(frame.left), number(frame.top), number(bottom), number(right));
  for (const Tick& tick : x.ticks()) {
    const std::string place = number(frame.x(x, tick.value));
    grid += fmt::format("M{} {}V{}", place, number(frame.top), number(bottom));
    ticks += fmt::format("M{} {}v{}", place, number(bottom), number(tick_length));
  }
  for (const Tick& tick : y.ticks()) {
    const std::string place = number(frame.y(y, tick.value));
    grid += fmt::format("M{} {}H{}", number(frame.left), place, number(right));
    ticks += fmt::format("M{} {}h{}", number(frame.left), place, number(-tick_length));
  }
  svg.open(fmt::format("fill=\"none\" stroke=\"{}\"", svg.theme().ink));
  if (!grid.empty()) svg.path(grid, "stroke-opacity=\".2\"");
  svg.path(ticks);
  svg.close();
  for (const Tick& tick : x.ticks()) {
    svg.text(frame.x(x, tick.value), bottom + below, tick.label, {.anchor = Anchor::middle, .size = small_font});
  }
  for (const Tick& tick : y.ticks()) {
    svg.text(frame.left - gap, frame.y(y, tick.value) + ascent, tick.label,
             {.anchor = Anchor::end, .size = small_font});
  }
}

}  // namespace xeras::plots
