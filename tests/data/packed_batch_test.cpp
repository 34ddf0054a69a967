#include "data/packed_batch.hpp"

#include "catch.hpp"

using namespace xeras;
using data::PackedBatch;

namespace {

data::Batch passed_on(const data::Batch& batch) {
  const PackedBatch form(batch);
  const std::shared_ptr<std::byte[]> bytes(new std::byte[form.bytes()]);
  form.pack(batch, bytes.get());
  return form.unpack(bytes);
}

template <class T>
void check_kind() {
  const std::vector<T> values{T(1), T(0), T(120)};
  const data::Batch passed = passed_on({values, {{1.5f}}, std::vector<T>{T(3)}});
  CHECK(passed.x.kind() == Input(values).kind());
  CHECK((passed.x.extents() == Extents{3}));
  const auto* const x = static_cast<const T*>(passed.x.data());
  CHECK(std::vector<T>(x, x + 3) == values);
  CHECK(*static_cast<const float*>(passed.y.data()) == 1.5f);
  CHECK((passed.y.extents() == Extents{1, 1}));
  CHECK(*static_cast<const T*>(passed.sample_weight.data()) == T(3));
}

}  // namespace

TEST_CASE("A packed batch keeps the numbers of every kind, and the shapes") {
  check_kind<std::int8_t>();
  check_kind<std::uint8_t>();
  check_kind<std::int16_t>();
  check_kind<std::uint16_t>();
  check_kind<std::int32_t>();
  check_kind<std::uint32_t>();
  check_kind<std::int64_t>();
  check_kind<std::uint64_t>();
  check_kind<float>();
  check_kind<double>();
}

TEST_CASE("A packed batch keeps texts, and what is not given") {
  using Rows = std::vector<std::vector<std::string>>;
  const data::Batch passed = passed_on({Rows{{"a", ""}, {std::string("b\0c", 3), "für"}}, {1, 2}});
  REQUIRE(passed.x.is_text());
  CHECK((passed.x.extents() == Extents{2, 2}));
  CHECK(data::texts_of(passed) == std::vector<std::string>{"a", "", std::string("b\0c", 3), "für"});
  CHECK(passed.y.to_tensor()(1) == 2);
  CHECK_FALSE(passed.sample_weight);
  CHECK_FALSE(PackedBatch(data::Batch{}).has_x());
  CHECK(PackedBatch(data::Batch{}).bytes() == 0);
}

TEST_CASE("A packed batch may have no samples") {
  const data::Batch passed = passed_on({xt::xtensor<float, 2>::from_shape({0, 3}), std::vector<std::string>{}});
  CHECK(passed.x);
  CHECK((passed.x.extents() == Extents{0, 3}));
  CHECK(passed.y.is_text());
  CHECK(passed.y.length() == 0);
}

TEST_CASE("An unpacked batch keeps its bytes") {
  OwnedInput x;
  {
    const data::Batch passed = passed_on({{7, 8}, std::vector<std::string>{"a", "b"}});
    x = passed.x;
  }
  CHECK(x.to_tensor()(1) == 8);
}
