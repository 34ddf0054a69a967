#include "support/check_layer.hpp"

#include <cmath>
#include <thread>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/close.hpp"
#include "support/layer_probe.hpp"
#include "support/random_floats.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"
#include "xeras/layers/core/embedding.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::testing {
namespace {

// Tolerance of float kernels: a matrix product of one row may sum in another order than that of a batch.
constexpr float same_row = 1e-5f;
// Central differences of float functions, with steps 1/64 and half of it, along one random direction.
constexpr double step = 1.0 / 64;
constexpr double gradient_error = 2e-3;

std::vector<float> random_input(const Layer& layer, const Extents& extents, std::uint64_t seed) {
  std::vector<float> x = random_floats(extents.size(), seed);
  if (const auto* embedding = dynamic_cast<const layers::Embedding*>(&layer)) {
    for (float& id : x) id = std::floor(std::abs(id) * static_cast<float>(embedding->config().input_dim));
  }
  return x;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

std::vector<float> moved(std::vector<float> x, const std::vector<float>& direction, double by) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(x[i] + by * direction[i]);
  return x;
}

Extents one_row(Extents extents) {
  extents[0] = 1;
  return extents;
}

// Returns a mask of the last steps; every row keeps at least one step.
std::vector<std::uint8_t> right_padding(const Extents& input) {
  std::vector<std::uint8_t> mask(static_cast<std::size_t>(input[0] * input[1]));
  for (std::int64_t b = 0; b < input[0]; ++b) {
    for (std::int64_t t = 0; t < input[1]; ++t) mask[static_cast<std::size_t>(b * input[1] + t)] = t <= b % input[1];
  }
  return mask;
}

void check_gradients(const AnyLayer& original, const Extents& input, bool masked, bool training) {
  INFO("gradients" << (masked ? " with a mask" : "") << (training ? " in training" : ""));
  AnyLayer layer = original;
  LayerProbe probe(*layer, input, masked);
  const std::vector<std::uint8_t> mask = masked ? right_padding(input) : std::vector<std::uint8_t>();
  const std::vector<float> x = random_input(*layer, input, 21);
  const std::vector<float> dy = random_floats(probe.output_size(), 22);
  const auto loss = [&](const std::vector<float>& at) { return dot(probe.forward(at, mask, training), dy); };
  // Two step sizes cancel the error that is cubic in the step.
  const auto check = [&](double analytic, const auto& at) {
    const double numeric = (8.0 * (at(step / 2) - at(-step / 2)) - (at(step) - at(-step))) / (6.0 * step);
    CHECK(std::abs(analytic - numeric) <= gradient_error * (1.0 + std::abs(numeric)));
  };
  const LayerProbe::Gradients gradients = probe.backward(x, dy, mask, training);
  if (!gradients.input.empty()) {
    const std::vector<float> direction = random_floats(input.size(), 23);
    check(dot(gradients.input, direction), [&](double by) { return loss(moved(x, direction, by)); });
  }
  const std::vector<Variable*> variables = layer->variables();
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (!variables[i]->trainable) continue;
    INFO("weight " << variables[i]->name);
    const Tensor& weight = variables[i]->value();
    const std::vector<float> start(weight.begin(), weight.end());
    const std::vector<float> direction = random_floats(static_cast<std::int64_t>(start.size()), 24 + i);
    const auto loss_at = [&](double by) {
      const std::vector<float> there = moved(start, direction, by);
      variables[i]->assign(there.data());
      return loss(x);
    };
    check(dot(gradients.weights[i], direction), loss_at);
    loss_at(0.0);
  }
}

// Checks that a layer built before any size is known, as for the most open shape of a file, computes the same, and that
// its buffers are no smaller.
void check_open(const AnyLayer& original, const LayerCase& expected) {
  AnyLayer layer = original, open = original;
  LayerProbe probe(*layer, expected.input);
  std::optional<LayerProbe> open_probe;
  try {
    open_probe.emplace(*open, expected.input, false, true);
  } catch (const ShapeError&) {  // the layer needs to know a size
    return;
  }
  INFO("built open");
  open->set_weights(layer->get_weights());
  const std::vector<float> x = random_input(*layer, expected.input, 41);
  CHECK(open_probe->forward(x) == probe.forward(x));
  if (!expected.differentiable) return;
  const std::vector<float> dy = random_floats(expected.output.size(), 42);
  const LayerProbe::Gradients gradients = probe.backward(x, dy), open_gradients = open_probe->backward(x, dy);
  CHECK(open_gradients.input == gradients.input);
  CHECK(open_gradients.weights == gradients.weights);
  const std::vector<std::int64_t> sizes = probe.buffer_sizes(), open_sizes = open_probe->buffer_sizes();
  REQUIRE(open_sizes.size() == sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) CHECK(open_sizes[i] >= sizes[i]);
}

