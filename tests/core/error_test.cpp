#include "xeras/core/error.hpp"

#include "catch.hpp"

using namespace xeras;

TEST_CASE("unknown_name offers the nearest spelling, whatever the case") {
  CHECK(unknown_name("activation", "rellu", {"tanh", "relu", "elu"}) ==
        "activation \"rellu\" is unknown; did you mean \"relu\"? Known: elu, relu, tanh.");
  CHECK(unknown_name("activation", "ReLU", {"tanh", "relu"}) ==
        "activation \"ReLU\" is unknown; did you mean \"relu\"? Known: relu, tanh.");
}

TEST_CASE("unknown_name offers nothing for a name that is far from all") {
  CHECK(unknown_name("loss", "perplexity", {"mse", "mae"}) ==
        "loss \"perplexity\" is unknown; expected one of the known names. Known: mae, mse.");
}

TEST_CASE("unknown_name shows a line of a name, and offers nothing for one of a megabyte") {
  CHECK(unknown_name("layer", std::string(1000000, 'a'), {"LSTM"}) ==
        "layer \"" + std::string(100, 'a') + "...\" is unknown; expected one of the known names. Known: LSTM.");
}

TEST_CASE("every error of the library is an Error and a runtime_error") {
  CHECK_THROWS_AS(throw MaskError("x"), Error);
  CHECK_THROWS_AS(throw InvalidInput("x"), std::runtime_error);
}

TEST_CASE("unknown_name says that there are no names") {
  CHECK(unknown_name("history", "loss", {}) == "history \"loss\" is unknown; there are none.");
}
