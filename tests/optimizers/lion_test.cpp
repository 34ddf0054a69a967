#include "xeras/optimizers/lion.hpp"

#include <functional>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;

// golden/optimizers.json has ten steps of Keras with all options: see io/optimizer_trajectories_test.cpp.

TEST_CASE("Lion moves by the sign of gradient and momentum", "[optimizers]") {
  // m = 1, then 0.5 1 - 0.5 3 < 0, then m = 0.5 1 - 0.5 3 = -1, whose sign counts without gradient.
  Lion lion({.learning_rate = 1.0, .beta_1 = 0.5, .beta_2 = 0.5});
  Tensor w{0.0f, 5.0f};
  lion.apply({Tensor{2.0f, 0.0f}}, {&w});
  CHECK(w[0] == -1.0f);
  lion.apply({Tensor{-3.0f, 0.0f}}, {&w});
  CHECK(w[0] == 0.0f);
  lion.apply({Tensor{0.0f, 0.0f}}, {&w});
  CHECK(w[0] == 1.0f);
  CHECK(w[1] == 5.0f);
  testing::check_sparse<Lion>(LionOptions{.clipvalue = 0.5});
}

TEST_CASE("Lion moves a row until its momentum is too small for a float", "[optimizers]") {
  // 2^-10 halves 117 times before it is below 2^-126.
  for (const std::int64_t steps : {100, 117, 118, 200}) {
    Lion postponing({.learning_rate = 1.0, .beta_2 = 0.5, .weight_decay = 0.001}), dense = postponing;
    std::vector<float> w{0, 0}, dense_w{0, 0}, g{1.0f}, all{0x1p-9f, 0.0f};
    g[0] = all[0];
    const std::int32_t first[] = {0}, second[] = {1};
    for (std::int64_t t = 0; t <= steps; ++t) {
      std::array<Parameter, 1> rows{
          Parameter{w.data(), {2, 1}, nullptr, {g.data(), t == 0 ? std::span(first) : std::span(second), true}, true}};
      postponing.apply(rows);
      all[1] = t == 0 ? 0.0f : g[0];
      std::array<Parameter, 1> whole{Parameter{dense_w.data(), {2, 1}, nullptr, {all.data(), {}, false}}};
      dense.apply(whole);
      all[0] = 0.0f;
    }
    postponing.catch_up(0, w.data());
    CHECK_THAT(w[0], WithinAbs(dense_w[0], 1e-4));  // about -100
    CHECK_THAT(w[1], WithinAbs(dense_w[1], 1e-4));
  }
}

TEST_CASE("Lion refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Lion({.beta_1 = 0}); }) == "Lion: beta_1 is 0; expected a number in (0, 1].");
  CHECK(refuse([] { Lion({.beta_2 = 2}); }) == "Lion: beta_2 is 2; expected a number from 0 to 1.");
}
