#include "xeras/core/fields.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

namespace app {
struct InnerOptions {
  double rate = 0.5;
  std::optional<std::int64_t> seed = {};
  std::string name = {};
};
XERAS_FIELDS(InnerOptions, rate, seed, name)
struct OuterConfig {
  std::int64_t units = 3;
  xeras::Count batch = 32;
  bool flag = false;
  xeras::Shape shape = {};
  std::vector<std::int64_t> sizes = {};
  InnerOptions options = {};
};
XERAS_FIELDS(OuterConfig, units, batch, flag, shape, sizes, options)

struct NarrowOptions {
  int count = 0;
  float rate = 0.0f;
};
XERAS_FIELDS(NarrowOptions, count, rate)

}  // namespace app

using namespace xeras;

TEST_CASE("fields become a dictionary, those of options among the others, and come back") {
  const app::OuterConfig config{.units = 7,
                                .batch = std::size_t{8},
                                .flag = true,
                                .shape = {None, 3},
                                .sizes = {1, -1},
                                .options = {.rate = 0.1, .seed = 4, .name = "x"}};
  const Value value = to_value(config);
  CHECK(
      value.to_string() ==
      R"({"units": 7, "batch": 8, "flag": true, "shape": [null, 3], "sizes": [1, -1], "rate": 0.1, "seed": 4, "name": "x"})");
  app::OuterConfig again;
  from_value(value, again, "config");
  CHECK(to_value(again) == value);
}

TEST_CASE("fields that a dictionary lacks keep their values, and a whole number is a float too") {
  app::InnerOptions options{.seed = 9};
  from_value(Value::Dict{{"rate", std::int64_t{1}}}, options, "config");
  CHECK(options.rate == 1.0);
  CHECK(options.seed == 9);
}

TEST_CASE("fields of a wrong kind name their place") {
  app::OuterConfig config;
  CHECK(message_of<FileError>([&] {
          from_value(Value::Dict{{"units", "many"}}, config, "layers[2].config");
        }) == "layers[2].config.units: \"many\"; expected an integer.");
  CHECK(message_of<FileError>([&] {
          from_value(Value::Dict{{"sizes", Value::List{true}}}, config, "c");
        }) == "c.sizes[0]: true; expected an integer.");
  CHECK(message_of<FileError>([&] {
          from_value(Value::Dict{{"shape", 1.5}}, config, "c");
        }) == "c.shape: 1.5; expected a list.");
}

TEST_CASE("fields may be int and float") {
  const Value value = to_value(app::NarrowOptions{.count = -7, .rate = 0.5f});
  CHECK(value.to_string() == R"({"count": -7, "rate": 0.5})");
  app::NarrowOptions again;
  from_value(value, again, "config");
  CHECK(again.count == -7);
  CHECK(again.rate == 0.5f);
  CHECK(message_of<FileError>([&] {
          from_value(Value::Dict{{"count", std::int64_t{1} << 40}}, again, "config");
        }) == "config.count: 1099511627776; expected an integer of at most 32 bits.");
  CHECK(message_of<FileError>([&] {
          from_value(Value::Dict{{"rate", "high"}}, again, "config");
        }) == "config.rate: \"high\"; expected a number.");
}
