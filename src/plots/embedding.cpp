#include "xeras/plots/embedding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/shown.hpp"
#include "plots/axes.hpp"
#include "plots/principal_components.hpp"
#include "plots/text.hpp"
#include "xeras/core/error.hpp"

namespace xeras::plots {
namespace {

constexpr double radius = 2.5;

struct Place {
  double x, y;
};

struct Rectangle {
  double left, top, right, bottom;
};

// The parts of a plot that labels and dots cover, on a grid of small squares.
class Covered {
 public:
  explicit Covered(const Frame& frame)
      : frame_(frame),
        columns_(static_cast<std::ptrdiff_t>(frame.width / square) + 1),
        rows_(static_cast<std::ptrdiff_t>(frame.height / square) + 1),
        squares_(static_cast<std::size_t>(columns_ * rows_)) {}

  // True when the area lies within the plot and covers nothing.
  bool is_free(const Rectangle& area) const {
    bool is_free = area.left >= frame_.left && area.top >= frame_.top && area.right <= frame_.left + frame_.width &&
                   area.bottom <= frame_.top + frame_.height;
    visit(area, [&](std::size_t place) { is_free = is_free && squares_[place] == 0; });
    return is_free;
  }
  void cover(const Rectangle& area) {
    visit(area, [&](std::size_t place) { squares_[place] = 1; });
  }

 private:
  static constexpr double square = 2.0;

  template <class F>
  void visit(const Rectangle& area, const F& f) const {
    const auto column = [&](double x) {
      return std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>((x - frame_.left) / square), 0, columns_ - 1);
    };
    const auto row = [&](double y) {
      return std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>((y - frame_.top) / square), 0, rows_ - 1);
    };
    for (std::ptrdiff_t r = row(area.top); r <= row(area.bottom); ++r) {
      for (std::ptrdiff_t c = column(area.left); c <= column(area.right); ++c) {
        f(static_cast<std::size_t>(r * columns_ + c));
      }
    }
  }

  Frame frame_;
  std::ptrdiff_t columns_, rows_;
  std::vector<char> squares_;
};

std::vector<double> rows_of(const Input& table, std::int64_t rows) {
  const std::int64_t columns = table.extents()[1];
  std::vector<float> floats(static_cast<std::size_t>(rows * columns));
  table.copy_floats(0, rows * columns, floats.data());
  for (std::size_t i = 0; i < floats.size(); ++i) {
    if (std::isfinite(floats[i])) continue;
    throw InvalidInput(fmt::format("embedding: the table has {} in row {}; expected finite numbers.", floats[i],
                                   i / static_cast<std::size_t>(columns)));
  }
  return {floats.begin(), floats.end()};
}

void check(const Input& table, const std::vector<std::string>& words, const EmbeddingOptions& options) {
  check_size("embedding", "width", options.width, 200.0);
  check_size("embedding", "height", options.height, 200.0);
  if (options.max_words < 1) {
    throw InvalidArgument(
        fmt::format("embedding: max_words is {}; expected a positive number.", std::int64_t{options.max_words}));
  }
  if (table.is_text() || table.extents().rank() != 2 || table.extents()[1] == 0) {
    throw InvalidInput(fmt::format("embedding: the table {}; expected shape (words, dimensions).",
                                   table.is_text() ? "has texts" : "has shape " + table.extents().to_string()));
  }
  if (table.length() != static_cast<std::int64_t>(words.size())) {
    throw InvalidInput(fmt::format(
        "embedding: the table has {} rows and there are {} words; expected a word for each row. Select the rows of the "
        "words first.",
        table.length(), words.size()));
  }
  if (words.empty()) throw InvalidInput("embedding: the table has no rows; expected at least one word.");
}

Axis axis_over(const std::vector<std::array<double, 2>>& places, std::size_t component, double length) {
  const auto [low, high] = std::minmax_element(
      places.begin(), places.end(), [&](const auto& a, const auto& b) { return a[component] < b[component]; });
  constexpr double per_tick = 55.0;
  return Axis::linear((*low)[component], (*high)[component], static_cast<int>(length / per_tick));
}