void check_masks(const AnyLayer& original, const LayerCase& expected) {
  AnyLayer layer = original;
  if (!(expected.passes_mask || expected.uses_mask || expected.ends_mask)) {
    CHECK_THROWS_AS(LayerProbe(*layer, expected.input, true), MaskError);
    return;
  }
  LayerProbe probe(*layer, expected.input, true);
  CHECK(probe.node().output.masked == expected.passes_mask);
  const std::vector<std::uint8_t> mask = right_padding(expected.input);
  std::vector<float> x = random_input(*layer, expected.input, 31);
  const std::vector<float> before = probe.forward(x, mask);
  if (expected.ends_mask) return;
  const std::int64_t features = expected.input.size() / static_cast<std::int64_t>(mask.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (mask[i / static_cast<std::size_t>(features)] == 0) x[i] += 3.0f;
  }
  const std::vector<float> after = probe.forward(x, mask);
  const std::size_t width = before.size() / mask.size();
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool counts = !expected.passes_mask || mask[i / width] != 0;
    if (counts && before[i] != after[i]) FAIL("a masked step changed element " << i);
  }
}

}  // namespace

void check_layer(const AnyLayer& original, const Value& reread, const LayerCase& expected) {
  INFO("layer " << original->class_name());
  CHECK(original->get_config() == reread);

  AnyLayer layer = original;
  LayerProbe probe(*layer, expected.input);
  const std::vector<float> x = random_input(*layer, expected.input, 11);
  const std::vector<float> y = probe.forward(x);
  CHECK(layer->extents_after(expected.input) == expected.output);
  CHECK(static_cast<std::int64_t>(y.size()) == expected.output.size());
  REQUIRE(layer->output_shape().rank() == expected.output.rank());
  for (std::size_t axis = 1; axis < expected.output.rank(); ++axis) {
    const Dim dim = layer->output_shape()[axis];
    CHECK((!dim.known() || dim == Dim(expected.output[axis])));
  }
  CHECK(probe.node().output.masked == expected.makes_mask);

  std::vector<std::string> weights;
  for (const Variable* variable : layer->variables()) {
    weights.push_back(variable->name + " " + shape_of(variable->value()).to_string());
  }
  CHECK(weights == expected.weights);

  AnyLayer fresh = original;
  LayerProbe fresh_probe(*fresh, expected.input);
  fresh->set_weights(layer->get_weights());
  CHECK(fresh_probe.forward(x) == y);
  CHECK(probe.forward(x) == y);

  const std::size_t input_width = x.size() / static_cast<std::size_t>(expected.input[0]);
  const std::size_t output_width = y.size() / static_cast<std::size_t>(expected.output[0]);
  LayerProbe row_probe(*layer, one_row(expected.input));
  for (std::size_t row = 0; row < static_cast<std::size_t>(expected.input[0]); ++row) {
    const auto from = static_cast<std::ptrdiff_t>(row * input_width),
               to = static_cast<std::ptrdiff_t>(row * output_width);
    const std::vector<float> alone =
        row_probe.forward({x.begin() + from, x.begin() + from + static_cast<std::ptrdiff_t>(input_width)});
    check_close(alone, {y.begin() + to, y.begin() + to + static_cast<std::ptrdiff_t>(output_width)}, same_row);
  }

  // Repeats the check in a model, through the public interface.
  Sequential model;
  model.add(original);
  std::vector<Dim> shape{None};
  std::vector<std::size_t> sizes{static_cast<std::size_t>(expected.input[0])};
  for (std::size_t axis = 1; axis < expected.input.rank(); ++axis) {
    shape.push_back(expected.input[axis]);
    sizes.push_back(static_cast<std::size_t>(expected.input[axis]));
  }
  if (!model.built()) model.build(Shape(shape));
  model.set_weights(layer->get_weights());
  xt::xarray<float> floats(sizes);
  std::copy(x.begin(), x.end(), floats.begin());
  xt::xarray<int> ids(sizes);
  std::copy(x.begin(), x.end(), ids.begin());
  const Input input = probe.node().input.dtype == DType::int32 ? Input(ids) : Input(floats);
  Tensor result;
  for (int call = 0; call < 2; ++call) model.predict(input, result);
  const AllocationCounter allocations;
  model.predict(input, result);
  CHECK(allocations.count() == 0);
  check_close({result.begin(), result.end()}, y, same_row);

  std::vector<Tensor> results(8);
  std::vector<std::thread> threads;
  for (Tensor& own : results) threads.emplace_back([&] { model.predict(input, own); });
  for (std::thread& thread : threads) thread.join();
  for (const Tensor& own : results) CHECK((own == result));

  if (expected.differentiable) {
    check_gradients(original, expected.input, false, false);
    check_gradients(original, expected.input, false, true);
    if (expected.passes_mask || expected.uses_mask) {
      check_gradients(original, expected.input, true, false);
      check_gradients(original, expected.input, true, true);
    }
  }
  check_open(original, expected);
  if (!expected.makes_mask && expected.input.rank() >= 3) check_masks(original, expected);
}

}  // namespace xeras::testing
