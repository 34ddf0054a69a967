#include "xeras/core/value.hpp"

#include "catch.hpp"

using namespace xeras;

namespace {
struct Local {};
}  // namespace

TEST_CASE("Value compares and prints as JSON does") {
  const Value value = Value::Dict{{"a", Value::List{std::int64_t{1}, 2.5, "x", true, Value()}}, {"b", Value::Dict{}}};
  CHECK(value.to_string() == R"({"a": [1, 2.5, "x", true, null], "b": {}})");
  CHECK(value == Value(value));
  CHECK_FALSE(value == Value());
  CHECK(value.find("b") != nullptr);
  CHECK(value.find("c") == nullptr);
}

TEST_CASE("class_name_of leaves namespaces out") { CHECK(class_name_of(typeid(Local)) == "Local"); }
