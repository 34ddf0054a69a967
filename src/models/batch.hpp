#pragma once

#include "layers/workspace.hpp"
#include "models/samples.hpp"
#include "xeras/core/spec.hpp"

namespace xeras {

// Which samples a batch holds: [first, first + count), or those of a shuffled order at these places.
struct SampleRange {
  std::int64_t first = 0;
  std::int64_t count = 0;
  const std::int64_t* order = nullptr;
  std::int64_t offset = 0;  // the number of sample 0 in the user's arrays

  std::int64_t sample(std::int64_t i) const { return order != nullptr ? order[first + i] : first + i; }
};

// Each of these raises InvalidInput or InvalidArgument, with the caller (`fit`, `predict`) at the beginning.
// How many samples a batch has: the batch that the model was built with, of which the samples must be a multiple, else
// what the caller asks for.
std::int64_t batch_size_for(const char* who, const Spec& input, std::int64_t samples, std::int64_t batch_size);
// That samples which go in as one batch are a batch of the size that the model was built with.
void check_one_batch(const char* who, const Spec& input, std::int64_t samples);
// That there is a sample.
void check_any(const char* who, std::int64_t samples);
// That x is there, has a rank, kind and sizes that the model takes.
void check_x(const char* who, const Spec& input, const Input& x);

// A batch of x as the input of a pass: floats, or ids and strings as they are. Where the model ignores padding, steps
// that are padding in all samples are left out. Contiguous data of the right type stays where it is.
AnyView bind_x(const char* who, const Spec& input, bool ignores_padding, Workspace& workspace, const Input& x,
               const SampleRange& rows);
// The same samples of targets or weights as floats, in the workspace's memory.
const float* bind_floats(Workspace& workspace, const Input& data, const SampleRange& rows);

// One weight for each of `rows_per_sample` target rows of each sample: sample_weight times class_weight; null where
// neither is given.
const float* bind_weights(Workspace& workspace, const Samples& samples, const SampleRange& rows,
                          std::int64_t rows_per_sample);

}  // namespace xeras
