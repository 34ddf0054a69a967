#include "xeras/layers/reshaping/cropping1d.hpp"

#include <fmt/format.h>

#include "layers/reshaping/ends.hpp"
#include "layers/window.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {
namespace {

std::int64_t cropped(const BothEnds& ends) { return ends.before() + ends.after(); }

std::string too_short(const std::string& who, const std::string& came, const BothEnds& ends) {
  return fmt::format("{}: {}; expected more than {} steps for cropping ({}, {}). Crop less, or pad the sequences.", who,
                     came, cropped(ends), ends.before(), ends.after());
}

}  // namespace

Cropping1D::Cropping1D(Cropping1DOptions options) : LayerWith(std::move(options)) {
  check_ends(who(), "cropping", config().cropping);
}

Spec Cropping1D::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 3});
  const Dim steps = input.shape[1];
  if (!steps.known()) return {input.shape};
  if (steps.size() <= cropped(config().cropping)) {
    throw ShapeError(too_short(builder.who(), "input is " + input.shape.to_string(), config().cropping));
  }
  return {{input.shape[0], steps.size() - cropped(config().cropping), input.last()}};
}

void Cropping1D::output_extents(const Extents& input, Extents& output) const {
  if (input[1] <= cropped(config().cropping)) {
    throw InvalidInput(too_short(who(), "a batch of shape " + input.to_string(), config().cropping));
  }
  output[1] = input[1] - cropped(config().cropping);
}

void Cropping1D::forward(const Call& call) const {
  const Extents& y = call.output().extents;
  crop(call.input().data, call.output().data, config().cropping, y[0], y[1], y[2]);
}

void Cropping1D::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const Extents& y = call.output().extents;
  pad(call.output_grad().data, call.input_grad().data, config().cropping, y[0], y[1], y[2]);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Cropping1D)
