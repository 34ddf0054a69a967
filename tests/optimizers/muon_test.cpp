#include "xeras/optimizers/muon.hpp"

#include <functional>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"
#include "xeras/optimizers/adamw.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;
using testing::check_sparse;
using testing::keras_tolerance;

// golden/optimizers.json has ten steps of Keras with all options: see io/optimizer_trajectories_test.cpp.

TEST_CASE("Muon moves a matrix by a nearly orthogonal one", "[optimizers]") {
  // One step of 1.5 X - 0.5 X X' X keeps an orthogonal X; here X is a rotation over its norm, sqrt(2).
  const MuonOptions options{.learning_rate = 1.0,
                            .weight_decay = {},
                            .muon_a = 1.5,
                            .muon_b = -0.5,
                            .muon_c = 0.0,
                            .ns_steps = 1,
                            .rms_rate = {}};
  Muon muon(options);
  Tensor w{{0.0f, 0.0f}, {0.0f, 0.0f}};
  muon.apply({Tensor{{0.0f, -1.0f}, {1.0f, 0.0f}}}, {&w});
  const double x = 1.0 / std::sqrt(2.0), moved = 1.5 * x - 0.5 * x * x * x;
  CHECK_THAT(w(0, 0), WithinAbs(0.0, keras_tolerance));
  CHECK_THAT(w(0, 1), WithinAbs(moved, keras_tolerance));
  CHECK_THAT(w(1, 0), WithinAbs(-moved, keras_tolerance));
  check_sparse<Muon>(MuonOptions{.clipnorm = 1.0});
}

TEST_CASE("Muon treats a tall matrix as its transpose", "[optimizers]") {
  const RandomStream random(3);
  Tensor wide = xt::zeros<float>({2, 5}), tall = xt::zeros<float>({5, 2}), g = wide, transposed = tall;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      g(i, j) = transposed(j, i) = static_cast<float>(random.uniform(5 * i + j) - 0.5);
    }
  }
  Muon muon;
  for (int step = 0; step < 3; ++step) muon.apply({g, transposed}, {&wide, &tall});
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 5; ++j) CHECK_THAT(wide(i, j), WithinAbs(tall(j, i), keras_tolerance));
  }
}

TEST_CASE("Muon is AdamW for a vector", "[optimizers]") {
  Muon muon({.learning_rate = 0.1, .adam_weight_decay = 0.2, .adam_lr_ratio = 1.0});
  AdamW adamw({.learning_rate = 0.1, .weight_decay = 0.2});
  Tensor by_muon{1.0f, 2.0f}, by_adamw = by_muon;
  for (int step = 0; step < 3; ++step) {
    muon.apply({Tensor{0.5f, -1.0f}}, {&by_muon});
    adamw.apply({Tensor{0.5f, -1.0f}}, {&by_adamw});
  }
  CHECK((by_muon == by_adamw));
}

TEST_CASE("Muon refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Muon({.adam_beta_1 = 1}); }) == "Muon: adam_beta_1 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Muon({.adam_beta_2 = 1}); }) == "Muon: adam_beta_2 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Muon({.adam_weight_decay = -1}); }) ==
        "Muon: adam_weight_decay is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Muon({.epsilon = -1}); }) == "Muon: epsilon is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Muon({.exclude_layers = {"("}}); }) ==
        "Muon: exclude_layers has \"(\"; expected regular expressions.");
  CHECK(refuse([] { Muon({.muon_a = INFINITY}); }) == "Muon: muon_a is inf; expected a finite number.");
  CHECK(refuse([] { Muon({.adam_lr_ratio = -1}); }) == "Muon: adam_lr_ratio is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Muon({.momentum = 2}); }) == "Muon: momentum is 2; expected a number from 0 to 1.");
  CHECK(refuse([] { Muon({.ns_steps = -1}); }) == "Muon: ns_steps is -1; expected an integer >= 0.");
  CHECK(refuse([] { Muon({.rms_rate = -1}); }) == "Muon: rms_rate is -1; expected a finite number >= 0.");
}
