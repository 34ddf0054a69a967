#include "xeras/optimizers/adadelta.hpp"

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

TEST_CASE("Adadelta moves by the root of its moves over the root of gradients", "[optimizers]") {
  // a = 0.5 g^2 = 2, d = sqrt(1) / sqrt(3) g; then b = 0.5 d^2 = 2 / 3, a = 1, d = sqrt(5 / 3) / sqrt(2) 0.
  Adadelta adadelta({.learning_rate = 1.0, .rho = 0.5, .epsilon = 1.0});
  Tensor w{0.0f};
  adadelta.apply({Tensor{2.0f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(-2.0 / std::sqrt(3.0), keras_tolerance));
  adadelta.apply({Tensor{1.0f}}, {&w});  // a = 1 + 0.5 = 1.5
  CHECK_THAT(w[0], WithinAbs(-2.0 / std::sqrt(3.0) - std::sqrt(5.0 / 3.0) / std::sqrt(2.5), keras_tolerance));
  check_sparse<Adadelta>(AdadeltaOptions{.clipvalue = 0.5});
}

TEST_CASE("Adadelta refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Adadelta({.rho = 2}); }) == "Adadelta: rho is 2; expected a number from 0 to 1.");
  CHECK(refuse([] { Adadelta({.epsilon = -1}); }) == "Adadelta: epsilon is -1; expected a finite number >= 0.");
}
