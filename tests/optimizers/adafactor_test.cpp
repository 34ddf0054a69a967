#include "xeras/optimizers/adafactor.hpp"

#include <functional>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;
using testing::check_sparse;
using testing::keras_tolerance;

// golden/optimizers.json has ten steps of Keras with all options: see io/optimizer_trajectories_test.cpp.

TEST_CASE("Adafactor divides a matrix by the product of its means", "[optimizers]") {
  // r = (2.5, 0), c = (0.5, 2), v = r / 1.25 c = ((1, 4), (0, 0)), u = ((1, 1), (0, 0)), rms(u) = sqrt(1 / 2).
  Adafactor adafactor({.learning_rate = 0.1});
  Tensor w{{1.0f, 1.0f}, {1.0f, 1.0f}};
  adafactor.apply({Tensor{{1.0f, 2.0f}, {0.0f, 0.0f}}}, {&w});
  CHECK_THAT(w(0, 0), WithinAbs(0.9, keras_tolerance));
  CHECK_THAT(w(0, 1), WithinAbs(0.9, keras_tolerance));
  CHECK(w(1, 0) == 1.0f);
  check_sparse<Adafactor>(AdafactorOptions{.learning_rate = 0.01});
}

TEST_CASE("Adafactor leaves weights in a row and a column without gradient as they are", "[optimizers]") {
  Adafactor adafactor({.learning_rate = 0.1});
  Tensor w{{1.0f, 1.0f}, {1.0f, 1.0f}};
  for (int step = 0; step < 3; ++step) adafactor.apply({Tensor{{1.0f, 0.0f}, {0.0f, 0.0f}}}, {&w});
  CHECK(w(0, 0) < 1.0f);
  CHECK(w(1, 1) == 1.0f);
}

TEST_CASE("Adafactor keeps a mean by row and one by column, and placeholders for a vector", "[optimizers]") {
  Adafactor adafactor;
  std::vector<float> cube(24), vector(3);
  const std::array<Parameter, 2> parameters{Parameter{cube.data(), {2, 3, 4}, nullptr, {}},
                                            Parameter{vector.data(), {3}, nullptr, {}}};
  std::string shapes;
  for (const StateArray& array : adafactor.state(parameters)) {
    shapes += array.name + (array.is_integer ? "! " : " ") + array.extents.to_string() + "; ";
  }
  CHECK(shapes == "r (2, 3); c (2, 4); velocity (2, 3, 4); r! (); c! (); velocity (3,); ");
}

TEST_CASE("Adafactor refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Adafactor({.beta_2_decay = 1}); }) ==
        "Adafactor: beta_2_decay is 1; expected a finite number <= 0.");
  CHECK(refuse([] { Adafactor({.epsilon_1 = -1}); }) == "Adafactor: epsilon_1 is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Adafactor({.epsilon_2 = -1}); }) == "Adafactor: epsilon_2 is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Adafactor({.clip_threshold = 0}); }) ==
        "Adafactor: clip_threshold is 0; expected a positive number.");
}
