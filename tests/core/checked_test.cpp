#include "core/checked.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

TEST_CASE("checked_product multiplies, and names the numbers whose product 64 bits do not hold") {
  CHECK(checked_product("LSTM", 4, 1000) == 4000);
  CHECK(message_of<InvalidArgument>([] { checked_product("LSTM", 4, std::int64_t{1} << 62); }) ==
        "LSTM: 4 * 4611686018427387904 is more than 2^63; expected sizes that memory can hold. Make one of them "
        "smaller.");
}

TEST_CASE("checked_sum adds, and names the numbers whose sum 64 bits do not hold") {
  CHECK(checked_sum("x", 4, 1000) == 1004);
  CHECK(message_of<InvalidArgument>(
            [] { checked_sum([] { return std::string("x"); }, 1, std::numeric_limits<std::int64_t>::max()); }) ==
        "x: 1 + 9223372036854775807 is more than 2^63; expected sizes that memory can hold. Make one of them "
        "smaller.");
}

TEST_CASE("fits_memory is false from 2^45 numbers on, axes of 0 counted as 1") {
  const std::int64_t large = std::int64_t{1} << 45;
  CHECK(fits_memory(Shape{None, large}));
  CHECK_FALSE(fits_memory(Shape{2, large}));
  CHECK_FALSE(fits_memory(Shape{0, 2, large}));
  CHECK_FALSE(fits_memory(Extents{large, large, large}));
}

TEST_CASE("is_finite_float is false for what a float does not hold") {
  CHECK(is_finite_float(-1e38));
  CHECK_FALSE(is_finite_float(1e39));
  CHECK_FALSE(is_finite_float(std::nan("")));
}
