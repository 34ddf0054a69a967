#include "xeras/core/view.hpp"

#include <algorithm>

#include "catch.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;

TEST_CASE("Extents count rows and elements") {
  const Extents extents{2, 3, 4};
  CHECK(extents.size() == 24);
  CHECK(extents.rows() == 6);
  CHECK(extents.last() == 4);
  CHECK(extents.to_string() == "(2, 3, 4)");
  CHECK_FALSE(extents == Extents{2, 3});
  CHECK(Extents{}.size() == 1);
}

TEST_CASE("a View is an xtensor expression, as rows or flat") {
  float values[] = {1, 2, 3, 4, 5, 6};
  float gains[] = {10, 100, 1000};
  const View x{values, {1, 2, 3}}, gain{gains, {3}};
  x.rows() = x.rows() * gain.flat();
  CHECK(values[5] == 6000.0f);
  gain.flat() += xt::sum(x.rows(), {0});
  CHECK(gains[0] == 60.0f);
}

TEST_CASE("a View that is assigned to another one of its type copies the numbers") {
  float from[] = {1, 2, 3, 4}, to[] = {0, 0, 0, 0};
  const View x{from, {2, 2}}, y{to, {2, 2}};
  y.flat() = x.flat();
  CHECK(std::equal(from, from + 4, to));
  std::fill_n(to, 4, 0.0f);
  y.rows() = x.rows();
  CHECK(std::equal(from, from + 4, to));
  const auto rows = x.rows();
  std::fill_n(to, 4, 0.0f);
  y.rows() = rows;
  CHECK(std::equal(from, from + 4, to));
  CHECK(from[3] == 4.0f);
}
