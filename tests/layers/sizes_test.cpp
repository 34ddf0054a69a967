#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

// Sizes that no memory holds, and layers of one's own that say other sizes than they mean.
using namespace xeras;
using namespace xeras::layers;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t two_to_32 = std::int64_t{1} << 32;

const std::string too_many =
    "; expected fewer than 2^45 numbers, which memory can hold. Check the sizes that the layer "
    "was given.";

struct LiarConfig {
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(LiarConfig, name, trainable)

// A layer that calls what a test gives it.
class Liar final : public LayerWith<LiarConfig> {
 public:
  using LayerWith::LayerWith;
  std::function<Spec(const Spec&, Builder&)> building = [](const Spec& input, Builder&) { return input; };
  std::function<void(const Extents&, Extents&)> sizing = [](const Extents&, Extents&) {};
  std::function<void(const Call&)> running = [](const Call&) {};
  bool passes = false;

  Spec build(const Spec& input, Builder& builder) override { return building(input, builder); }
  void output_extents(const Extents& input, Extents& output) const override { sizing(input, output); }
  bool passes_input(bool) const override { return passes; }
  void forward(const Call& call) const override {
    std::fill_n(call.output().data, call.output().size(), 1.0f);
    running(call);
  }
};

std::string message_of_building(const std::function<Spec(const Spec&, Builder&)>& building) {
  Liar liar;
  liar.building = building;
  Sequential model{std::move(liar)};
  return message_of<Error>([&] { model.build({None, 3}); });
}

std::string message_of_sizing(const std::function<void(const Extents&, Extents&)>& sizing) {
  Liar liar;
  liar.sizing = sizing;
  Sequential model{std::move(liar)};
  model.build({None, 3});
  return message_of<Error>([&] { model.predict({{1.0f, 2.0f, 3.0f}, {4.0f, 5.0f, 6.0f}}); });
}

}  // namespace

TEST_CASE("layers refuse a number of units that memory cannot hold") {
  const std::string rest =
      "units is 4611686018427387904; expected a positive integer below 2^31. It is the size of the "
      "output.";
  CHECK(message_of<InvalidArgument>([] { LSTM(std::int64_t{1} << 62); }) == "LSTM: " + rest);
  CHECK(message_of<InvalidArgument>([] { GRU(std::int64_t{1} << 62); }) == "GRU: " + rest);
  CHECK(message_of<InvalidArgument>([] { SimpleRNN(std::int64_t{1} << 62); }) == "SimpleRNN: " + rest);
  CHECK(message_of<InvalidArgument>([] { Dense(std::int64_t{1} << 62); }) == "Dense: " + rest);
}

TEST_CASE("layers name the weight that memory cannot hold") {
  CHECK(message_of<InvalidArgument>([] {
          Sequential{LSTM(2147483647, {.input_shape = {3, 2147483647}})};
        }) == "LSTM \"lstm\": weight \"kernel\" has shape (2147483647, 8589934588)" + too_many);
  CHECK(message_of<InvalidArgument>([] { Sequential{Dense(2147483647, {.input_shape = {1 << 20}})}; }) ==
        "Dense \"dense\": weight \"kernel\" has shape (1048576, 2147483647)" + too_many);
}

TEST_CASE("layers refuse an input that memory cannot hold") {
  CHECK(message_of<InvalidArgument>([] {
          Sequential{Flatten({.input_shape = {largest, largest}})};
        }) ==
        "layer 0 \"flatten\" (Flatten): input has shape (None, 9223372036854775807, 9223372036854775807)" + too_many);
  CHECK(message_of<InvalidArgument>([] { Sequential{Embedding(3, 2, {.input_length = largest})}; }) ==
        "layer 0 \"embedding\" (Embedding): input has shape (None, 9223372036854775807)" + too_many);
  CHECK(message_of<InvalidArgument>([] {
          Sequential(Dense(2)).build({largest, 0});
        }) == "layer 0 \"dense\" (Dense): input has shape (9223372036854775807, 0)" + too_many);
}

TEST_CASE("layers refuse an input of more than eight axes") {
  CHECK(message_of<ShapeError>([] {
          Sequential{Flatten({.input_shape = {1, 1, 1, 1, 1, 1, 1, 1}})};
        }) ==
        "layer 0 \"flatten\" (Flatten): input has shape (None, 1, 1, 1, 1, 1, 1, 1, 1); expected at most 8 axes. Join "
        "some with Reshape.");
}

TEST_CASE("Reshape names the sizes whose product 64 bits do not hold") {
  CHECK(
      message_of<InvalidArgument>([] {
        Reshape({two_to_32, two_to_32, 3});
      }) ==
      "Reshape: target_shape: 4294967296 * 4294967296 is more than 2^63; expected sizes that memory can hold. Make one "
      "of them smaller.");
  CHECK(
      message_of<InvalidArgument>([] {
        Reshape({0, largest, 3});
      }) ==
      "Reshape: target_shape: 9223372036854775807 * 3 is more than 2^63; expected sizes that memory can hold. Make one "
      "of them smaller.");
}

