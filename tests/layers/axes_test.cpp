#include "layers/axes.hpp"

#include "catch.hpp"

using namespace xeras;

TEST_CASE("for_each_broadcast finds the element that lies over each element") {
  std::vector<std::int64_t> order, over;
  for_each_broadcast(Extents{2, 3, 2}, AxisSet("010"), [&](std::int64_t i, std::int64_t j) {
    order.push_back(i);
    over.push_back(j);
  });
  CHECK(order == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(over == std::vector<std::int64_t>{0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3});
  over.clear();
  for_each_broadcast(Extents{2, 3}, AxisSet("01"), [&](std::int64_t, std::int64_t j) { over.push_back(j); });
  CHECK(over == std::vector<std::int64_t>{0, 1, 2, 0, 1, 2});
}

TEST_CASE("Lines run over any axes, in place where these are the last ones") {
  std::vector<float> array(24);
  for (std::size_t i = 0; i < array.size(); ++i) array[i] = static_cast<float>(i);
  const Extents extents{2, 3, 4};
  const auto line = [&](const AxisSet& over, std::int64_t number) {
    const Lines lines(extents, over);
    std::vector<float> room(24);
    const float* values = lines.gather(number, static_cast<const float*>(array.data()), room.data());
    return std::vector<float>(values, values + lines.length());
  };
  CHECK(line(AxisSet("100"), 5) == std::vector<float>{20, 21, 22, 23});
  CHECK(line(AxisSet("010"), 5) == std::vector<float>{13, 17, 21});
  CHECK(line(AxisSet("001"), 11) == std::vector<float>{11, 23});
  CHECK(line(AxisSet("101"), 1) == std::vector<float>{4, 5, 6, 7, 16, 17, 18, 19});
  CHECK(line(AxisSet("110"), 1) == std::vector<float>{12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23});
  CHECK(Lines(extents, AxisSet("110")).in_place());
  CHECK_FALSE(Lines(extents, AxisSet("101")).in_place());
  CHECK(Lines(extents, AxisSet("010")).count() == 8);
}

TEST_CASE("Lines are brought home by scatter") {
  const Lines lines({2, 3}, AxisSet("01"));
  std::vector<float> array(6, 0.0f);
  const std::vector<float> values{7, 8};
  lines.scatter(1, values.data(), array.data());
  CHECK(array == std::vector<float>{0, 7, 0, 0, 8, 0});
}
