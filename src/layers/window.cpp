#include "layers/window.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/checked.hpp"
#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {

// Products of two smaller numbers fit into 64 bits.
constexpr std::int64_t too_large = std::int64_t{1} << 31;

std::int64_t Window::steps_out(std::int64_t steps) const {
  const std::int64_t places = padding == "valid" ? steps - span() + 1 : steps;
  return (places + stride - 1) / stride;
}

std::int64_t Window::before(std::int64_t steps) const {
  if (padding == "causal") return span() - 1;
  if (padding == "valid" || steps == 0) return 0;
  return std::max<std::int64_t>((steps_out(steps) - 1) * stride + span() - steps, 0) / 2;
}

Spec Window::output(const Spec& input, Dim features, const Builder& builder) const {
  const Dim steps = input.shape[1];
  if (steps.known() && !fits(steps.size())) {
    throw ShapeError(too_short(builder.who(), "input is " + input.shape.to_string()));
  }
  return {{input.shape[0], steps.known() ? Dim(steps_out(steps.size())) : Dim::output_axis(1), features}};
}

std::string Window::too_short(const std::string& who, const std::string& came) const {
  const std::string dilated = dilation == 1 ? "" : fmt::format(" with dilation_rate {}", dilation);
  return fmt::format(
      "{}: {}; expected {} steps or more for {} {}{}. Pad the sequences, make {} smaller, or set padding = \"same\".",
      who, came, span(), size_name, size, dilated, size_name);
}

void check_positive(const std::string& who, const char* option, std::int64_t value, const char* meaning) {
  if (value > 0 && value < too_large) return;
  throw InvalidArgument(
      fmt::format("{}: {} is {}; expected a positive integer below 2^31. It is {}.", who, option, value, meaning));
}

void check_at_least_0(const std::string& who, const char* option, double value) {
  if (value >= 0.0 && is_finite_float(value)) return;
  throw InvalidArgument(fmt::format("{}: {} is {}; expected a finite number >= 0.", who, option, value));
}

void check_ends(const std::string& who, const char* option, const BothEnds& ends) {
  const auto fits = [](std::int64_t steps) { return steps >= 0 && steps < too_large; };
  if (fits(ends.before()) && fits(ends.after())) return;
  throw InvalidArgument(
      fmt::format("{}: {} is ({}, {}); expected integers from 0 to below 2^31. They are numbers of steps before the "
                  "first and after the last.",
                  who, option, ends.before(), ends.after()));
}

void check_padding(const std::string& who, const std::string& padding, std::span<const char* const> known) {
  if (std::find(known.begin(), known.end(), padding) != known.end()) return;
  throw InvalidArgument(fmt::format("{}: {}", who, unknown_name("padding", padding, {known.begin(), known.end()})));
}

void check_data_format(const std::string& who, const std::optional<std::string>& data_format) {
  if (!data_format || *data_format == "channels_last") return;
  throw InvalidArgument(
      fmt::format("{}: data_format is \"{}\"; expected \"channels_last\", (batch, time, features). Put the features "
                  "last, with Permute({{2, 1}}).",
                  who, shown(*data_format)));
}

}  // namespace xeras::layers
