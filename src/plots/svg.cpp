#include "plots/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

#include "core/shown.hpp"
#include "io/atomic_file.hpp"
#include "io/file_errors.hpp"
#include "plots/text.hpp"
#include "xeras/core/error.hpp"

namespace xeras::plots {
namespace {

// Returns "#rrggbb" for "#rgb"; other text unchanged.
std::string in_six_digits(const std::string& colour) {
  if (colour == "white") return "#ffffff";
  if (colour == "black") return "#000000";
  if (colour.size() != 4) return colour;
  return {'#', colour[1], colour[1], colour[2], colour[2], colour[3], colour[3]};
}

// Returns a title for a pointer over an element, cut where a name is extremely long.
std::string hover(std::string_view title) {
  constexpr std::size_t longest = 1000;
  return fmt::format("<title>{}</title>", escaped(shown(title, longest)));
}

}  // namespace

Theme theme_on(const std::string& who, const std::string& background) {
  if (background.empty()) return {"", "#767676", "#0072b2", "#d55e00"};
  const std::string colour = in_six_digits(background);
  if (colour.size() != 7 || colour[0] != '#' || colour.find_first_not_of("0123456789abcdefABCDEF", 1) != colour.npos) {
    throw InvalidArgument(fmt::format(
        "{}: background is \"{}\"; expected \"white\", \"black\" or a colour such as \"#f5f5f5\". Leave it empty for a "
        "transparent one.",
        who, shown(background)));
  }
  const auto part = [&](std::size_t at) { return std::stoi(colour.substr(at, 2), nullptr, 16); };
  // Black and white have equal contrast to a colour of this luminance.
  constexpr double between = 0.179;
  if (luminance(part(1), part(3), part(5)) > between) return {colour, "#333333", "#0072b2", "#d55e00"};
  return {colour, "#dddddd", "#56b4e9", "#e69f00"};
}

double luminance(int red, int green, int blue) {
  const auto linear = [](int part) {
    const double share = part / 255.0;
    return share <= 0.03928 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

std::string number(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

Svg::Svg(double width, double height, const Theme& theme, std::string_view title, std::string_view description)
    : theme_(theme) {
  const std::string w = number(width), h = number(height);
  body_ = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "font-family=\"system-ui,'Segoe UI',Roboto,'DejaVu Sans',Arial,sans-serif\" font-size=\"{2}\" fill=\"{3}\">\n"
      "<title>{4}</title>\n<desc>{5}</desc>\n",
      w, h, number(font_size), theme.ink, escaped(title), escaped(description));
  if (!theme.background.empty()) rect(0, 0, width, height, fmt::format("fill=\"{}\"", theme.background));
}

void Svg::open(std::string_view attributes) { body_ += fmt::format("<g {}>\n", attributes); }
void Svg::close() { body_ += "</g>\n"; }

void Svg::line(double x1, double y1, double x2, double y2, std::string_view attributes) {
  path(fmt::format("M{} {}L{} {}", number(x1), number(y1), number(x2), number(y2)), attributes);
}

void Svg::rect(double x, double y, double width, double height, std::string_view attributes, std::string_view title) {
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", number(x), number(y), number(width),
                       number(height));
  if (!attributes.empty()) body_.append(" ").append(attributes);
  end("rect", title);
}

void Svg::circle(double x, double y, double radius, std::string_view attributes, std::string_view title) {
  body_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"", number(x), number(y), number(radius));
  if (!attributes.empty()) body_.append(" ").append(attributes);
  end("circle", title);
}

void Svg::path(std::string_view commands, std::string_view attributes) {
  body_ += fmt::format("<path d=\"{}\"", commands);
  if (!attributes.empty()) body_.append(" ").append(attributes);
  end("path", {});
}

void Svg::text(double x, double y, std::string_view text, const TextStyle& style) {
  constexpr std::array anchors{"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
  body_ +=
      fmt::format("<text x=\"{}\" y=\"{}\"{}", number(x), number(y), anchors[static_cast<std::size_t>(style.anchor)]);
  if (style.size != font_size) body_ += fmt::format(" font-size=\"{}\"", number(style.size));
  if (style.bold) body_ += " font-weight=\"bold\"";
  if (!style.fill.empty()) body_ += fmt::format(" fill=\"{}\"", style.fill);
  if (style.turned != 0.0) {
    body_ += fmt::format(" transform=\"rotate({} {} {})\"", number(style.turned), number(x), number(y));
  }
  body_ += fmt::format(">{}{}</text>\n", escaped(text), style.title.empty() ? "" : hover(style.title));
}

void Svg::text_within(double width, double x, double y, std::string_view text, TextStyle style) {
  const std::string drawn = shortened(text, style.size * (style.bold ? 1.1 : 1.0), width);
  if (drawn != text) style.title = text;
  this->text(x, y, drawn, style);
}

std::string Svg::str() const { return body_ + "</svg>\n"; }

void Svg::end(std::string_view element, std::string_view title) {
  body_ += title.empty() ? "/>\n" : fmt::format(">{}</{}>\n", hover(title), element);
}

void check_path(const std::string& who, const std::string& path) {
  io::check_path(path);
  if (path.ends_with(".svg")) return;
  throw FileError(fmt::format(
      "{}: the file is named \"{}\"; expected a name that ends in .svg. Convert the picture with another program for "
      "other formats.",
      who, shown(path)));
}

void save(const Svg& svg, const std::string& path) {
  io::with_file(path, [&] {
    io::AtomicFile file(path);
    std::ofstream out(file.temporary(), std::ios::binary);
    out << svg.str();
    out.close();
    if (!out) throw FileError(fmt::format("{}: the picture was not written; expected room on the disk.", path));
    file.commit();
  });
}

void check_size(const std::string& who, const char* option, double size, double least) {
  constexpr double most = 10000.0;
  if (size >= least && size <= most) return;
  throw InvalidArgument(
      fmt::format("{}: {} is {}; expected {} to {}.", who, option, size, number(least), number(most)));
}

}  // namespace xeras::plots
