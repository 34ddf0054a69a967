// Whatever save and to_json write for a model that can be built, load_model and model_from_json read. The models of
// golden files are tried where they are played (support/golden.cpp); here are random ones.
#include <fmt/format.h>

#include "catch.hpp"
#include "support/every_format.hpp"
#include "support/random_stack.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::Draw, xeras::testing::lost_in_files, xeras::testing::own_layers, xeras::testing::random_stack,
    xeras::testing::Stack;

namespace {

const xt::xarray<int>& texts() {
  static const auto& x = *new xt::xarray<int>{{1, 0, 5, 11, 0, 0}, {2, 3, 4, 0, 6, 7}};
  return x;
}

// Lambda has no configuration, and a file cannot tell a layer of one's own from that of the library of the same name.
bool goes_into_files(Layer& layer) {
  for (AnyLayer& within : layer.children()) {
    if (!goes_into_files(*within)) return false;
  }
  const bool is_other_dense = layer.class_name() == "Dense" && dynamic_cast<Dense*>(&layer) == nullptr;
  return layer.class_name() != "Lambda" && !is_other_dense;
}

// The same layers, some of them together in models within, and what a Flatten needs to know behind them.
std::optional<Sequential> nested(const Sequential& model, Draw& draw) {
  Sequential result;
  Sequential within;
  const auto end_within = [&] {
    if (within.layers().empty()) return;
    result.add(std::exchange(within, Sequential()));
  };
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    AnyLayer layer = model.layers()[i];
    if (draw.yes()) {
      within.add(std::move(layer));
    } else {
      end_within();
      result.add(std::move(layer));
    }
  }
  end_within();
  try {
    result.add(StripMask());
  } catch (const Error&) {  // there is no mask
  }
  if (model.output_shape().rank() > 2 && draw.yes()) {
    result.add(Flatten());
    result.add(Dense(1));
  }
  return result;
}

}  // namespace

TEST_CASE("Random models come back from every format, flat and nested, of open and of fixed length", "[slow]") {
  std::size_t models = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::optional<Stack> stack = random_stack(seed, true);
    if (!stack) continue;
    Draw draw(seed, false);
    std::vector<Sequential> tried;
    tried.push_back(stack->open.clone());
    tried.push_back(stack->fixed.clone());
    for (const Sequential* flat : {&stack->open, &stack->fixed}) {
      try {
        tried.push_back(*nested(*flat, draw));
      } catch (const Error&) {  // Dense behind Flatten, of an open length
      }
    }
    for (Sequential& model : tried) {
      if (!goes_into_files(model)) continue;
      ++models;
      const std::vector<std::string> lost = lost_in_files(model, texts(), own_layers());

      for (const std::string& sentence : lost)
        FAIL_CHECK("seed " << seed << ": " << sentence << "\n" << model.to_json());
    }
  }
  CHECK(models > 500);
}

TEST_CASE("A nested model that is not first comes back, whatever the layers behind it need to know") {
  Sequential dense{Dense(2)};
  Sequential flat{Dense(3, {.input_shape = {4, 3}}), std::move(dense), Flatten(), Dense(1)};
  CHECK(lost_in_files(flat, xt::xarray<float>(xt::ones<float>({2, 4, 3}))).empty());

  Sequential recurrent{LSTM(2, {.return_sequences = true})};
  Sequential texts_of_four{Embedding(6, 3, {.input_length = 4}), std::move(recurrent), Flatten(), Dense(1)};
  CHECK(lost_in_files(texts_of_four, {{1, 2, 3, 4}}).empty());

  Sequential stateful{Dense(3), GRU(2, {.stateful = true})};
  Sequential of_two{Dense(3), std::move(stateful), Dense(1)};
  of_two.build({2, 4, 3});
  CHECK(lost_in_files(of_two, xt::xarray<float>(xt::ones<float>({2, 4, 3}))).empty());

  Sequential deep{Dense(2)};
  for (int depth = 0; depth < 20; ++depth) {
    Sequential outer;
    outer.add(std::move(deep));
    deep = std::move(outer);
  }
  Sequential model{Dense(3, {.input_shape = {4, 3}}), std::move(deep), Flatten(), Dense(1)};
  CHECK(lost_in_files(model, xt::xarray<float>(xt::ones<float>({2, 4, 3}))).empty());
}
