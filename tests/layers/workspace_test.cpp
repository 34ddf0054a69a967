#include "layers/workspace.hpp"

#include <cstdint>

#include "catch.hpp"
#include "support/allocation_counter.hpp"

using namespace xeras;

TEST_CASE("Arena gives aligned memory back in reverse, and becomes one block") {
  Arena arena;
  float* first = arena.floats(10);
  CHECK(reinterpret_cast<std::uintptr_t>(first) % 64 == 0);
  const Arena::Mark mark = arena.mark();
  float* second = arena.floats(1000);
  arena.release(mark);
  CHECK(arena.floats(1000) == second);
  arena.reset();
  const std::size_t capacity = arena.capacity();
  const testing::AllocationCounter allocations;
  arena.floats(10);
  arena.floats(1000);
  CHECK(allocations.count() == 0);
  CHECK(arena.capacity() == capacity);
}

TEST_CASE("RowGradient keeps each row once, in order of appearance, and forgets them on reset") {
  RowGradient gradient;
  const std::int32_t ids[] = {7, 2, 7};
  const float values[] = {1, 2, 3, 4, 10, 20};
  gradient.add(ids, values, 9, 2);
  CHECK(std::vector<std::int32_t>(gradient.rows().begin(), gradient.rows().end()) == std::vector<std::int32_t>{7, 2});
  CHECK(std::vector<float>(gradient.values(), gradient.values() + 4) == std::vector<float>{11, 22, 3, 4});
  std::vector<float> dense(18, 1.0f);
  gradient.scatter(dense.data(), 2);
  CHECK(dense[14] == 12.0f);
  CHECK(dense[4] == 4.0f);
  CHECK(dense[0] == 1.0f);
  gradient.reset();
  CHECK(gradient.rows().empty());
  gradient.add(std::span(ids).first(1), values, 9, 2);
  CHECK(gradient.values()[0] == 1.0f);
}

TEST_CASE("RowGradient groups ids before their values come, and adds to rows that have some") {
  RowGradient gradient;
  const std::int32_t first[] = {4, 1, 4}, second[] = {3, 1};
  const float values[] = {1, 2, 10};
  gradient.group(first, 9);
  CHECK(gradient.rows().empty());
  CHECK(std::vector<std::int32_t>(gradient.grouped_rows().begin(), gradient.grouped_rows().end()) ==
        std::vector<std::int32_t>{4, 1});
  gradient.add(first, values, 9, 1);
  gradient.add(second, values, 9, 1);
  CHECK(std::vector<std::int32_t>(gradient.rows().begin(), gradient.rows().end()) ==
        std::vector<std::int32_t>{4, 1, 3});
  CHECK(std::vector<float>(gradient.values(), gradient.values() + 3) == std::vector<float>{11, 4, 1});
}

TEST_CASE("RowGradient sees that ids in the same memory are others") {
  RowGradient gradient;
  std::int32_t ids[] = {4, 1};
  const float values[] = {1, 2};
  gradient.add(ids, values, 9, 1);
  ids[0] = 7;
  gradient.add(ids, values, 9, 1);
  CHECK(std::vector<std::int32_t>(gradient.rows().begin(), gradient.rows().end()) ==
        std::vector<std::int32_t>{4, 1, 7});
  CHECK(std::vector<float>(gradient.values(), gradient.values() + 3) == std::vector<float>{1, 4, 1});
}

TEST_CASE("RowGradient has zeros for rows that were grouped for another call") {
  RowGradient gradient;
  const std::int32_t first[] = {4}, second[] = {3};
  const float values[] = {5};
  gradient.group(first, 9);
  gradient.add(second, values, 9, 1);
  CHECK(std::vector<std::int32_t>(gradient.rows().begin(), gradient.rows().end()) == std::vector<std::int32_t>{4, 3});
  CHECK(std::vector<float>(gradient.values(), gradient.values() + 2) == std::vector<float>{0, 5});
}
