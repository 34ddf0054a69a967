#include "xeras/optimizers/sgd.hpp"

#include <functional>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using testing::expect;

TEST_CASE("SGD gives the numbers of Keras", "[optimizers]") {
  expect(SGD({.learning_rate = 0.1}), {0.85000002, -1.7500002, 0.5, 2.7000003, 0.10000001, -0.64999998});
  expect(SGD({.learning_rate = 0.1, .momentum = 0.9}),
         {0.68296903, -1.3427951, -0.27291998, 2.4432302, 0.87292004, -1.2200871});
  expect(SGD({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}),
         {0.56467211, -1.1585156, -0.19562799, 2.1989069, 0.79562795, -1.4780782});
}

TEST_CASE("SGD refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { SGD({.momentum = 1.5}); }) == "SGD: momentum is 1.5; expected a number from 0 to 1.");
}