// Returns the places of a label around its dot, the best one first: the start of its baseline.
std::array<Place, 8> places_around(const Place& dot, double width) {
  constexpr double beside = radius + 2.5, middle = 3.8, above = radius + 3.0, below = radius + 10.0, near = 3.0;
  const double left = dot.x - beside - width, centred = dot.x - width / 2.0;
  return {{{dot.x + beside, dot.y + middle},
           {left, dot.y + middle},
           {centred, dot.y - above},
           {centred, dot.y + below},
           {dot.x + near, dot.y - above},
           {dot.x + near, dot.y + below},
           {dot.x - near - width, dot.y - above},
           {dot.x - near - width, dot.y + below}}};
}

// Draws the dots, and the labels that have room: earlier words first.
void draw_words(Svg& svg, const std::vector<Place>& dots, const std::vector<std::string>& words, const Frame& frame) {
  constexpr double longest_word = 160.0, ascent = 9.0, descent = 2.5;
  Covered covered(frame);
  for (const Place& dot : dots) covered.cover({dot.x - radius, dot.y - radius, dot.x + radius, dot.y + radius});
  std::vector<std::string> drawn(dots.size());
  std::vector<Place> starts(dots.size());
  for (std::size_t i = 0; i < dots.size(); ++i) {
    const std::string label = shortened(words[i], small_font, longest_word);
    const double width = width_of(label, small_font);
    for (const Place& start : places_around(dots[i], width)) {
      const Rectangle area{start.x, start.y - ascent, start.x + width, start.y + descent};
      if (!covered.is_free(area)) continue;
      covered.cover(area);
      drawn[i] = label;
      starts[i] = start;
      break;
    }
  }
  svg.open(fmt::format("fill=\"{}\"", svg.theme().first));
  for (std::size_t i = 0; i < dots.size(); ++i) {
    svg.circle(dots[i].x, dots[i].y, radius, {}, drawn[i] == words[i] ? std::string_view() : words[i]);
  }
  svg.close();
  svg.open(fmt::format("font-size=\"{}\"", number(small_font)));
  for (std::size_t i = 0; i < dots.size(); ++i) {
    if (!drawn[i].empty()) svg.text(starts[i].x, starts[i].y, drawn[i]);
  }
  svg.close();
}

}  // namespace

void embedding(const std::string& path, const Input& table, const std::vector<std::string>& words,
               const EmbeddingOptions& options) {
  check_path("embedding", path);
  const Theme theme = theme_on("embedding", options.background);
  check(table, words, options);
  const std::int64_t rows = std::min<std::int64_t>(options.max_words, table.length());
  const auto count = static_cast<std::size_t>(rows), columns = static_cast<std::size_t>(table.extents()[1]);
  const PrincipalComponents components = principal_components(rows_of(table, rows), count, columns);

  constexpr double margin = 12.0, below = 42.0, beside = 64.0;
  const double heading = options.title.empty() ? margin : 36.0;
  const Frame frame{beside, heading, options.width - beside - margin, options.height - heading - below};
  const auto [x, y] = Axis::equal(axis_over(components.places, 0, frame.width), frame.width,
                                  axis_over(components.places, 1, frame.height), frame.height);
  std::vector<Place> dots;
  for (const auto& place : components.places) dots.push_back({frame.x(x, place[0]), frame.y(y, place[1])});

  const auto name_of = [&](int component) {
    return fmt::format("component {} ({:.1f} % of the variance)", component + 1,
                       100.0 * components.shares[static_cast<std::size_t>(component)]);
  };
  Svg svg(options.width, options.height, theme, options.title.empty() ? "Word vectors" : options.title,
          fmt::format("The vectors of {} words by {} and {}.", count, name_of(0), name_of(1)));
  if (!options.title.empty()) {
    svg.text_within(frame.width, frame.left, 22.0, options.title, {.size = title_font, .bold = true});
  }
  draw_axes(svg, frame, x, y);
  svg.text(frame.left + frame.width / 2.0, options.height - 7.0, name_of(0),
           {.anchor = Anchor::middle, .size = small_font});
  svg.text(14.0, frame.top + frame.height / 2.0, name_of(1),
           {.anchor = Anchor::middle, .size = small_font, .turned = -90.0});
  draw_words(svg, dots, words, frame);
  save(svg, path);
}

}  // namespace xeras::plots
