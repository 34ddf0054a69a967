#include "layers/repeats.hpp"

#include "catch.hpp"
#include "support/few_words.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::some_texts;
using xeras::testing::some_words;

namespace {

Repeats repeats_of(std::span<const std::int32_t> ids, Arena& arena) {
  Arena scratch;
  return find_repeats(ids, arena, scratch);
}

template <class T>
std::vector<T> copied(std::span<const T> values) {
  return {values.begin(), values.end()};
}

}  // namespace

TEST_CASE("find_repeats numbers distinct ids in the order of their first appearance") {
  const std::int32_t ids[] = {7, 2, 7, 0, 2147483647, 2, 7};
  Arena arena;
  const Repeats repeats = repeats_of(ids, arena);
  CHECK(copied(repeats.number) == std::vector<std::int32_t>{0, 1, 0, 2, 3, 1, 0});
  CHECK(copied(repeats.first) == std::vector<std::int32_t>{0, 1, 3, 4});
  CHECK(repeats_of({}, arena).first.empty());
}

TEST_CASE("find_repeats finds every id again where hashes meet") {
  std::vector<std::int32_t> ids;
  for (std::int32_t i = 0; i < 3000; ++i) ids.push_back(i % 1000 * 4096);
  Arena arena;
  const Repeats repeats = repeats_of(ids, arena);
  REQUIRE(repeats.first.size() == 1000);
  for (std::int32_t i = 0; i < 3000; ++i) {
    if (repeats.number[static_cast<std::size_t>(i)] != i % 1000) FAIL("id at " << i);
  }
}

TEST_CASE("group_places lists where each distinct row stands") {
  const std::int32_t ids[] = {7, 2, 7, 0, 5, 2, 7};
  Arena arena;
  const Repeats repeats = repeats_of(ids, arena);
  std::vector<std::int32_t> begins(5), places(7);
  group_places(repeats, begins.data(), places.data());
  CHECK(begins == std::vector<std::int32_t>{0, 3, 5, 6, 7});
  CHECK(places == std::vector<std::int32_t>{0, 2, 6, 1, 5, 3, 4});
}

TEST_CASE("Work by words pays for few words of many features") {
  std::vector<std::int32_t> ids;
  for (std::int32_t i = 0; i < 100; ++i) ids.push_back(i % 50);
  Arena arena;
  const Repeats half = repeats_of(ids, arena);
  CHECK(room_for_words(half) == 75);
  CHECK(pays_by_word(half, 100, 64));
  CHECK_FALSE(pays_by_word(half, 100, 32));  // 50 * 32 products against 100 * 16
  CHECK_FALSE(pays_by_word(half, 50, 1000));
  CHECK_FALSE(pays_by_word(half, 0, 1000));
  for (std::int32_t i = 0; i < 100; ++i) ids[static_cast<std::size_t>(i)] = i % 80;
  CHECK_FALSE(pays_by_word(repeats_of(ids, arena), 100, 100'000));  // there is no room for them
  CHECK_FALSE(pays_by_word({}, 100, 1000));
  CHECK(room_for_words({}) == 0);
}

TEST_CASE("Repeats are known behind layers that hand on what the Embedding made, and to nobody else") {
  struct Asking final : LayerWith<DropoutOptions> {
    explicit Asking(bool& known) : known_(&known) {}
    Spec build(const Spec& input, Builder&) override { return input; }
    void forward(const Call& call) const override {
      *known_ = !call.repeats().number.empty();
      std::copy_n(call.input().data, call.input().size(), call.output().data);
    }
    bool* known_;
  };
  const xt::xtensor<int, 2> ids = some_texts();
  bool known = false, again = true;
  Sequential{some_words(), Dropout(0.5), Asking(known), Asking(again)}.predict(ids);
  CHECK(known);
  CHECK_FALSE(again);
  Sequential within{some_words()};
  Sequential{std::move(within), Asking(known)}.predict(ids);
  CHECK(known);
  Sequential{some_words(), Activation("relu"), Asking(known)}.predict(ids);
  CHECK_FALSE(known);
}