TEST_CASE("UpSampling1D names the steps and the size whose product 64 bits do not hold") {
  CHECK(message_of<InvalidArgument>([] {
          Sequential{UpSampling1D({.size = 2147483647, .input_shape = {std::int64_t{1} << 40, 1}})};
        }) ==
        "layer 0 \"up_sampling1d\" (UpSampling1D): 1099511627776 * 2147483647 is more than 2^63; expected sizes "
        "that memory can hold. Make one of them smaller.");
}

TEST_CASE("layers that lengthen a sequence refuse an output that memory cannot hold") {
  CHECK(message_of<InvalidArgument>([] { Sequential{RepeatVector(2147483647, {.input_shape = {1 << 20}})}; }) ==
        "layer 0 \"repeat_vector\" (RepeatVector): output has shape (None, 2147483647, 1048576)" + too_many);
  CHECK(message_of<InvalidArgument>([] {
          Sequential{ZeroPadding1D({.padding = 2147483647, .input_shape = {1, 1 << 14}})};
        }) == "layer 0 \"zero_padding1d\" (ZeroPadding1D): output has shape (None, 4294967295, 16384)" + too_many);
}

TEST_CASE("layers that lengthen a sequence of open length name the batch that memory cannot hold") {
  Sequential model{UpSampling1D({.size = 2147483647, .input_shape = {None, 1}})};
  const xt::xarray<float> x = xt::ones<float>({1, 20000, 1});
  CHECK(message_of<InvalidInput>([&] { model.predict(x); }) ==
        "UpSampling1D \"up_sampling1d\": a batch of shape (1, 20000, 1) gives an output of shape (1, 42949672940000, "
        "1); expected fewer than 2^45 numbers, which memory can hold. Use smaller batches.");
}

TEST_CASE("Builder::scratch and saved refuse what memory cannot hold") {
  const std::string who = "layer 0 \"liar\" (Liar): a ";
  CHECK(message_of_building([](const Spec& input, Builder& builder) {
          builder.scratch({std::int64_t{1} << 62});
          return input;
        }) == who + "scratch buffer has shape (4611686018427387904,)" + too_many);
  CHECK(message_of_building([](const Spec& input, Builder& builder) {
          builder.saved({None, std::int64_t{1} << 62});
          return input;
        }) == who + "saved buffer has shape (None, 4611686018427387904)" + too_many);
}

TEST_CASE("Builder::scratch refuses a buffer that only the batch makes too large") {
  Liar liar;
  liar.building = [](const Spec& input, Builder& builder) {
    builder.scratch({None, std::int64_t{1} << 44});
    return input;
  };
  Sequential model{std::move(liar)};
  model.build({None, 3});
  const xt::xarray<float> x = xt::ones<float>({4, 3});
  CHECK(message_of<InvalidInput>([&] { model.predict(x); }) ==
        "Liar \"liar\": a batch of shape (4, 3) needs a buffer of shape (4, 17592186044416); expected fewer than 2^45 "
        "numbers, which memory can hold. Use smaller batches.");
}

TEST_CASE("Builder::state refuses what memory cannot hold") {
  CHECK(message_of_building([](const Spec& input, Builder& builder) {
          builder.state({1 << 30, 1 << 20});
          return input;
        }) == "layer 0 \"liar\" (Liar): a state has shape (1073741824, 1048576)" + too_many);
}

TEST_CASE("Layer::build must give the batch of its input") {
  CHECK(message_of_building([](const Spec&, Builder&) {
          return Spec{{5, 3}};
        }) ==
        "layer 0 \"liar\" (Liar): build returns (5, 3) for input (None, 3); expected the batch, None, as the first "
        "axis. A layer returns as many samples as it gets.");
  CHECK(message_of_building([](const Spec&, Builder&) { return Spec{Shape()}; }) ==
        "layer 0 \"liar\" (Liar): build returns () for input (None, 3); expected the batch, None, as the first axis. A "
        "layer returns as many samples as it gets.");
}

TEST_CASE("Layer::build must give floats or ids") {
  CHECK(message_of_building([](const Spec& input, Builder&) {
          return Spec{input.shape, DType::string};
        }) == "layer 0 \"liar\" (Liar): build returns strings; expected floats or ids. Layers cannot return strings.");
}

