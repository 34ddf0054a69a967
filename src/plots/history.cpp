#include "xeras/models/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/shown.hpp"
#include "plots/axes.hpp"
#include "plots/text.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

using namespace plots;

constexpr std::string_view of_validation = "val_";

struct Point {
  double epoch;  // from 1
  double value;
};

// Consecutive values without a gap.
using Run = std::vector<Point>;

// One curve of a history.
struct Line {
  std::string key;
  bool is_validation;
  std::vector<Run> runs;
};

// The lines of one score.
struct Panel {
  std::string name;
  bool is_logarithmic;
  std::vector<Line> lines;
};

std::string name_of_panel(const std::string& key) {
  return key.starts_with(of_validation) ? key.substr(of_validation.size()) : key;
}

std::vector<Run> runs_of(const std::vector<double>& values, const std::vector<std::int64_t>& epochs, bool logarithmic) {
  std::vector<Run> runs;
  bool continues = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    // NaN fails both comparisons.
    const bool has_place = std::abs(values[i]) <= largest_value && (!logarithmic || values[i] > 0.0);
    if (has_place && !continues) runs.emplace_back();
    if (has_place) runs.back().push_back({static_cast<double>(epochs[i]) + 1.0, values[i]});
    continues = has_place;
  }
  return runs;
}

bool is_in(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::vector<Panel> panels_of(const History& history, const HistoryPlotOptions& options) {
  for (const std::string& key : options.keys) (void)history[key];
  for (const std::string& key : options.log_scale) {
    if (key != "learning_rate") (void)history[key];  // the default; few histories have it
  }
  std::vector<Panel> panels;
  for (const std::string& key : history.names()) {
    const std::string name = name_of_panel(key);
    if (!options.keys.empty() && !is_in(options.keys, key) && !is_in(options.keys, name)) continue;
    auto panel = std::find_if(panels.begin(), panels.end(), [&](const Panel& known) { return known.name == name; });
    if (panel == panels.end()) panel = panels.insert(panel, {name, is_in(options.log_scale, name), {}});
    panel->lines.push_back({key, key != name, runs_of(history[key], history.epoch(key), panel->is_logarithmic)});
  }
  return panels;
}

// Calls f with each point of a panel.
template <class F>
void for_each_point(const Panel& panel, const F& f) {
  for (const Line& line : panel.lines) {
    for (const Run& run : line.runs) std::for_each(run.begin(), run.end(), f);
  }
}

Axis value_axis(const Panel& panel, int most_ticks) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for_each_point(panel, [&](const Point& point) {
    low = std::min(low, point.value);
    high = std::max(high, point.value);
  });
  if (low > high) return Axis::linear(0.0, 1.0, most_ticks);  // no values
  return panel.is_logarithmic ? Axis::logarithmic(low, high, most_ticks) : Axis::linear(low, high, most_ticks);
}

// Returns the points that a picture can show of a long run: the first, lowest, highest and last of each group.
Run thinned(const Run& run) {
  constexpr std::size_t most_points = 1000, groups = 250;
  if (run.size() <= most_points) return run;
  Run few;
  for (std::size_t g = 0; g < groups; ++g) {
    const auto at = [&](std::size_t i) { return run.begin() + static_cast<std::ptrdiff_t>(run.size() * i / groups); };
    const auto [low, high] =
        std::minmax_element(at(g), at(g + 1), [](const Point& a, const Point& b) { return a.value < b.value; });
    few.push_back(*at(g));
    few.push_back(*std::min(low, high));
    few.push_back(*std::max(low, high));
    few.push_back(*(at(g + 1) - 1));
  }
  return few;
}

void draw_line(Svg& svg, const Line& line, const Frame& frame, const Axis& x, const Axis& y) {
  constexpr double radius = 3.0;
  const std::string& colour = line.is_validation ? svg.theme().second : svg.theme().first;
  std::string commands;
  for (const Run& run : line.runs) {
    if (run.size() == 1) {
      svg.circle(frame.x(x, run[0].epoch), frame.y(y, run[0].value), radius, fmt::format("fill=\"{}\"", colour));
      continue;
    }
    char command = 'M';
    for (const Point& point : thinned(run)) {
      commands += fmt::format("{}{} {}", command, number(frame.x(x, point.epoch)), number(frame.y(y, point.value)));
      command = 'L';
    }
  }
  if (commands.empty()) return;
  svg.path(commands, fmt::format("fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-linejoin=\"round\"{}", colour,
                                 line.is_validation ? " stroke-dasharray=\"6 3\"" : ""));
}

