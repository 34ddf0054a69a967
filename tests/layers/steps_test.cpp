#include "xeras/layers/steps.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

Steps steps_from(const Value& value) {
  Steps steps;
  from_value(value, steps, "config.strides");
  return steps;
}

Value ends_from(const Value& value) {
  BothEnds ends;
  from_value(value, ends, "config.padding");
  return to_value(ends);
}

Value list(std::initializer_list<Value> items) { return Value::List(items); }
const std::int64_t one = 1, two = 2;

}  // namespace

TEST_CASE("Steps take any integer and are a list of one in a configuration, as Keras writes them") {
  const Steps size = std::size_t{3};
  CHECK(size == 3);
  CHECK(to_value(size) == list({std::int64_t{3}}));
  CHECK(steps_from(list({two})) == 2);
  CHECK(steps_from(two) == 2);
}

TEST_CASE("Steps refuse what is not one integer") {
  CHECK(message_of<FileError>([] {
          steps_from(list({one, two}));
        }) == "config.strides: [1, 2]; expected an integer or a list of one.");
  CHECK(message_of<FileError>([] { steps_from("2"); }) ==
        "config.strides: \"2\"; expected an integer or a list of one.");
  CHECK(message_of<FileError>([] { steps_from(list({1.5})); }) ==
        "config.strides: [1.5]; expected an integer or a list of one.");
}

TEST_CASE("BothEnds are one integer or two and both of them in a configuration, as Keras writes them") {
  const BothEnds same = 2, different = {1, std::size_t{2}};
  CHECK(same.before() == 2);
  CHECK(same.after() == 2);
  CHECK(different.before() == 1);
  CHECK(different.after() == 2);
  CHECK(to_value(different) == list({one, two}));
  CHECK(ends_from(two) == list({two, two}));
  CHECK(ends_from(list({one, two})) == list({one, two}));
}

TEST_CASE("BothEnds refuse what is neither one integer nor two") {
  CHECK(message_of<FileError>([] {
          ends_from(list({one, two, one}));
        }) == "config.padding: [1, 2, 1]; expected an integer or a list of two.");
  CHECK(message_of<FileError>([] {
          ends_from(list({one, Value()}));
        }) == "config.padding: [1, null]; expected an integer or a list of two.");
}
