#include "support/threads.hpp"

#include "catch.hpp"
#include "support/layer_probe.hpp"
#include "support/random_floats.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::LayerProbe;
using xeras::testing::random_floats;
using xeras::testing::Threads;

namespace {

// Large enough that work is split.
const Extents input{8, 200, 70};

struct Results {
  std::vector<float> output, input_grad;
  std::vector<std::vector<float>> weight_grads;
  bool operator==(const Results&) const = default;
};

void check_threads(const AnyLayer& original, bool masked = false) {
  INFO(original->class_name() << " " << original->get_config().to_string());
  const auto results = [&](int threads) {
    const Threads so_many(threads);
    set_random_seed(1);
    AnyLayer layer = original;
    LayerProbe probe(*layer, input, masked);
    const std::vector<float> x = random_floats(input.size(), 1), dy = random_floats(probe.output_size(), 2);
    std::vector<std::uint8_t> mask(masked ? static_cast<std::size_t>(input[0] * input[1]) : 0);
    for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = i % 3 != 0;
    const std::vector<float> output = probe.forward(x, mask, true);
    const LayerProbe::Gradients gradients = probe.backward(x, dy, mask, true);
    return Results{output, gradients.input, gradients.weights};
  };
  CHECK(results(3) == results(1));
}

}  // namespace

TEST_CASE("Layers give the same bits with any number of threads") {
  check_threads(Activation("tanh"));
  check_threads(Activation("gelu"));
  check_threads(Activation("softmax"));
  check_threads(Softmax());
  check_threads(Dense(30, {.activation = "relu"}));
  check_threads(Conv1D(70, 3, {.padding = "same", .activation = "gelu"}));
  check_threads(Conv1D(70, 3, {.padding = "causal", .dilation_rate = 2}));
  check_threads(Conv1D(70, 2, {.strides = 2, .groups = 7}));
  check_threads(SeparableConv1D(30, 3, {.padding = "same", .activation = "relu"}));
  check_threads(SeparableConv1D(30, 2, {.depth_multiplier = 2}));
  check_threads(MaxPooling1D({.pool_size = 3, .strides = 2}));
  check_threads(AveragePooling1D({.pool_size = 3, .strides = 2}));
  for (const bool masked : {false, true}) {
    check_threads(GlobalMaxPooling1D(), masked);
    check_threads(GlobalAveragePooling1D(), masked);
    check_threads(BatchNormalization(), masked);
  }
  check_threads(LayerNormalization());
  check_threads(LayerNormalization({.axis = {1}}));
  check_threads(UnitNormalization());
  check_threads(Dropout(0.3));
  check_threads(Dropout(0.3, {.noise_shape = {None, 1, None}}));
  check_threads(Dropout(0.3, {.noise_shape = {1, None, 1}}));
  check_threads(SpatialDropout1D(0.3));
  check_threads(AlphaDropout(0.3, {.noise_shape = {None, None, 1}}));
  check_threads(GaussianNoise(0.3));
  check_threads(GaussianDropout(0.3));
}
