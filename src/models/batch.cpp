#include "models/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/simd.hpp"
#include "models/padding.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

// Returns the batch's samples in the array's own type: in place if they are contiguous, else gathered.
const void* bind_raw(Workspace& workspace, const Input& data, const SampleRange& rows) {
  const std::int64_t width = data.length() == 0 ? 0 : data.extents().size() / data.length();
  const std::size_t bytes = static_cast<std::size_t>(width) * data.element_size();
  const auto* from = static_cast<const std::byte*>(data.data());
  if (rows.order == nullptr) return from + static_cast<std::size_t>(rows.first) * bytes;
  auto* to = static_cast<std::byte*>(workspace.arena.allocate(static_cast<std::size_t>(rows.count) * bytes));
  if (bytes == 0) return to;
  for (std::int64_t i = 0; i < rows.count; ++i) {
    std::memcpy(to + static_cast<std::size_t>(i) * bytes, from + static_cast<std::size_t>(rows.sample(i)) * bytes,
                bytes);
  }
  return to;
}

std::string advice_for_shape(const Spec& input, const Extents& x) {
  if (x.rank() == 0) return "An array that was moved from has no axes.";
  if (input.dtype != DType::int32) return "Check the first layer's input_shape.";
  if (x.rank() == 1) return "One sequence is a batch of one: {{4, 20, 7}}.";
  if (x.rank() == 2) return "Pad or cut the sequences, or leave input_length out.";
  return "Ids come as a matrix (batch, time).";
}

}  // namespace

std::int64_t batch_size_for(const char* who, const Spec& input, std::int64_t samples, std::int64_t batch_size) {
  if (batch_size <= 0) {
    throw InvalidArgument(
        fmt::format("{}: batch_size is {}; expected a positive integer. 32 is usual.", who, batch_size));
  }
  // At most the samples, so that sums of batch sizes cannot overflow.
  if (!input.shape[0].known()) return std::min(batch_size, std::max<std::int64_t>(samples, 1));
  const std::int64_t fixed = input.shape[0].size();
  if (fixed == 0 || samples % fixed != 0) {
    throw InvalidInput(
        fmt::format("{}: x has {} samples; expected a multiple of {}, the batch that the model was built with. Leave "
                    "the last ones out.",
                    who, samples, fixed));
  }
  return fixed;
}

void check_one_batch(const char* who, const Spec& input, std::int64_t samples) {
  if (input.shape[0].known() && input.shape[0] != Dim(samples)) {
    throw InvalidInput(
        fmt::format("{}: x has {} samples; expected {}, the batch that the model was built with. Pass whole batches.",
                    who, samples, input.shape[0].size()));
  }
}

void check_any(const char* who, std::int64_t samples) {
  if (samples > 0) return;
  throw InvalidInput(
      fmt::format("{}: x is empty; expected at least one sample. Check how x was made, and skip empty batches.", who));
}

Extents extents_in(const Spec& input, const Input& x) {
  const Extents& given = x.extents();
  if (input.dtype != DType::string || !x.is_text()) return given;
  if (input.shape.rank() == 1 && given.rank() == 2 && given[1] == 1) return {given[0]};
  const bool one_each = input.shape.rank() == 2 && input.shape[1] == Dim(1);
  return one_each && given.rank() == 1 ? Extents{given[0], 1} : given;
}

void check_x(const char* who, const Spec& input, const Input& x) {
  if (!x) {
    throw InvalidInput(fmt::format("{}: x is missing; expected an array of shape {}. Pass the samples, one per row.",
                                   who, input.shape.to_string()));
  }
  const Extents given = extents_in(input, x);
  bool fits = given.rank() == input.shape.rank();
  for (std::size_t axis = 1; fits && axis < given.rank(); ++axis) {
    fits = !input.shape[axis].known() || input.shape[axis] == Dim(given[axis]);
  }
  if (!fits) {
    throw InvalidInput(fmt::format("{}: x has shape {}; expected {}. {}", who, given.to_string(),
                                   input.shape.to_string(), advice_for_shape(input, given)));
  }
  if (x.is_text() != (input.dtype == DType::string)) {
    throw InvalidInput(fmt::format("{}: x holds {}, but the first layer takes {}; expected {}. {}", who,
                                   x.is_text() ? "strings" : "numbers", plural_of(input.dtype), plural_of(input.dtype),
                                   x.is_text() ? "text::Tokenizer makes ids of texts." : "Give the texts themselves."));
  }
  if (input.dtype == DType::int32 && x.is_floating()) {
    throw InvalidInput(
        fmt::format("{}: x holds floats, but the model begins with an Embedding; expected integer ids. Cast them: "
                    "xt::cast<int>(x).",
                    who));
  }
}

