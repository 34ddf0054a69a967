#include "io/json.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using io::parse_json;
using io::write_json;

TEST_CASE("JSON becomes a value and the same text again") {
  const std::string text = R"({"name":"a","list":[1,-2.5,null,true,"ü"],"nested":{"empty":[],"none":{}}})";
  const Value value = parse_json(text, "test");
  CHECK(value.find("nested")->find("empty")->get_if<Value::List>()->empty());
  CHECK((*value.find("list")->get_if<Value::List>())[0] == Value(std::int64_t{1}));
  CHECK((*value.find("list")->get_if<Value::List>())[1] == Value(-2.5));
  CHECK(write_json(value, "test") == text);
}

TEST_CASE("JSON keeps numbers to the last digit") {
  for (const double number : {0.1, 0.0010000000474974513, 1e-7, 1e300, -0.30000001192092896}) {
    CHECK(*parse_json(write_json(number, "test"), "test").get_if<double>() == number);
  }
  CHECK(parse_json("18446744073709551615", "test") == Value(18446744073709551615.0));
}

TEST_CASE("JSON that is none says where") {
  CHECK(message_of<FileError>([] { parse_json(R"({"a": NaN})", "config.json"); }) ==
        "config.json: invalid JSON at byte 7 ([json.exception.parse_error.101] parse error at line 1, column 7: syntax "
        "error while parsing value - invalid literal; last read: '\"a\": N'); expected what Keras writes. The file may "
        "be damaged.");
  CHECK(message_of<FileError>([] { parse_json(R"({"a": 1, "a": 2})", "config.json"); }) ==
        "config.json: the key \"a\" comes twice; expected each key once.");
  const std::string deep(201, '[');
  CHECK(message_of<FileError>([&] { parse_json(deep, "config.json"); }) ==
        "config.json: values are nested more than 200 deep; expected a model.");
  CHECK_THROWS_AS(parse_json("\"\xff\"", "config.json"), FileError);
  CHECK_THROWS_AS(parse_json("", "config.json"), FileError);
  CHECK_THROWS_AS(parse_json("[1] 2", "config.json"), FileError);
  CHECK_THROWS_AS(parse_json("1e999", "config.json"), FileError);
}

TEST_CASE("JSON is written as deep as it is read") {
  Value deep = Value::List{};
  for (int i = 1; i < 200; ++i) deep = Value::Dict{{"a", deep}};
  CHECK(parse_json(write_json(deep, "m.keras"), "m.keras") == deep);
  CHECK(message_of<FileError>([&] { write_json(Value::List{deep}, "m.keras"); }) ==
        "m.keras: values are nested more than 200 deep; expected a model. Flatten nested models.");
}

TEST_CASE("JSON is not written of what it lacks") {
  CHECK(message_of<FileError>([] { write_json(Value(1.0 / 0.0), "m.keras"); }) ==
        "m.keras: a number is inf; expected a finite number, as JSON needs.");
  CHECK_THROWS_AS(write_json(Value("\xff"), "m.keras"), FileError);
}

TEST_CASE("JSON with a key of a megabyte twice shows a line of it") {
  const std::string key(1000000, 'k');
  CHECK(message_of<FileError>([&] { parse_json("{\"" + key + "\": 1, \"" + key + "\": 2}", "config.json"); }) ==
        "config.json: the key \"" + std::string(100, 'k') + "...\" comes twice; expected each key once.");
}

TEST_CASE("JSON may have one key in several dictionaries, within each other too") {
  CHECK_NOTHROW(parse_json(R"({"a": {"a": 1, "b": [{"a": 2}, {"a": 3}]}, "b": 1})", "test"));
  CHECK_THROWS_AS(parse_json(R"({"a": {"b": 1}, "c": 2, "a": 3})", "test"), FileError);
}
