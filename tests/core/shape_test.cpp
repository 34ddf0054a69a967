#include "xeras/core/shape.hpp"

#include <sstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

TEST_CASE("Shape prints as Keras does") {
  std::ostringstream out;
  out << Shape({None, 10, 64}) << Shape{16} << Shape{};
  CHECK(out.str() == "(None, 10, 64)(16,)()");
}

TEST_CASE("Shape compares by its axes and takes any integer type") {
  const std::size_t ten = 10;
  CHECK(Shape({None, ten}) == Shape({None, 10}));
  CHECK(Shape({None, 10}) != Shape({3, 10}));
  CHECK(Shape({None, 3}).without_batch() == Shape{3});
  CHECK(Shape{3}.with_batch() == Shape({None, 3}));
  CHECK(Shape({2, 0, 5}).size() == 0);
}

TEST_CASE("Shape refuses negative and overflowing sizes") {
  CHECK(message_of<InvalidArgument>([] { Shape{-2}; }) == "Shape: an axis of size -2; expected a size >= 0 or None.");
  CHECK(message_of<InvalidArgument>([] {
          Shape({1L << 40, 1L << 40}).size();
        }) == "Shape: (1099511627776, 1099511627776) has more than 2^63 elements; expected fewer.");
}
