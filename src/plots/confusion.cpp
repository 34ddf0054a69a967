#include "xeras/plots/confusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

#include "core/input_visit.hpp"
#include "plots/svg.hpp"
#include "plots/text.hpp"
#include "xeras/core/error.hpp"

namespace xeras::plots {
namespace {

constexpr std::int64_t most_classes = 100;

// The classes of samples, and how many classes their array has at least.
struct Classes {
  std::vector<std::int64_t> ids;
  std::int64_t count = 0;
};

[[noreturn]] void throw_invalid(const std::string& message) { throw InvalidInput("confusion: " + message); }

// Calls f(value of an element, row, column).
template <class F>
void for_each(const Input& input, std::int64_t columns, const F& f) {
  visit_data(input, [&](const auto* values) {
    for (std::int64_t i = 0; i < input.extents().size(); ++i) f(values[i], i / columns, i % columns);
  });
}

Classes from_rows(const char* name, const Input& input) {
  const std::int64_t columns = input.extents()[1];
  Classes classes{std::vector<std::int64_t>(static_cast<std::size_t>(input.length())), columns};
  double largest = 0.0;
  for_each(input, columns, [&](auto value, std::int64_t row, std::int64_t column) {
    const auto number = static_cast<double>(value);
    if (std::isnan(number)) {
      throw_invalid(fmt::format("{} is NaN at row {}, column {}; expected numbers. Look for the reason in the model.",
                                name, row, column));
    }
    if (column > 0 && number <= largest) return;
    largest = number;
    classes.ids[static_cast<std::size_t>(row)] = column;
  });
  return classes;
}

Classes from_probabilities(const Input& input) {
  Classes classes{{}, 2};
  for_each(input, 1, [&](auto value, std::int64_t row, std::int64_t) {
    const auto number = static_cast<double>(value);
    if (!(number >= 0.0 && number <= 1.0)) {
      throw_invalid(fmt::format(
          "y_pred is {} at row {}; expected probabilities of class 1, from 0 to 1. Give classes as integers.", number,
          row));
    }
    classes.ids.push_back(number > 0.5 ? 1 : 0);
  });
  return classes;
}

Classes from_ids(const char* name, const Input& input, std::int64_t known) {
  Classes classes;
  for_each(input, 1, [&](auto value, std::int64_t row, std::int64_t) {
    const auto number = static_cast<double>(value);
    if (!(number >= 0.0 && number < static_cast<double>(known)) || number != std::floor(number)) {
      throw_invalid(fmt::format(
          "{} is {} at row {}; expected a class from 0 to {}. {}", name, number, row, known - 1,
          known == most_classes ? "Pictures have room for 100 classes." : "Give as many labels as there are classes."));
    }
    classes.ids.push_back(static_cast<std::int64_t>(number));
    classes.count = std::max(classes.count, classes.ids.back() + 1);
  });
  return classes;
}

// `known` is the number of labels, or the largest number of classes.
Classes classes_in(const char* name, const Input& input, std::int64_t known, bool floats_are_probabilities) {
  const std::size_t rank = input.extents().rank();
  if (rank < 1 || rank > 2 || input.is_text()) {
    throw_invalid(fmt::format("{} {}; expected classes (samples), or a row for each sample.", name,
                              input.is_text() ? "has texts" : "has shape " + input.extents().to_string()));
  }
  if (rank == 1 || input.extents()[1] == 1) {
    return floats_are_probabilities && input.is_floating() ? from_probabilities(input) : from_ids(name, input, known);
  }
  if (input.extents()[1] == 0 || input.extents()[1] > known) {
    throw_invalid(
        fmt::format("{} has shape {}; expected rows of 1 to {} classes.", name, input.extents().to_string(), known));
  }
  return from_rows(name, input);
}

// The numbers of samples by true class and predicted class.
struct Counts {
  std::size_t classes = 0;
  std::vector<std::int64_t> cells;
  std::vector<std::int64_t> rows;
  std::int64_t samples = 0, correct = 0;

