#include "xeras/optimizers/adam.hpp"

#include <functional>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using testing::expect;

TEST_CASE("Adam gives the numbers of Keras", "[optimizers]") {
  expect(Adam({.learning_rate = 0.1}), {0.51492691, -1.5000058, 0.21943797, 2.6654329, 0.38056204, -0.79999471});
  expect(Adam({.learning_rate = 0.1, .beta_2 = 0.5, .amsgrad = true}),
         {0.57809514, -1.5000002, 0.23622626, 2.7360673, 0.36377373, -0.79999983});
  expect(Adam({.learning_rate = 0.1, .beta_1 = 0.5, .beta_2 = 0.9, .epsilon = 0.01}),
         {0.51110947, -1.5203638, 0.37491706, 2.5854902, 0.22508293, -0.78527176});
}

TEST_CASE("Adam refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Adam({.beta_1 = 1}); }) == "Adam: beta_1 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Adam({.beta_2 = 1}); }) == "Adam: beta_2 is 1; expected a number in [0, 1).");
}
