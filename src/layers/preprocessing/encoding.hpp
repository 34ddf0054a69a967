#pragma once

#include <algorithm>

#include "core/parallel.hpp"
#include "xeras/layers/call.hpp"
#include "xeras/layers/preprocessing/index_lookup.hpp"

namespace xeras::layers {

// Returns the output of a layer that gives ids in this mode, with `width` columns. Throws ShapeError for an input that
// has no samples of ids.
Spec encoded(const Spec& input, IdMode mode, std::int64_t width, const std::string& who);

// Throws InvalidArgument for an unknown name. "binary" and "tf-idf" are older names.
IdMode mode_named(const std::string& who, std::string name, const std::vector<std::string>& known);

// Writes the ids of all elements of the input, id_at(i), in this mode. Leaves out negative ids, except in the mode
// "int". `work` is that of one element.
template <class IdAt>
void encode(const Call& call, IdMode mode, const Extents& input, std::size_t work, std::span<const float> idf,
            const IdAt& id_at) {
  const auto count = static_cast<std::size_t>(input.size());
  if (mode == IdMode::integer) {
    std::int32_t* const ids = call.output_ids().data;
    parallel_for(count, work, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ids[i] = id_at(i);
    });
    return;
  }
  const View output = call.output();
  const auto width = static_cast<std::size_t>(output.extents.last());
  const std::size_t together = mode == IdMode::one_hot ? 1 : static_cast<std::size_t>(input.last());
  const std::size_t rows = width == 0 ? 0 : static_cast<std::size_t>(output.size()) / width;
  parallel_for(rows, width + work * together, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      float* const columns = output.data + row * width;
      std::fill_n(columns, width, 0.0f);
      const bool counts = mode == IdMode::count || mode == IdMode::tf_idf;
      for (std::size_t i = row * together; i < (row + 1) * together; ++i) {
        const std::int32_t id = id_at(i);
        if (id >= 0) columns[id] = counts ? columns[id] + 1.0f : 1.0f;
      }
      if (mode != IdMode::tf_idf) continue;
      for (std::size_t i = 0; i < std::min(width, idf.size()); ++i) columns[i] *= idf[i];
    }
  });
}

}  // namespace xeras::layers
