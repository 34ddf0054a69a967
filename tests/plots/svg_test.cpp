#include "plots/svg.hpp"

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "support/xml.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::plots;
using xeras::testing::Picture;
using xeras::testing::TemporaryFolder;

TEST_CASE("Svg writes a whole picture") {
  Svg svg(100, 50.25, theme_on("plot", "white"), "a < b", "two & three");
  svg.open("stroke=\"#000\"");
  svg.line(0, 0, 10.04, -0.04);
  svg.circle(1, 2, 3, "fill=\"none\"", "<title>");
  svg.close();
  svg.text(5, 6, "x & y", {.anchor = Anchor::end, .size = 9.0, .bold = true, .fill = "#fff", .turned = -90.0});
  CHECK(
      svg.str() ==
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50.2\" width=\"100\" height=\"50.2\" role=\"img\" "
      "font-family=\"system-ui,'Segoe UI',Roboto,'DejaVu Sans',Arial,sans-serif\" font-size=\"12\" fill=\"#333333\">\n"
      "<title>a &lt; b</title>\n<desc>two &amp; three</desc>\n"
      "<rect x=\"0\" y=\"0\" width=\"100\" height=\"50.2\" fill=\"#ffffff\"/>\n"
      "<g stroke=\"#000\">\n"
      "<path d=\"M0 0L10 0\"/>\n"
      "<circle cx=\"1\" cy=\"2\" r=\"3\" fill=\"none\"><title>&lt;title&gt;</title></circle>\n"
      "</g>\n"
      "<text x=\"5\" y=\"6\" text-anchor=\"end\" font-size=\"9\" font-weight=\"bold\" fill=\"#fff\" "
      "transform=\"rotate(-90 5 6)\">x &amp; y</text>\n"
      "</svg>\n");
}

TEST_CASE("Svg shows the whole text of a cut one to a pointer") {
  const TemporaryFolder folder;
  Svg svg(100, 50, theme_on("plot", ""), "", "");
  svg.text_within(30.0, 0, 0, "a long name", {});
  svg.text_within(300.0, 0, 0, "another", {});
  save(svg, folder / "a.svg");
  const Picture picture(folder / "a.svg");
  CHECK(picture.texts() == std::vector<std::string>{"a l…", "another"});
  CHECK(picture.titles() == std::vector<std::string>{"a long name"});
}

TEST_CASE("number writes one decimal, as short as it can") {
  CHECK(number(1.0) == "1");
  CHECK(number(-0.04) == "0");
  CHECK(number(12.345) == "12.3");
  CHECK(number(-2.5) == "-2.5");
}

TEST_CASE("theme_on chooses colours with contrast to the background") {
  CHECK(theme_on("plot", "").background.empty());
  CHECK(theme_on("plot", "#fff").background == "#ffffff");
  CHECK(theme_on("plot", "black").ink == "#dddddd");
  CHECK(theme_on("plot", "#202020").ink == "#dddddd");
  CHECK(theme_on("plot", "#EEE").ink == "#333333");
  // WCAG 2.1 asks for a contrast of 4.5 for text; 0x76 is 118.
  const double ink = luminance(118, 118, 118);
  CHECK(1.05 / (ink + 0.05) > 4.5);
  CHECK((ink + 0.05) / 0.05 > 4.5);
  for (const char* wrong : {"red", "#12", "#12345", "#12345g", "#1234567"}) {
    CHECK(message_of<InvalidArgument>([&] { (void)theme_on("plot", wrong); }) ==
          "plot: background is \"" + std::string(wrong) +
              "\"; expected \"white\", \"black\" or a colour such as \"#f5f5f5\". Leave it empty for a transparent "
              "one.");
  }
}

TEST_CASE("save replaces a picture as a whole, and an invalid path leaves nothing behind") {
  const TemporaryFolder folder;
  const Svg svg(10, 10, theme_on("plot", ""), "", "");
  std::ofstream(folder / "a.svg") << "old";
  save(svg, folder / "a.svg");
  CHECK(Picture(folder / "a.svg").size() == svg.str().size());
  std::filesystem::create_directory(folder / "b.svg");
  CHECK(message_of<FileError>([&] { save(svg, folder / "b.svg"); }) ==
        folder / "b.svg" + ": is a folder; expected the name of a file.");
  CHECK(message_of<FileError>([&] { save(svg, folder / "none/c.svg"); }) ==
        folder / "none/c.svg" + ": create: No such file or directory; expected a writable place.");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("check_path takes names of SVG files only") {
  CHECK_NOTHROW(check_path("plot", "a.b/c.svg"));
  CHECK(message_of<FileError>([] { check_path("plot_model", "model.png"); }) ==
        "plot_model: the file is named \"model.png\"; expected a name that ends in .svg. Convert the picture with "
        "another program for other formats.");
  CHECK(message_of<FileError>([] { check_path("plot", ""); }) ==
        "plot: the file is named \"\"; expected a name that ends in .svg. Convert the picture with another program for "
        "other formats.");
  CHECK(message_of<FileError>([] { check_path("plot", std::string("a\0.svg", 6)); }) ==
        "a: the path has a NUL after this; expected a path without NUL.");
}

TEST_CASE("check_size takes sizes of pictures only") {
  CHECK_NOTHROW(check_size("plot", "width", 200.0, 200.0));
  CHECK(message_of<InvalidArgument>([] { check_size("plot", "width", 100.0, 200.0); }) ==
        "plot: width is 100; expected 200 to 10000.");
  CHECK(message_of<InvalidArgument>([] { check_size("plot", "height", std::nan(""), 200.0); }) ==
        "plot: height is nan; expected 200 to 10000.");
}
