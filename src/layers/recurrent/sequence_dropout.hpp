#pragma once

#include "layers/recurrent/timeline.hpp"

// The dropout of recurrent layers: each sequence has the same scales, 0 or 1 / (1 - rate), at all of its steps.
namespace xeras::layers {

// Draws scales (draws, B, width), by position, from the numbers of the stream from `first` on. The scales of a sequence
// depend only on its index in the batch, of which all processes together have so many sequences.
void draw_scales(const RandomStream& stream, std::size_t first, double rate, std::size_t draws, std::size_t batch,
                 std::size_t width, const Timeline& timeline, float* scales);
// Multiplies each row by the scales of its position: x, y (R, width), scales (B, width).
void scale_rows(const Timeline& timeline, const float* x, const float* scales, float* y, std::size_t width);

}  // namespace xeras::layers
