#pragma once

#include "layers/recurrent/timeline.hpp"

// The dropout of recurrent layers: each sequence has its scales, 0 or 1 / (1 - rate), at all of its steps.
namespace xeras::layers {

// Draws scales (draws, B, width), by position. What a sequence gets depends on its place in the batch alone; the
// numbers of the stream begin at `first`.
void draw_scales(const RandomStream& stream, std::uint64_t first, double rate, std::size_t draws, std::size_t width,
                 const Timeline& timeline, float* scales);
// y(row) = x(row) * the scale of its position, for all rows; x, y (R, width), scales (B, width).
void scale_rows(const Timeline& timeline, const float* x, const float* scales, float* y, std::size_t width);

}  // namespace xeras::layers
