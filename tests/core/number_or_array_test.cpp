#include "xeras/core/number_or_array.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/fields.hpp"

using namespace xeras;

namespace {

Value numpy(Value numbers) {
  return Value::Dict{{"class_name", "__numpy__"}, {"config", Value::Dict{{"value", std::move(numbers)}}}};
}

NumberOrArray read(const Value& value) {
  NumberOrArray result;
  from_value(value, result, "config.value");
  return result;
}

}  // namespace

TEST_CASE("NumberOrArray is a number, or an array of any type") {
  CHECK(NumberOrArray().number() == 0.0);
  CHECK(NumberOrArray(3).number() == 3.0);
  CHECK(NumberOrArray(0.1).array() == nullptr);
  const xt::xarray<double> doubles{{1.5, 2.0}, {3.0, -4.0}};
  REQUIRE(NumberOrArray(doubles).array() != nullptr);
  CHECK((*NumberOrArray(doubles).array() == Tensor{{1.5f, 2.0f}, {3.0f, -4.0f}}));
}

TEST_CASE("NumberOrArray is written as Keras writes it, and read again") {
  CHECK(to_value(NumberOrArray(0.5)) == Value(0.5));
  const Tensor matrix{{1.0f, 2.5f}, {3.0f, 4.0f}, {5.0f, 6.0f}};
  const Value written = to_value(NumberOrArray(matrix));
  CHECK(written.to_string() ==
        R"({"class_name": "__numpy__", "config": {"value": [[1, 2.5], [3, 4], [5, 6]], "dtype": "float32"}})");
  CHECK((*read(written).array() == matrix));
  CHECK(read(Value(std::int64_t{7})).number() == 7.0);
  CHECK((*read(Value::List{Value(std::int64_t{1}), Value(2.5)}).array() == Tensor{1.0f, 2.5f}));
  CHECK(read(numpy(0.25)).number() == 0.25);
  CHECK(read(numpy(Value::List{Value::List{}, Value::List{}})).array()->size() == 0);
}

TEST_CASE("NumberOrArray refuses lists that are no array") {
  const auto message = [](const Value& value) { return message_of<FileError>([&] { read(value); }); };
  const Value one(1.0), text("a");
  CHECK(message(numpy(Value::List{Value::List{one, one}, Value::List{one}})) ==
        "config.value: [[1, 1], [1]]; expected a number or an array: lists of equal length, of at most 8 axes.");
  CHECK(message(Value::List{one, text}).starts_with("config.value: [1, \"a\"]; expected a number or an array"));
  CHECK(message(Value::List{Value::List{one}, one}).starts_with("config.value: [[1], 1]; expected"));
  CHECK(message(Value::List{one, Value::List{one}}).starts_with("config.value: [1, [1]]; expected"));
  Value deep = one;
  for (int i = 0; i < 9; ++i) deep = Value::List{deep};
  CHECK(message(deep).starts_with("config.value: [[[[[[[[[1]]]]]]]]]; expected"));
  CHECK(message(text) == "config.value: \"a\"; expected a number.");
  CHECK(message(numpy(Value())) == "config.value: null; expected a number.");
}
