#pragma once

#include "layers/workspace.hpp"
#include "models/samples.hpp"
#include "xeras/core/spec.hpp"

namespace xeras {

// The samples of a batch: [first, first + count), or those at these positions of a shuffled order.
struct SampleRange {
  std::int64_t first = 0;
  std::int64_t count = 0;
  const std::int64_t* order = nullptr;
  std::int64_t offset = 0;  // the number of sample 0 in the user's arrays

  std::int64_t sample(std::int64_t i) const { return order != nullptr ? order[first + i] : first + i; }
};

// These functions throw InvalidInput or InvalidArgument, with `who`, the caller (`fit`, `predict`), first.

// Returns the batch size: the one the model was built with, of which the samples must be a multiple, else `batch_size`.
std::int64_t batch_size_for(const char* who, const Spec& input, std::int64_t samples, std::int64_t batch_size);
// Throws unless one batch may have this many samples.
void check_one_batch(const char* who, const Spec& input, std::int64_t samples);
// Throws when there are no samples.
void check_any(const char* who, std::int64_t samples);
// Returns the sizes of x in the rank of the model's input: texts (samples) may be given as (samples, 1), and vice
// versa.
Extents extents_in(const Spec& input, const Input& x);
// Throws unless x exists and has a rank, kind and sizes that the model accepts.
void check_x(const char* who, const Spec& input, const Input& x);

// Returns a batch of x as the input of a pass: floats, or unchanged ids and strings. If the model ignores padding,
// drops steps that are padding in all samples. Contiguous data of the right type is not copied.
AnyView bind_x(const char* who, const Spec& input, bool ignores_padding, Workspace& workspace, const Input& x,
               const SampleRange& rows);
// Returns a batch of targets or weights as floats, copied to the workspace if necessary.
const float* bind_floats(Workspace& workspace, const Input& data, const SampleRange& rows);
// Returns one weight for each of the `rows_per_sample` target rows of each sample, from sample_weight or class_weight;
// null without either.
const float* bind_weights(Workspace& workspace, const Samples& samples, const SampleRange& rows,
                          std::int64_t rows_per_sample);

}  // namespace xeras