  std::int64_t cell(std::size_t truth, std::size_t predicted) const { return cells[truth * classes + predicted]; }
  // The share of a cell in its row; 0 in an empty row.
  double share(std::size_t truth, std::size_t predicted) const {
    return rows[truth] == 0 ? 0.0 : static_cast<double>(cell(truth, predicted)) / static_cast<double>(rows[truth]);
  }
};

Counts count(const Input& y_true, const Input& y_pred, std::size_t label_count) {
  if (label_count > static_cast<std::size_t>(most_classes)) {
    throw InvalidArgument(fmt::format("confusion: labels has {} names; expected at most {}. Group the classes.",
                                      label_count, most_classes));
  }
  const std::int64_t known = label_count == 0 ? most_classes : static_cast<std::int64_t>(label_count);
  const Classes truth = classes_in("y_true", y_true, known, false);
  const Classes predicted = classes_in("y_pred", y_pred, known, true);
  if (truth.ids.size() != predicted.ids.size()) {
    throw_invalid(fmt::format("y_true has {} samples and y_pred has {}; expected equally many.", truth.ids.size(),
                              predicted.ids.size()));
  }
  if (truth.ids.empty()) throw_invalid("y_true has no samples; expected at least one.");
  Counts counts;
  counts.classes = label_count == 0 ? static_cast<std::size_t>(std::max(truth.count, predicted.count)) : label_count;
  counts.cells.resize(counts.classes * counts.classes);
  counts.rows.resize(counts.classes);
  for (std::size_t i = 0; i < truth.ids.size(); ++i) {
    const auto t = static_cast<std::size_t>(truth.ids[i]), p = static_cast<std::size_t>(predicted.ids[i]);
    if (p >= counts.classes) {  // of two probabilities, with one label
      throw_invalid(
          fmt::format("y_pred is class {} at row {}; expected a class from 0 to {}. Give as many labels as "
                      "there are classes.",
                      p, i, counts.classes - 1));
    }
    ++counts.cells[t * counts.classes + p];
    ++counts.rows[t];
    ++counts.samples;
    counts.correct += t == p ? 1 : 0;
  }
  return counts;
}

struct Colour {
  int red, green, blue;
  std::string hex() const { return fmt::format("#{:02x}{:02x}{:02x}", red, green, blue); }
  // Black or white, which has more contrast on this colour.
  std::string_view ink() const { return luminance(red, green, blue) > 0.179 ? "#000" : "#fff"; }
};

// Returns a colour from near white to dark blue for a share from 0 to 1, in steps of 2 %.
Colour colour_of(double share) {
  constexpr std::array<Colour, 4> stops{{{247, 251, 255}, {158, 202, 225}, {49, 130, 189}, {8, 48, 107}}};
  constexpr double steps = 50.0;
  const double place = std::round(share * steps) / steps * (stops.size() - 1);
  const std::size_t below = std::min(static_cast<std::size_t>(place), stops.size() - 2);
  const double rest = place - static_cast<double>(below);
  const auto mix = [&](int Colour::*part) {
    return static_cast<int>(std::lround(stops[below].*part * (1.0 - rest) + stops[below + 1].*part * rest));
  };
  return {mix(&Colour::red), mix(&Colour::green), mix(&Colour::blue)};
}

// The sizes of a picture, which follow from the number of classes and their labels.
struct Layout {
  double cell, label_size;
  double left, top;           // of the cells
  double across, below;       // room for the labels of rows and of columns
  bool turned;                // labels of columns are vertical
  double bar, width, height;  // bar: the left edge of the scale of colours
};

constexpr double longest_label = 140.0, longest_title = 560.0, margin = 12.0, name_height = 22.0, bar_width = 14.0;

Layout layout_of(std::size_t classes, const std::vector<std::string>& labels, const std::string& title) {
  Layout layout{};
  const auto count = static_cast<double>(classes);
  layout.cell = std::clamp(std::floor(480.0 / count), 12.0, 64.0);
  layout.label_size = layout.cell >= 16.0 ? small_font : 9.0;
  double widest = 0.0;
  for (const std::string& label : labels) widest = std::max(widest, width_of(label, layout.label_size));
  widest = std::min(widest, longest_label);
  layout.turned = widest > layout.cell - 4.0;
  layout.across = widest + 8.0;
  layout.below = layout.turned ? widest + 10.0 : 20.0;
  layout.left = std::ceil(margin + name_height + layout.across);
  layout.top = margin + (title.empty() ? 0.0 : 26.0);
  const double side = layout.cell * count;
  layout.bar = layout.left + side + 18.0;
  layout.width = std::max(layout.bar + bar_width + 46.0,
                          std::min(width_of(title, 1.1 * title_font), longest_title) + 2.0 * margin);
  layout.height = layout.top + std::max(side, 64.0) + layout.below + name_height + margin;
  return layout;
}

std::string percent(double share) { return fmt::format("{:.0f} %", 100.0 * share); }

// A cell with its place in the picture.
struct Cell {
  std::size_t truth, predicted;
  double x, y;
  Colour colour;
};

// Calls f with each cell that differs from the ground. Small matrices draw all their cells.
template <class F>
void for_each_cell(const Counts& counts, const Layout& layout, const F& f) {
  constexpr std::size_t all_up_to = 10;
  for (std::size_t t = 0; t < counts.classes; ++t) {
    for (std::size_t p = 0; p < counts.classes; ++p) {
      if (counts.cell(t, p) == 0 && counts.classes > all_up_to) continue;
      f(Cell{t, p, layout.left + layout.cell * static_cast<double>(p),
             layout.top + layout.cell * static_cast<double>(t), colour_of(counts.share(t, p))});
    }
  }
}

// Draws each cell with a title for a pointer over it.
void draw_titled_cells(Svg& svg, const Counts& counts, const std::vector<std::string>& labels, const Layout& layout) {
  for_each_cell(counts, layout, [&](const Cell& cell) {
    const std::size_t t = cell.truth, p = cell.predicted;
    svg.rect(cell.x, cell.y, layout.cell, layout.cell, fmt::format("fill=\"{}\"", cell.colour.hex()),
             fmt::format("true {}, predicted {}: {} of {} ({})", labels[t], labels[p], counts.cell(t, p),
                         counts.rows[t], percent(counts.share(t, p))));
  });
}

// Draws all cells of a colour at once, neighbours as one, which keeps the pictures of many classes small.
void draw_plain_cells(Svg& svg, const Counts& counts, const Layout& layout) {
  std::map<std::string, std::string> by_colour;
  for (std::size_t t = 0; t < counts.classes; ++t) {
    for (std::size_t p = 0, end = 0; p < counts.classes; p = end) {
      const std::string colour = colour_of(counts.share(t, p)).hex();
      for (end = p + 1; end < counts.classes && colour_of(counts.share(t, end)).hex() == colour;) ++end;
      const std::string width = number(layout.cell * static_cast<double>(end - p));
      by_colour[colour] +=
          fmt::format("M{} {}h{}v{}h-{}z", number(layout.left + layout.cell * static_cast<double>(p)),
                      number(layout.top + layout.cell * static_cast<double>(t)), width, number(layout.cell), width);
    }
  }
  by_colour.erase(colour_of(0.0).hex());  // looks like the ground
  for (const auto& [colour, commands] : by_colour) svg.path(commands, fmt::format("fill=\"{}\"", colour));
}

void draw_numbers(Svg& svg, const Counts& counts, const Layout& layout, bool normalize) {
  constexpr double least_size = 6.0;
  constexpr std::size_t most_classes_with_numbers = 30;
  if (counts.classes > most_classes_with_numbers) return;
  const auto text_of = [&](const Cell& cell) {
    return normalize ? fmt::format("{:.2f}", counts.share(cell.truth, cell.predicted))
                     : std::to_string(counts.cell(cell.truth, cell.predicted));
  };
  double size = font_size;
  for_each_cell(counts, layout,
                [&](const Cell& cell) { size = std::min(size, (layout.cell - 3.0) / width_of(text_of(cell), 1.0)); });
  if (size < least_size) return;
  // The titles of the cells below remain in reach of a pointer.
  for (const char* const ink : {"#000", "#fff"}) {
    svg.open(
        fmt::format("fill=\"{}\" font-size=\"{}\" text-anchor=\"middle\" pointer-events=\"none\"", ink, number(size)));
    for_each_cell(counts, layout, [&](const Cell& cell) {
      if (cell.colour.ink() != ink) return;
      svg.text(cell.x + layout.cell / 2.0, cell.y + layout.cell / 2.0 + 0.36 * size, text_of(cell));
    });
    svg.close();
  }
}

void draw_cells(Svg& svg, const Counts& counts, const std::vector<std::string>& labels, const Layout& layout,
                bool normalize) {
  constexpr std::size_t titled_up_to = 15;
  const double side = layout.cell * static_cast<double>(counts.classes);
  svg.rect(layout.left, layout.top, side, side, fmt::format("fill=\"{}\"", colour_of(0.0).hex()));
  if (counts.classes <= titled_up_to) {
    draw_titled_cells(svg, counts, labels, layout);
  } else {
    draw_plain_cells(svg, counts, layout);
  }
  draw_numbers(svg, counts, layout, normalize);
  svg.rect(layout.left, layout.top, side, side, fmt::format("fill=\"none\" stroke=\"{}\"", svg.theme().ink));
}

void draw_labels(Svg& svg, const std::vector<std::string>& labels, const Layout& layout) {
  const double side = layout.cell * static_cast<double>(labels.size());
  const double half = layout.cell / 2.0, baseline = 0.36 * layout.label_size;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double middle = layout.cell * static_cast<double>(i) + half;
    svg.text_within(layout.across - 8.0, layout.left - 6.0, layout.top + middle + baseline, labels[i],
                    {.anchor = Anchor::end, .size = layout.label_size});
    if (layout.turned) {
      svg.text_within(layout.below - 10.0, layout.left + middle + baseline, layout.top + side + 6.0, labels[i],
                      {.anchor = Anchor::end, .size = layout.label_size, .turned = -90.0});
    } else {
      svg.text_within(layout.cell, layout.left + middle, layout.top + side + 15.0, labels[i],
                      {.anchor = Anchor::middle, .size = layout.label_size});
    }
  }
  const double middle = layout.top + side / 2.0;
  svg.text(margin + 12.0, middle, "True class", {.anchor = Anchor::middle, .bold = true, .turned = -90.0});
  svg.text(layout.left + side / 2.0, layout.top + side + layout.below + 14.0, "Predicted class",
           {.anchor = Anchor::middle, .bold = true});
}

// Draws the scale of colours: shares of a true class.
void draw_scale(Svg& svg, const Layout& layout, double side) {
  constexpr int steps = 20;
  const double height = std::max(side, 64.0) / steps;
  for (int i = 0; i < steps; ++i) {
    const double share = 1.0 - (i + 0.5) / steps;
    svg.rect(layout.bar, layout.top + height * i, bar_width, height + 0.3,
             fmt::format("fill=\"{}\"", colour_of(share).hex()));
  }
  for (const double share : {0.0, 0.5, 1.0}) {
    const double y = layout.top + height * steps * (1.0 - share);
    svg.text(layout.bar + bar_width + 5.0, std::max(y + 4.0 * (2.0 * share - 1.0) + 4.0 * share, layout.top + 8.0),
             percent(share), {.size = small_font});
  }
}

}  // namespace