AnyView bind_x(const char* who, const Spec& input, bool ignores_padding, Workspace& workspace, const Input& x,
               const SampleRange& rows) {
  Extents extents = extents_in(input, x);
  extents[0] = rows.count;
  workspace.first_sample = rows.offset + (rows.order == nullptr ? rows.first : 0);
  workspace.sample_numbers = rows.order == nullptr ? nullptr : rows.order + rows.first;
  if (input.dtype != DType::float32) {
    const AnyView given{bind_raw(workspace, x, rows), extents, x.kind()};
    return ignores_padding ? without_padding(given, workspace.arena) : given;
  }
  const float* floats = bind_floats(workspace, x, rows);
  const std::int64_t width = rows.count == 0 ? 0 : extents.size() / rows.count;
  if (!kernels::simd().all_finite(floats, static_cast<std::size_t>(extents.size()))) {
    const float* bad = std::find_if(floats, floats + extents.size(), [](float v) { return !std::isfinite(v); });
    throw InvalidInput(fmt::format("{}: x has {} in row {}; expected finite numbers. Remove or fill it.", who, *bad,
                                   rows.offset + rows.sample((bad - floats) / width)));
  }
  return ConstView{floats, extents};
}

const float* bind_floats(Workspace& workspace, const Input& data, const SampleRange& rows) {
  const std::int64_t width = data.length() == 0 ? 0 : data.extents().size() / data.length();
  if (data.kind() == Input::Kind::f32 && rows.order == nullptr) {
    return static_cast<const float*>(data.data()) + rows.first * width;
  }
  float* floats = workspace.arena.floats(rows.count * width);
  if (rows.order == nullptr) {
    data.copy_floats(rows.first * width, rows.count * width, floats);
  } else {
    for (std::int64_t i = 0; i < rows.count; ++i) data.copy_floats(rows.sample(i) * width, width, floats + i * width);
  }
  return floats;
}

const float* bind_weights(Workspace& workspace, const Samples& samples, const SampleRange& rows,
                          std::int64_t rows_per_sample) {
  const Input& sample_weight = samples.sample_weight;
  if (!sample_weight && !samples.has_class_weight()) return nullptr;
  float* weights = workspace.arena.floats(rows.count * rows_per_sample);
  if (sample_weight) {
    const float* given = bind_floats(workspace, sample_weight, rows);
    const bool one_a_sample = sample_weight.extents().size() == sample_weight.length();
    for (std::int64_t i = 0; i < rows.count * rows_per_sample; ++i) {
      weights[i] = given[one_a_sample ? i / rows_per_sample : i];
    }
    return weights;
  }
  // As in Keras, the label is the largest column of a one-hot row, else the rounded number.
  const float* labels = bind_floats(workspace, samples.y, rows);
  const std::int64_t columns = samples.y.extents().size() / std::max<std::int64_t>(1, samples.y.length());
  for (std::int64_t i = 0; i < rows.count; ++i) {
    const float* row = labels + i * columns;
    const std::int64_t label = columns > 1 ? std::max_element(row, row + columns) - row : std::llround(*row);
    const auto found = samples.class_weight->find(label);
    std::fill_n(weights + i * rows_per_sample, rows_per_sample,
                found == samples.class_weight->end() ? 1.0f : static_cast<float>(found->second));
  }
  return weights;
}

}  // namespace xeras
