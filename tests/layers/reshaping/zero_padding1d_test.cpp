#include "xeras/layers/reshaping/zero_padding1d.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;
using Sequences = xt::xtensor<float, 3>;  // (batch, time, features), or a kernel

TEST_CASE("ZeroPadding1D keeps the layer contract") {
  check_layer(ZeroPadding1D(), {.input = {3, 4, 2}, .output = {3, 6, 2}});
  check_layer(ZeroPadding1D({.padding = {0, 2}, .name = "pad"}), {.input = {1, 1, 2}, .output = {1, 3, 2}});
}

TEST_CASE("ZeroPadding1D may be written as in Keras, with or without the option's name") {
  CHECK(ZeroPadding1D(2).get_config() == ZeroPadding1D({.padding = 2}).get_config());
  CHECK(ZeroPadding1D({1, 2}).get_config() == ZeroPadding1D({.padding = {1, 2}}).get_config());
  CHECK(ZeroPadding1D({1, 0}).get_config().find("padding")->to_string() == "[1, 0]");
}

TEST_CASE("ZeroPadding1D puts zeros around every sequence and drops their gradients") {
  ZeroPadding1D layer({1, 2});
  LayerProbe probe(layer, {2, 1, 2});
  CHECK(probe.forward({1, 2, 3, 4}) == std::vector<float>{0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0});
  CHECK(probe.backward({1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}).input ==
        std::vector<float>{3, 4, 11, 12});
}

TEST_CASE("ZeroPadding1D takes sequences of any length where time is open") {
  Sequential model{ZeroPadding1D({.padding = {1, 0}, .input_shape = {None, 1}})};
  CHECK(model.output_shape() == Shape({None, None, 1}));
  CHECK((model.predict(Sequences{{{3.0f}}}) == Sequences{{{0}, {3}}}));
  CHECK((model.predict(Sequences{{{3.0f}, {1.0f}}}) == Sequences{{{0}, {3}, {1}}}));
}

TEST_CASE("ZeroPadding1D refuses options that cannot be") {
  CHECK(
      message_of<InvalidArgument>([] {
        ZeroPadding1D({1, -2});
      }) ==
      "ZeroPadding1D: padding is (1, -2); expected integers from 0 to below 2^31. They are numbers of steps before the "
      "first and after the last.");
  CHECK(
      message_of<InvalidArgument>([] { ZeroPadding1D({.data_format = "channels_first"}); }) ==
      "ZeroPadding1D: data_format is \"channels_first\"; expected \"channels_last\", (batch, time, features). Put the "
      "features last, with Permute({2, 1}).");
}
