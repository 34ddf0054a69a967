#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "models/array_batches.hpp"
#include "models/callback_list.hpp"
#include "models/dataset_batches.hpp"
#include "models/progress.hpp"
#include "models/sequential_state.hpp"
#include "models/share.hpp"
#include "models/shared_call.hpp"

namespace xeras {
namespace {

using callbacks::Callback;

void resize(Tensor& tensor, const Extents& extents) {
  if (tensor.dimension() == extents.rank() && extents_of(tensor) == extents) return;
  Tensor::shape_type shape(extents.rank());
  for (std::size_t axis = 0; axis < extents.rank(); ++axis) shape[axis] = static_cast<std::size_t>(extents[axis]);
  tensor.resize(shape);
}

// Writes the predictions of one batch to y, ids as floats.
void run(std::span<const Node> nodes, Workspace& workspace, const AnyView& x, View y) {
  Pass::forward_chain(nodes, workspace, {x}, y);
  if (nodes.back().output.dtype != DType::int32) return;
  const auto* const ids = reinterpret_cast<const std::int32_t*>(y.data);
  for (std::int64_t i = 0; i < y.size(); ++i) y.data[i] = static_cast<float>(ids[i]);
}

// Returns the predictions of batches, joined along the first axis.
Tensor joined(std::span<const View> parts) {
  Extents extents = parts.front().extents;
  for (const View& part : parts.subspan(1)) extents[0] += part.extents[0];
  Tensor tensor;
  resize(tensor, extents);
  float* to = tensor.data();
  for (const View& part : parts) to = std::copy_n(part.data, part.size(), to);
  return tensor;
}

}  // namespace

void Sequential::predict(const Input& x, Tensor& result, PredictOptions options) const try {
  const MaskedTraps masked;
  share_call("predict", [&](SharedCall& call) { predict(x, result, options, call); });
} catch (...) {
  rethrow_as("predict");
}

void Sequential::predict(const Input& x, Tensor& result, PredictOptions& options, SharedCall& call) const {
  check_can_predict();
  check_x("predict", *input_, x);
  check_steps("predict", "steps", options.steps);
  check_no_workers("predict", options.workers, options.max_queue_size);
  const std::int64_t total = x.length();
  const std::int64_t size =
      batch_size_for("predict", *input_, total, batch_size_of(options.batch_size, options.steps, total));
  const std::int64_t count = samples_in_steps("predict", "steps", options.steps, size, total);
  ArrayBatches batches("predict", *input_, {count == total ? x : x.samples(0, count)}, {.batch_size = size});
  if (count == 0) options.verbose = 0;
  call.begin(shared_arguments(*this, x) + std::to_string(size));
  if (has_open_predictions() && count > 0) {
    result = predict_parts(batches, options);
    return;
  }
  Extents input = extents_in(*input_, x);
  input[0] = count;
  Extents output = input;
  output_extents(input, output);
  resize(result, output);
  float* to = result.data();
  predict_batches(batches, options, [&](const Extents& batch, const AnyView&) {
    output[0] = batch[0];
    return View{std::exchange(to, to + output.size()), output};
  });
}

Tensor Sequential::predict(const DatasetArgument& dataset, PredictOptions options) const try {
  const MaskedTraps masked;
  return share_call("predict", [&](SharedCall& call) {
    check_can_predict();
    if (options.batch_size) throw_for_arrays("predict", "batch_size", "A dataset makes batches itself.");
    DatasetBatches batches("predict", *this, dataset.get("predict"),
                           {.steps = options.steps,
                            .workers = options.workers,
                            .max_queue_size = options.max_queue_size,
                            .needs_targets = false});
    call.begin(shared_arguments(*this, {}));
    return predict_parts(batches, options);
  });
} catch (...) {
  rethrow_as("predict");
}

Tensor Sequential::predict_parts(Batches& batches, const PredictOptions& options) const {
  std::vector<Tensor> parts;
  Extents whole;
  predict_batches(batches, options, [&](const Extents& batch, const AnyView& input) {
    Extents extents = batch;
    if (sizes_depend_on_values()) {
      extents = extents_for(input);
    } else {
      output_extents(batch, extents);
    }
    Extents expected = extents;
    expected[0] = whole[0];
    if (parts.empty()) {
      whole = extents;
    } else if (expected == whole) {
      whole[0] += extents[0];
    } else {
      throw InvalidInput(fmt::format(
          "predict: {} has predictions of shape {} behind others of shape {}; expected equal sizes but for "
          "the first axis, to join them. Pad the texts of all batches to one length, or predict batch by "
          "batch.",
          batches.batch_name().empty() ? "a batch" : batches.batch_name(), extents.to_string(), whole.to_string()));
    }
    resize(parts.emplace_back(), extents);
    return View{parts.back().data(), extents};
  });
  if (parts.size() == 1) return std::move(parts.front());
  Tensor result;
  resize(result, whole);
  float* to = result.data();
  for (Tensor& part : parts) {
    to = std::copy_n(part.data(), part.size(), to);
    part = Tensor();
  }
  return result;
}

bool Sequential::has_open_predictions() const {
  if (!sizes_depend_on_values()) return false;
  const std::span<const Dim> sizes = output_->shape.dims();
  return std::any_of(sizes.begin() + 1, sizes.end(), [](Dim dim) { return !dim.known(); });
}

void Sequential::check_can_predict() const {
  if (!built()) {
    throw ShapeError(
        fmt::format("{}: predict before the input shape is known; expected a built model. Give the first layer an "
                    "input_shape, or call build or fit first.",
                    who()));
  }
  check_own_plan("predict");
}

void Sequential::predict_batches(Batches& batches, const PredictOptions& options,
                                 const std::function<View(const Extents& batch, const AnyView& input)>& place) const {
  const WorkspacePool::Lease lease(state().workspaces, state().sizes.has_states);
  Workspace& workspace = *lease;
  std::optional<Progress> progress;
  if (options.verbose > 0 && is_first_process()) progress.emplace(options.verbose, batches.size());
  const CallbackList callbacks("predict", options.callbacks, *this, state().use);
  callbacks.call(&Callback::on_predict_begin);
  batches.begin_epoch(0, 0);
  std::vector<View> outputs;  // of a group; places stay valid when later ones are made
  const auto begin = [&](std::int64_t first) {
    outputs.clear();
    callbacks.call(&Callback::on_predict_batch_begin, first);
  };
  const auto run_batch = [&](const Batch& batch) {
    const auto& [samples, rows] = batch;
    Extents extents = extents_in(*input_, samples.x);
    extents[0] = rows.count;
    workspace.prepare(state().sizes, rows.count);
    workspace.training = workspace.keep = workspace.collect_losses = false;
    const Share share(rows.count);
    AnyView input;
    const auto bind = [&] {
      input = bind_x("predict", *input_, state().ignores_padding, workspace, batch.samples.x, batch.rows);
    };
    if (sizes_depend_on_values()) for_batch("predict", batches, bind);
    const View output = place(extents, input);
    for_batch("predict", batches, [&] {
      if (input.data == nullptr) bind();
      input = share.part_of(input, workspace);
      run(state().nodes, workspace, input, share.part_of(output));
    });
    if (share.is_part()) {
      const std::int64_t per_sample = output.size() / rows.count;
      share.join(output.data + share.first() * per_sample, static_cast<std::size_t>(per_sample) * sizeof(float),
                 output.data);
    }
    if (!callbacks.empty()) outputs.push_back(output);
  };
  const auto end = [&](std::int64_t last, std::int64_t made) {
    if (!callbacks.empty()) callbacks.call(&Callback::on_predict_batch_end, last, joined(outputs));
    if (progress) progress->batches(made, [] { return Scores(); });
    return true;
  };
  for_groups(batches, state().compiled ? state().compiled->steps_per_execution : 1, 0, begin, run_batch, end);
  batches.end_epoch();
  if (progress) progress->end({});
  callbacks.call(&Callback::on_predict_end);
}

Tensor Sequential::predict(const Input& x, PredictOptions options) const {
  Tensor result;
  predict(x, result, std::move(options));
  return result;
}

Tensor Sequential::predict_on_batch(const Input& x) const {
  return predict(x, {.batch_size = std::max<std::int64_t>(1, x.length())});
}

// A model that is not const is built for x first.

void Sequential::predict(const Input& x, Tensor& result, PredictOptions options) {
  build_if_new("predict", x);
  std::as_const(*this).predict(x, result, std::move(options));
}

Tensor Sequential::predict(const Input& x, PredictOptions options) {
  Tensor result;
  predict(x, result, std::move(options));
  return result;
}

Tensor Sequential::predict(const DatasetArgument& dataset, PredictOptions options) {
  build_if_new("predict", dataset);
  return std::as_const(*this).predict(dataset, std::move(options));
}

Tensor Sequential::predict_on_batch(const Input& x) {
  return predict(x, {.batch_size = std::max<std::int64_t>(1, x.length())});
}

Tensor Sequential::operator()(const Input& x, bool training) try {
  if (!training) return predict_on_batch(x);
  const MaskedTraps masked;
  build_if_new("call", x);
  check_own_plan("a call");
  check_x("call", *input_, x);
  check_one_batch("call", *input_, x.length());
  const Extents input_extents = extents_in(*input_, x);
  Extents output;
  if (sizes_depend_on_values()) {
    output = extents_for({x.data(), input_extents, x.kind()});
  } else {
    output_extents(input_extents, output);
  }
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
