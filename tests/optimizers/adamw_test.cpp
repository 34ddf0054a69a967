#include "xeras/optimizers/adamw.hpp"

#include <functional>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using testing::check_sparse;

// golden/optimizers.json has ten steps of Keras with all options: see io/optimizer_trajectories_test.cpp.

TEST_CASE("AdamW is an Adam that decays", "[optimizers]") {
  testing::Training by_adam, by_adamw;
  Adam adam({.learning_rate = 0.1, .beta_1 = 0.8, .weight_decay = 0.2});
  AdamW adamw({.learning_rate = 0.1, .weight_decay = 0.2, .beta_1 = 0.8});
  by_adam.run(adam);
  by_adamw.run(adamw);
  CHECK(by_adam.a == by_adamw.a);
  CHECK(AdamW().config().weight_decay == 0.004);
  CHECK(AdamW(0.5).learning_rate() == 0.5);
  check_sparse<AdamW>(AdamWOptions{.amsgrad = true});
}

TEST_CASE("AdamW allocates nothing in a warm step with rows that decay", "[optimizers]") {
  AdamW adamw;
  std::vector<float> w(8), g{1.0f, 2.0f};
  const std::int32_t row[] = {1};
  const auto step = [&] {
    std::array<Parameter, 1> parameters{Parameter{w.data(), {4, 2}, nullptr, {g.data(), row, true}, true}};
    adamw.catch_up(0, w.data(), row);
    adamw.apply(parameters);
  };
  step();
  const testing::AllocationCounter allocations;
  step();
  CHECK(allocations.count() == 0);
}

TEST_CASE("AdamW refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { AdamW({.weight_decay = {}}); }) ==
        "AdamW: weight_decay is None; expected a finite number >= 0. Use Adam for no weight decay.");
  CHECK(refuse([] { AdamW({.weight_decay = -1}); }) == "AdamW: weight_decay is -1; expected a finite number >= 0.");
  CHECK(refuse([] { AdamW({.beta_1 = 1}); }) == "AdamW: beta_1 is 1; expected a number in [0, 1).");
}
