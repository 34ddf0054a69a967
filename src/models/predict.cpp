#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "models/batch.hpp"
#include "models/progress.hpp"
#include "models/sequential_state.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

void resize(Tensor& tensor, const Extents& extents) {
  if (tensor.dimension() == extents.rank() && extents_of(tensor) == extents) return;
  Tensor::shape_type shape(extents.rank());
  for (std::size_t axis = 0; axis < extents.rank(); ++axis) shape[axis] = static_cast<std::size_t>(extents[axis]);
  tensor.resize(shape);
}

// The predictions of one batch, ids as floats.
void run(std::span<const Node> nodes, Workspace& workspace, const AnyView& x, View y) {
  Pass::forward_chain(nodes, workspace, {x}, y);
  if (nodes.back().output.dtype != DType::int32) return;
  const auto* const ids = reinterpret_cast<const std::int32_t*>(y.data);
  for (std::int64_t i = 0; i < y.size(); ++i) y.data[i] = static_cast<float>(ids[i]);
}

}  // namespace

void Sequential::predict(const Input& x, Tensor& result, PredictOptions options) const try {
  const MaskedTraps masked;
  if (!built()) {
    throw ShapeError(
        fmt::format("{}: predict before the input shape is known; expected a built model. Give the first "
                    "layer an input_shape, or call build or fit first.",
                    who()));
  }
  check_own_plan("predict");
  check_x("predict", *input_, x);
  const std::int64_t batch_size = batch_size_for("predict", *input_, x.length(), options.batch_size);
  Extents output = x.extents();
  output_extents(x.extents(), output);
  resize(result, output);
  const std::int64_t samples = x.length();
  if (samples == 0) return;
  const std::int64_t width = output.size() / samples;
  const WorkspacePool::Lease lease(state().workspaces, state().sizes.has_states);
  Workspace& workspace = *lease;
  std::optional<Progress> progress;
  if (options.verbose > 0) progress.emplace(options.verbose, number_of_batches(samples, batch_size));
  for (std::int64_t first = 0; first < samples; first += batch_size) {
    const std::int64_t count = std::min(batch_size, samples - first);
    workspace.prepare(state().sizes, count);
    workspace.training = workspace.keep = workspace.collect_losses = false;
    const AnyView input = bind_x("predict", *input_, state().ignores_padding, workspace, x, {first, count});
    Extents extents = output;
    extents[0] = count;
    run(state().nodes, workspace, input, {result.data() + first * width, extents});
    if (progress) progress->batch([] { return Scores(); });
  }
  if (progress) progress->end({});
} catch (...) {
  rethrow_as("predict");
}

Tensor Sequential::predict(const Input& x, PredictOptions options) const {
  Tensor result;
  predict(x, result, options);
  return result;
}

Tensor Sequential::predict_on_batch(const Input& x) const {
  return predict(x, {.batch_size = std::max<std::int64_t>(1, x.length())});
}

Tensor Sequential::operator()(const Input& x) const { return predict_on_batch(x); }

// A model that is not const is built for x first.

void Sequential::predict(const Input& x, Tensor& result, PredictOptions options) try {
  build_if_new("predict", x);
  std::as_const(*this).predict(x, result, options);
} catch (...) {
  rethrow_as("predict");
}

Tensor Sequential::predict(const Input& x, PredictOptions options) {
  Tensor result;
  predict(x, result, options);
  return result;
}

Tensor Sequential::predict_on_batch(const Input& x) {
  return predict(x, {.batch_size = std::max<std::int64_t>(1, x.length())});
}

Tensor Sequential::operator()(const Input& x) { return predict_on_batch(x); }

Tensor Sequential::operator()(const Input& x, bool training) try {
  if (!training) return predict_on_batch(x);
  const MaskedTraps masked;
  build_if_new("call", x);
  check_own_plan("a call");
  check_x("call", *input_, x);
  check_one_batch("call", *input_, x.length());
  Extents output;
  output_extents(x.extents(), output);
  Tensor result;
  resize(result, output);
  if (x.length() == 0) return result;
  const WorkspacePool::Lease lease(state().workspaces, state().sizes.has_states);
  Workspace& workspace = *lease;
  workspace.prepare(state().sizes, x.length());
  workspace.training = true;
  workspace.keep = workspace.collect_losses = false;
  workspace.random_key = next_random_seed();
  workspace.step = ++state().steps;
  const AnyView input = bind_x("call", *input_, state().ignores_padding, workspace, x, {0, x.length()});
  run(state().nodes, workspace, input, {result.data(), output});
  workspace.apply_updates();
  return result;
} catch (...) {
  rethrow_as("call");
}

}  // namespace xeras
