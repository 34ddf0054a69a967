#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xeras::plots {

// The colours of a picture. Those for an unknown background have enough contrast on white and on black. The two colours
// of data differ for colour-blind readers as well (Okabe and Ito's palette).
struct Theme {
  std::string background;  // "#rrggbb", or empty for a transparent one
  std::string ink;         // text and axes
  std::string first;
  std::string second;
};

// Returns the theme for an option `background`: "" (transparent), "white", "black", "#rgb" or "#rrggbb". Throws
// InvalidArgument, in the name `who`, for others.
Theme theme_on(const std::string& who, const std::string& background);

// Returns the relative luminance of a colour, from 0 to 1 (WCAG 2.1).
double luminance(int red, int green, int blue);

// Returns a coordinate with one decimal, as short as it can be.
std::string number(double value);

inline constexpr double font_size = 12.0, small_font = 11.0, title_font = 14.0;

enum class Anchor { start, middle, end };

struct TextStyle {
  Anchor anchor = Anchor::start;
  double size = font_size;
  bool bold = false;
  std::string fill = {};        // default: the theme's ink
  double turned = 0.0;          // degrees, clockwise around the text's own place
  std::string_view title = {};  // what a pointer over the text shows
};

// Builds one picture. It uses attributes only: rules of a style sheet would apply to the whole page that a picture is
// pasted into. Texts are escaped here; attributes are written as they come.
class Svg {
 public:
  // The title and the description are not drawn; screen readers read them.
  Svg(double width, double height, const Theme& theme, std::string_view title, std::string_view description);

  const Theme& theme() const { return theme_; }
  // Opens a group of elements that share attributes, such as `fill="none"`.
  void open(std::string_view attributes);
  void close();
  void line(double x1, double y1, double x2, double y2, std::string_view attributes = {});
  void rect(double x, double y, double width, double height, std::string_view attributes, std::string_view title = {});
  void circle(double x, double y, double radius, std::string_view attributes = {}, std::string_view title = {});
  // The commands are those of SVG's path: "M0 0L10 5".
  void path(std::string_view commands, std::string_view attributes = {});
  // Writes one line of text; y is the place of its baseline.
  void text(double x, double y, std::string_view text, const TextStyle& style = {});
  // Writes as much of the text as fits into the width, with the whole text for a pointer over it.
  void text_within(double width, double x, double y, std::string_view text, TextStyle style = {});

  // Returns the finished picture.
  std::string str() const;

 private:
  void end(std::string_view element, std::string_view title);

  Theme theme_;
  std::string body_;
};

// Throws FileError for a path that cannot be the name of a picture: one without the ending ".svg".
void check_path(const std::string& who, const std::string& path);
// Writes the picture to the file completely or not at all. Throws FileError.
void save(const Svg& svg, const std::string& path);

// Throws InvalidArgument unless the size is from `least` to 10000.
void check_size(const std::string& who, const char* option, double size, double least);

}  // namespace xeras::plots
