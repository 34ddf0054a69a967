#include "xeras/optimizers/lamb.hpp"

#include <functional>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;
using testing::check_sparse;

// golden/optimizers.json has ten steps of Keras with all options: see io/optimizer_trajectories_test.cpp.

TEST_CASE("Lamb moves by a share of the weights' norm", "[optimizers]") {
  // Corrected, m / sqrt(v) is the sign of g in the first step: |w| = 5 and |d| = sqrt(2); a parameter of 0 has ratio 1.
  Lamb lamb({.learning_rate = 0.1, .epsilon = 0.0});
  Tensor w{3.0f, 4.0f}, zero{0.0f};
  lamb.apply({Tensor{0.5f, -2.0f}, Tensor{3.0f}}, {&w, &zero});
  CHECK_THAT(w[0], WithinAbs(3.0 - 0.5 / std::sqrt(2.0), 1e-5));
  CHECK_THAT(w[1], WithinAbs(4.0 + 0.5 / std::sqrt(2.0), 1e-5));
  CHECK_THAT(zero[0], WithinAbs(-0.1, 1e-5));
  check_sparse<Lamb>(LambOptions{.weight_decay = 0.1});
}

TEST_CASE("Lamb refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Lamb({.beta_1 = 1}); }) == "Lamb: beta_1 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Lamb({.beta_2 = 1}); }) == "Lamb: beta_2 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Lamb({.epsilon = -1}); }) == "Lamb: epsilon is -1; expected a finite number >= 0.");
}
