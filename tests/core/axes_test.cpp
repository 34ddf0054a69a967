#include "xeras/core/axes.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

TEST_CASE("Axes are written as in Keras") {
  CHECK(Axes(1).axes() == std::vector<std::int64_t>{1});
  CHECK(Axes{0, 1}.axes() == std::vector<std::int64_t>{0, 1});
  CHECK(Axes(std::size_t{2}) == Axes{2});
  CHECK(Axes(None).is_none());
  CHECK(Axes(-1).to_string() == "-1");
  CHECK(Axes{0, 1}.to_string() == "(0, 1)");
  CHECK(Axes(None).to_string() == "None");
}

TEST_CASE("Axes are plain data and back: a number, a list or nothing") {
  for (const Axes& axes : {Axes(-1), Axes{1, 2}, Axes(None)}) {
    Axes again = 7;
    from_value(to_value(axes), again, "axis");
    CHECK(again == axes);
  }
  CHECK(to_value(Axes(-1)).to_string() == "-1");
  CHECK(to_value(Axes{1, 2}).to_string() == "[1, 2]");
  CHECK(to_value(Axes(None)).is_null());
  Axes axes = 0;
  CHECK(message_of<FileError>([&] { from_value("x", axes, "axis"); }) == "axis: \"x\"; expected an integer.");
}

TEST_CASE("Axes are looked up in a tensor from either end") {
  CHECK(Axes{0, -1}.within(3) == AxisSet("101"));
  CHECK(Axes{1, -2}.within(3) == AxisSet("010"));
  CHECK_FALSE(Axes(2).within(2));
  CHECK_FALSE(Axes(-3).within(2));
  CHECK(Axes(None).within(2) == AxisSet());
}

TEST_CASE("Axes refuse an empty list") {
  CHECK(message_of<InvalidArgument>([] { Axes(std::vector<std::int64_t>()); }) ==
        "axis: an empty list; expected axes such as 0 or {0, 1}, or None.");
}
