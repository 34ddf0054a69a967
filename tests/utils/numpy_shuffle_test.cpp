// The numbers are those of numpy.random.RandomState(seed).shuffle.
#include "utils/numpy_shuffle.hpp"

#include "catch.hpp"

using xeras::utils::numpy_shuffle;

namespace {

std::vector<int> shuffled(std::uint32_t seed, int count) {
  std::vector<int> items;
  for (int i = 0; i < count; ++i) items.push_back(i);
  numpy_shuffle(seed, items);
  return items;
}

}  // namespace

TEST_CASE("Files are shuffled as NumPy does") {
  CHECK(shuffled(1337, 10) == std::vector<int>{6, 3, 0, 4, 5, 2, 1, 9, 8, 7});
  CHECK(shuffled(7, 5) == std::vector<int>{0, 3, 2, 1, 4});
  CHECK(shuffled(0, 1) == std::vector<int>{0});
  CHECK(shuffled(0, 0).empty());
  const std::vector<int> many = shuffled(42, 300);
  CHECK(std::vector<int>(many.begin(), many.begin() + 6) == std::vector<int>{203, 266, 152, 9, 233, 226});
  CHECK(std::vector<int>(many.end() - 3, many.end()) == std::vector<int>{106, 270, 102});
}