void confusion(const std::string& path, const Input& y_true, const Input& y_pred,
               const std::vector<std::string>& labels, const ConfusionOptions& options) {
  check_path("confusion", path);
  const Theme theme = theme_on("confusion", options.background);
  const Counts counts = count(y_true, y_pred, labels.size());
  std::vector<std::string> names = labels;
  for (std::size_t i = names.size(); i < counts.classes; ++i) names.push_back(std::to_string(i));

  const Layout layout = layout_of(counts.classes, names, options.title);
  const double accuracy = static_cast<double>(counts.correct) / static_cast<double>(counts.samples);
  Svg svg(
      layout.width, layout.height, theme, options.title.empty() ? "Confusion matrix" : options.title,
      fmt::format("{} samples of {} classes, of which {} ({:.1f} %) are predicted correctly. Rows are true classes, "
                  "columns predicted ones.",
                  counts.samples, counts.classes, counts.correct, 100.0 * accuracy));
  if (!options.title.empty()) {
    svg.text_within(layout.width - 2.0 * margin, margin, margin + 10.0, options.title,
                    {.size = title_font, .bold = true});
  }
  draw_cells(svg, counts, names, layout, options.normalize);
  draw_labels(svg, names, layout);
  draw_scale(svg, layout, layout.cell * static_cast<double>(counts.classes));
  save(svg, path);
}

}  // namespace xeras::plots
