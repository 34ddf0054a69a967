#include "xeras/core/shape.hpp"

#include <limits>
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

TEST_CASE("Dim names axes, and products of them, that a call resolves") {
  const std::int64_t input[] = {4, 7, 3}, output[] = {4, 5};
  const Dim batch = Dim::input_axis(0), time = Dim::input_axis(1);
  CHECK(time == Dim(None));
  CHECK(time.resolve(input, output) == 7);
  CHECK((batch * time * 2).resolve(input, output) == 56);
  CHECK((time * time * Dim::output_axis(1)).resolve(input, output) == 245);
  CHECK(Dim::output_axis(0).resolve(input, nullptr) == 4);
  CHECK(Dim::output_axis(1).resolve(input, nullptr) == -1);
  CHECK(Dim(None).resolve(input, output) == -1);
  CHECK(!(time * None).resolvable());
  CHECK(time * 0 == Dim(0));
  CHECK(Dim(3) * 4 == Dim(12));
  CHECK((time * (std::int64_t{1} << 62)).resolve(input, output) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("Dim refuses a product that 64 bits do not hold") {
  const Dim many = std::int64_t{1} << 40;
  CHECK(message_of<InvalidArgument>([&] { many* many; }) ==
        "Shape: an axis of 1099511627776 * 1099511627776; expected sizes below 2^63.");
}

TEST_CASE("Dim forgets a product of more axes than it has room for") {
  Dim many = 1;
  for (int i = 0; i < 16; ++i) many = many * Dim::input_axis(0);
  const std::int64_t input[] = {1};
  CHECK(many.resolve(input, nullptr) == 1);
  CHECK(!(many * Dim::input_axis(0)).resolvable());
}

TEST_CASE("Dim::in_terms_of goes back to the axes of the input before") {
  const std::int64_t input[] = {4, 7, 3};
  const Dim dims[] = {Dim::input_axis(0) * Dim::input_axis(1), 5, None};
  CHECK((Dim::input_axis(0) * 2).in_terms_of(dims).resolve(input, nullptr) == 56);
  CHECK((Dim::input_axis(1) * 2).in_terms_of(dims) == Dim(10));
  CHECK(!Dim::input_axis(2).in_terms_of(dims).resolvable());
  CHECK(!Dim::output_axis(1).in_terms_of(dims).resolvable());
}
