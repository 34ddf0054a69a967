#include "xeras/core/extents.hpp"

#include "catch.hpp"

using namespace xeras;

TEST_CASE("Extents count rows and elements") {
  const Extents extents{2, 3, 4};
  CHECK(extents.size() == 24);
  CHECK(extents.row_count() == 6);
  CHECK(extents.last() == 4);
  CHECK(extents.to_string() == "(2, 3, 4)");
  CHECK_FALSE(extents == Extents{2, 3});
  CHECK(Extents{}.size() == 1);
}
