#include "xeras/layers/core/masking.hpp"

#include <sstream>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("Masking keeps the layer contract") {
  check_layer(Masking(), {.input = {2, 3, 4}, .output = {2, 3, 4}, .makes_mask = true});
  check_layer(Masking({.mask_value = -1.0}), {.input = {1, 1, 1}, .output = {1, 1, 1}, .makes_mask = true});
}

TEST_CASE("Masking masks a step when all its features have the value, and sets it to 0") {
  Masking layer({.mask_value = -1.0});
  LayerProbe probe(layer, {1, 3, 2});
  CHECK(probe.forward({-1, -1, -1, 2, 0, 0}) == std::vector<float>{0, 0, -1, 2, 0, 0});
  CHECK(probe.output_mask() == std::vector<std::uint8_t>{0, 1, 1});
  CHECK(probe.backward({-1, -1, -1, 2, 0, 0}, {1, 2, 3, 4, 5, 6}).input == std::vector<float>{0, 0, 3, 4, 5, 6});
}

TEST_CASE("Masking names itself when a later layer takes no masks") {
  Sequential model{Masking({.input_shape = Shape{3, 2}, .name = "steps"})};
  CHECK(message_of<MaskError>([&] { model.add(Flatten()); }) ==
        "layer 1 \"flatten\" (Flatten): input carries a mask from Masking \"steps\", which Flatten does not support; "
        "expected no mask.\n"
        "  Use a layer that takes masks (LSTM, GRU, GlobalAveragePooling1D), put StripMask() before it, or "
        "leave "
        "the Masking layer out.");
}

TEST_CASE("Masking replaces a mask that comes in") {
  Sequential model{Embedding(5, 1, {.embeddings_initializer = "ones", .mask_zero = true}), Masking(),
                   GlobalAveragePooling1D()};
  std::ostringstream out;
  model.summary(out);
  CHECK(out.str().find("masking (Masking)                                 │ (None, None, 1) │       0 │ made") !=
        std::string::npos);
  CHECK(model.predict({{1, 0}})(0) == 1.0f);
}

TEST_CASE("Masking takes mask_value without its name") { CHECK(Masking(-1).config().mask_value == -1.0); }
