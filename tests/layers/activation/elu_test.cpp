#include "xeras/layers/activation/elu.hpp"

#include <limits>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/close.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("ELU keeps the layer contract") {
  check_layer(ELU(), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  check_layer(ELU({.alpha = 0.5}), {.input = {3, 4}, .output = {3, 4}});
}

TEST_CASE("ELU goes to -alpha below 0") {
  constexpr double tolerance = 1e-6;
  ELU layer({.alpha = 2.0});
  LayerProbe probe(layer, {1, 3});
  // 2 (exp(-2) - 1), and its slope 2 exp(-2).
  check_close(probe.forward({-2, 3, -100}), {-1.729329f, 3, -2}, tolerance);
  check_close(probe.backward({-2, 3, -100}, {1, 1, 1}).input, {0.2706705f, 1, 0}, tolerance);
}

TEST_CASE("ELU with an alpha below 0 rises to both sides, as in Keras") {
  constexpr double tolerance = 1e-6;
  ELU layer({.alpha = -2.0});
  LayerProbe probe(layer, {1, 3});
  // -2 (exp(-2) - 1), and its slope -2 exp(-2).
  check_close(probe.forward({-2, 3, -100}), {1.729329f, 3, 2}, tolerance);
  check_close(probe.backward({-2, 3, -100}, {1, 1, 1}).input, {-0.2706705f, 1, 0}, tolerance);
  check_layer(ELU({.alpha = -0.5}), {.input = {3, 4}, .output = {3, 4}});
}

TEST_CASE("ELU refuses an alpha that is not finite") {
  CHECK(message_of<InvalidArgument>([] { ELU({.alpha = std::numeric_limits<double>::infinity()}); }) ==
        "ELU: alpha is inf; expected a finite number.");
}

TEST_CASE("ELU takes alpha without its name") {
  CHECK(ELU(2).config().alpha == 2.0);
  CHECK(ELU(0.5f).config().alpha == 0.5);
}
