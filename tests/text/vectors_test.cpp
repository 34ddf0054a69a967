#include "xeras/text/vectors.hpp"
#include "catch.hpp"
using namespace xeras;
TEST_CASE("Vectors tmp") { text::Vectors v({"a"}, Tensor(std::vector<std::size_t>{1, 2}, 0.5f)); CHECK(v.size() == 1); }
