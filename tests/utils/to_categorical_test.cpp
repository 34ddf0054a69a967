#include "xeras/utils/to_categorical.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using utils::to_categorical;

TEST_CASE("to_categorical gives one-hot rows, and leaves a trailing axis of 1 out") {
  CHECK((to_categorical({0, 2}) == Tensor({{1, 0, 0}, {0, 0, 1}})));
  CHECK((to_categorical({{0}, {2}}, 4) == Tensor({{1, 0, 0, 0}, {0, 0, 1, 0}})));
  CHECK((to_categorical(std::vector<bool>{true, false}, {.num_classes = 2}) == Tensor({{0, 1}, {1, 0}})));
  CHECK(shape_of(to_categorical({{0, 1}, {2, 1}})) == Shape({2, 2, 3}));
  CHECK(shape_of(to_categorical({{1.0, 0.0}})) == Shape({1, 2, 2}));
  CHECK(shape_of(to_categorical(std::vector<int>(), 3)) == Shape({0, 3}));
  CHECK((to_categorical({1}, 2) == Tensor({{0, 1}})));
}

TEST_CASE("to_categorical refuses labels that are no classes") {
  CHECK(message_of<InvalidInput>([] {
          to_categorical({0, -1});
        }) == "to_categorical: label -1 at position 1; expected a whole number, 0 or more. Number the classes from 0.");
  CHECK(message_of<InvalidInput>([] { to_categorical({0.5}); }) ==
        "to_categorical: label 0.5 at position 0; expected a whole number, 0 or more. Number the classes from 0.");
  CHECK(message_of<InvalidInput>([] { to_categorical({NAN}); }) ==
        "to_categorical: label nan at position 0; expected a whole number, 0 or more. Number the classes from 0.");
  CHECK(message_of<InvalidInput>([] {
          to_categorical({0, 3}, 3);
        }) == "to_categorical: label 3 at position 1; expected labels below num_classes = 3. Raise num_classes.");
  CHECK(message_of<InvalidArgument>([] { to_categorical({0}, 0); }) ==
        "to_categorical: num_classes is 0; expected a positive integer. Leave it out for the largest label + 1.");
  CHECK(message_of<InvalidInput>([] { to_categorical(std::vector<int>()); }) ==
        "to_categorical: x is empty and num_classes is missing; expected one of them. Set num_classes.");
  CHECK(message_of<InvalidInput>([] { to_categorical(Input()); }) ==
        "to_categorical: x is missing; expected an array of labels. Pass one label per sample.");
  CHECK_THROWS_AS(to_categorical({std::int64_t{1} << 44, std::int64_t{0}}), Error);
}