TEST_CASE("Builder gives a buffer the axes of the input that its shape names") {
  // As an attention's scores: (batch, heads, time, time).
  const auto sizes_for = [](const Shape& built, std::initializer_list<std::size_t> batch) {
    Liar liar;
    Buffer scores{}, rows{};
    Extents seen[2];
    liar.building = [&](const Spec& input, Builder& builder) {
      scores = builder.saved({input.shape[0], 2, input.shape[1], input.shape[1]});
      rows = builder.scratch({None, input.shape[1] * input.shape[2] * 3});
      return input;
    };
    liar.running = [&](const Call& call) { seen[0] = call[scores].extents, seen[1] = call[rows].extents; };
    Sequential model{std::move(liar)};
    model.build(built);
    model.predict(xt::xarray<float>(xt::ones<float>(std::vector<std::size_t>(batch))));
    return seen[0].to_string() + " " + seen[1].to_string();
  };
  CHECK(sizes_for({None, 7, 3}, {4, 7, 3}) == "(4, 2, 7, 7) (4, 63)");
  CHECK(sizes_for({None, None, 3}, {4, 7, 3}) == "(4, 2, 7, 7) (4, 63)");
  CHECK(sizes_for({None, None, None}, {4, 5, 6}) == "(4, 2, 5, 5) (4, 90)");
}

TEST_CASE("Builder refuses a buffer with an axis that names none of the input") {
  const auto message = [](int axis, const char* kind, const char* shape) {
    return fmt::format(
        "layer 0 \"liar\" (Liar): axis {} of a {} buffer of shape {} is None; expected a size, or an axis of the "
        "input, "
        "(None, 3). Write input.shape[1] for one as long as axis 1 of the input.",
        axis, kind, shape);
  };
  CHECK(message_of_building([](const Spec& input, Builder& builder) {
          builder.saved({None, 2, None, None});
          return input;
        }) == message(2, "saved", "(None, 2, None, None)"));
  CHECK(message_of_building([](const Spec& input, Builder& builder) {
          builder.scratch({2, Dim::input_axis(5)});
          return input;
        }) == message(1, "scratch", "(2, None)"));
}

TEST_CASE("Builder refuses an output with an open axis that the layer does not set") {
  CHECK(message_of_building([](const Spec& input, Builder&) {
          return Spec{{input.shape[0], 2, None}};
        }) ==
        "layer 0 \"liar\" (Liar): axis 2 of the output, (None, 2, None), is None; expected a size, or an axis of the "
        "input, (None, 3). Write input.shape[1] for one as long as axis 1 of the input, or override output_extents.");
}

TEST_CASE("Builder gives a buffer the axis of the output that output_extents sets") {
  Liar liar;
  Buffer buffer{};
  Extents seen;
  liar.building = [&](const Spec& input, Builder& builder) {
    const Spec output{{input.shape[0], None, 2}};
    buffer = builder.scratch({Dim::output_axis(1), 5});
    return output;
  };
  liar.sizing = [](const Extents&, Extents& output) { output[1] = 4; };
  liar.running = [&](const Call& call) { seen = call[buffer].extents; };
  Sequential model{std::move(liar)};
  model.build({None, 3});
  CHECK(extents_of(model.predict({{1.0f, 2.0f, 3.0f}})).to_string() == "(1, 4, 2)");
  CHECK(seen.to_string() == "(4, 5)");
}

TEST_CASE("Layer::output_extents must give what build said") {
  const auto message = [](const char* sizes) {
    return std::string("Liar \"liar\": output_extents gives ") + sizes +
           " for a batch of shape (2, 3); expected (2, 3), as build returned. Correct one of them.";
  };
  CHECK(message_of_sizing([](const Extents&, Extents& output) { output[0] *= 2; }) == message("(4, 3)"));
  CHECK(message_of_sizing([](const Extents&, Extents& output) { output[1] = 2; }) == message("(2, 2)"));
  CHECK(message_of_sizing([](const Extents&, Extents& output) { output = {2}; }) == message("(2,)"));
}

TEST_CASE("Layer::output_extents must not give an axis below 0") {
  Liar liar;
  liar.building = [](const Spec& input, Builder&) { return Spec{{input.shape[0], None}}; };
  liar.sizing = [](const Extents&, Extents& output) { output[1] = -3; };
  Sequential model{std::move(liar)};
  model.build({None, 3});
  CHECK(message_of<ShapeError>([&] {
          model.predict({{1.0f, 2.0f, 3.0f}});
        }) ==
        "Liar \"liar\": output_extents gives (1, -3) for a batch of shape (1, 3); expected (1, None), as build "
        "returned. Correct one of them.");
}

TEST_CASE("Layer::passes_input needs an output as large as the input") {
  Liar liar;
  liar.building = [](const Spec& input, Builder&) { return Spec{{input.shape[0], 9}}; };
  liar.passes = true;
  Sequential model{std::move(liar)};
  model.build({None, 3});
  CHECK(message_of<ShapeError>([&] {
          model.predict({{1.0f, 2.0f, 3.0f}});
        }) ==
        "Liar \"liar\": passes_input is true for floats of shape (1, 3) and an output of shape (1, 9); expected "
        "floats, and an output of the same size. Return false, and override forward and backward.");
}

TEST_CASE("Masking refuses a mask_value that no input has") {
  CHECK(message_of<InvalidArgument>([] {
          Sequential{Masking({.mask_value = std::nan(""), .input_shape = {2, 3}})};
        }) ==
        "layer 0 \"masking\" (Masking): mask_value is nan; expected a finite number. A step is masked if all its "
        "features equal it.");
}