void draw_panel(Svg& svg, const Panel& panel, const Frame& place, double first, double last) {
  constexpr double heading = 30.0, below = 38.0, right = 16.0, per_x_tick = 45.0, per_y_tick = 22.0, gap = 18.0;
  Frame frame{0.0, place.top + heading, 0.0, place.height - heading - below};
  const Axis y = value_axis(panel, static_cast<int>(frame.height / per_y_tick));
  const double left = width_of_labels(y) + gap;
  frame.left = place.left + left;
  frame.width = place.width - left - right;
  const Axis x = Axis::integers(first, last, static_cast<int>(frame.width / per_x_tick));
  svg.text_within(frame.width, frame.left, place.top + 18.0, panel.name, {.bold = true});
  draw_axes(svg, frame, x, y);
  svg.text(frame.left + frame.width / 2.0, frame.top + frame.height + 33.0, "epoch",
           {.anchor = Anchor::middle, .size = small_font});
  bool is_empty = true;
  for (const Line& line : panel.lines) {
    draw_line(svg, line, frame, x, y);
    is_empty = is_empty && line.runs.empty();
  }
  if (is_empty) {
    svg.text(frame.left + frame.width / 2.0, frame.top + frame.height / 2.0, "no values to draw",
             {.anchor = Anchor::middle});
  }
}

// Draws the meaning of both kinds of curves, aligned to the right.
void draw_legend(Svg& svg, double right, double baseline) {
  constexpr double sample = 26.0, gap = 6.0, between = 18.0;
  const auto draw = [&](const char* label, const std::string& colour, const char* dashes) {
    const double left = right - width_of(label, font_size);
    svg.text(left, baseline, label);
    svg.line(left - gap - sample, baseline - 4.0, left - gap, baseline - 4.0,
             fmt::format("stroke=\"{}\" stroke-width=\"2\"{}", colour, dashes));
    right = left - gap - sample - between;
  };
  draw("validation", svg.theme().second, " stroke-dasharray=\"6 3\"");
  draw("training", svg.theme().first, "");
}

std::string description_of(const std::vector<Panel>& panels) {
  std::string text;
  for (const Panel& panel : panels) {
    for (const Line& line : panel.lines) {
      if (line.runs.empty()) {
        text += fmt::format("{}: no values. ", line.key);
        continue;
      }
      const Point &first = line.runs.front().front(), &last = line.runs.back().back();
      text += fmt::format("{}: {:.4g} in epoch {:.0f}", line.key, first.value, first.epoch);
      if (last.epoch != first.epoch) text += fmt::format(", {:.4g} in epoch {:.0f}", last.value, last.epoch);
      text += ". ";
    }
  }
  text.pop_back();
  return text;
}

}  // namespace

void History::plot(const std::string& path, const HistoryPlotOptions& options) const {
  constexpr double least_width = 200.0, least_height = 150.0, usual_height = 250.0, margin = 10.0;
  check_path("plot", path);
  const Theme theme = theme_on("plot", options.background);
  if (curves_.empty()) {
    throw InvalidArgument("plot: the history has no epochs; expected at least one. Train with fit first.");
  }
  const std::vector<Panel> panels = panels_of(*this, options);
  const bool has_validation = std::any_of(panels.begin(), panels.end(), [](const Panel& panel) {
    return std::any_of(panel.lines.begin(), panel.lines.end(), [](const Line& line) { return line.is_validation; });
  });
  const double heading = (options.title.empty() && !has_validation) ? 0.0 : 26.0;

  std::size_t columns = panels.size() <= 1 ? 1 : panels.size() <= 4 ? 2 : 3;
  const double width = options.width.value_or(columns == 1 ? 480.0 : static_cast<double>(columns) * 360.0);
  check_size("plot", "width", width, least_width);
  columns = std::clamp<std::size_t>(static_cast<std::size_t>(width / least_width), 1, columns);
  const auto rows = static_cast<double>((panels.size() + columns - 1) / columns);
  const double height = options.height.value_or(heading + rows * (columns == 1 ? 1.2 : 1.0) * usual_height + margin);
  check_size("plot", "height", height, heading + rows * least_height + margin);

  const std::string title = options.title.empty() ? "Training history" : options.title;
  Svg svg(width, height, theme, title, description_of(panels));
  const double legend = 190.0;
  if (!options.title.empty()) {
    const double room = width - 2.0 * margin - (has_validation ? legend : 0.0);
    svg.text_within(room, margin, 22.0, title, {.size = title_font, .bold = true});
  }
  if (has_validation) draw_legend(svg, width - margin - 6.0, 22.0);
  const auto [first, last] = std::minmax_element(epoch_.begin(), epoch_.end());
  const double panel_width = (width - margin) / static_cast<double>(columns);
  const double panel_height = (height - heading - margin) / rows;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const Frame place{margin + static_cast<double>(i % columns) * panel_width,
                      heading + static_cast<double>(i / columns) * panel_height, panel_width, panel_height};
    draw_panel(svg, panels[i], place, static_cast<double>(*first) + 1.0, static_cast<double>(*last) + 1.0);
  }
  save(svg, path);
}

}  // namespace xeras
