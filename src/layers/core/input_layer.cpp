#include "xeras/layers/core/input_layer.hpp"

#include <fmt/format.h>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {

InputLayer::InputLayer(InputLayerOptions options, const Shape* shape)
    : Layer(std::move(options.name), true), batch_shape_(std::move(options.batch_shape)), dtype_(options.dtype) {
  if (!dtype_.empty() && dtype_ != "float32" && dtype_ != "int32" && dtype_ != "string") {
    throw InvalidArgument(
        fmt::format("{}: dtype is \"{}\"; expected \"float32\", \"int32\" or \"string\". Numbers of any width go into "
                    "the first two.",
                    who(), shown(dtype_)));
  }
  const bool has_batch_shape = batch_shape_.rank() > 0;
  if (shape == nullptr && !has_batch_shape) {
    throw InvalidArgument(
        fmt::format("{}: neither shape nor batch_shape is given; expected one of them. Write InputLayer({{4}}) for "
                    "samples of 4 numbers.",
                    who()));
  }
  if (has_batch_shape && (shape != nullptr || options.batch_size)) {
    throw InvalidArgument(fmt::format(
        "{}: {} and batch_shape is {}; expected one of them. batch_shape has the batch in front.", who(),
        shape != nullptr ? "shape is " + shape->to_string() : fmt::format("batch_size is {}", *options.batch_size),
        batch_shape_.to_string()));
  }
  if (options.batch_size && *options.batch_size <= 0) {
    throw InvalidArgument(
        fmt::format("{}: batch_size is {}; expected a positive integer. Leave it out for batches of any size.", who(),
                    *options.batch_size));
  }
  if (shape != nullptr) batch_shape_ = shape->with_batch(options.batch_size ? Dim(*options.batch_size) : Dim(None));
}

Value InputLayer::get_config() const {
  return Value::Dict{{"batch_shape", to_value(batch_shape_)}, {"dtype", dtype_}, {"name", name()}};
}

Spec InputLayer::build(const Spec&, Builder& builder) {
  throw ShapeError(
      fmt::format("{}: is an InputLayer within another layer; expected it as the first element of a Sequential. Leave "
                  "it out.",
                  builder.who()));
}

}  // namespace xeras::layers
