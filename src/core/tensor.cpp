#include "xeras/core/tensor.hpp"

namespace xeras {

Tensor empty_tensor(const Shape& shape) {
  Tensor::shape_type dims(shape.rank());
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) dims[axis] = static_cast<std::size_t>(shape[axis].size());
  return Tensor::from_shape(dims);
}

Shape shape_of(const Tensor& tensor) { return Shape(std::vector<Dim>(tensor.shape().begin(), tensor.shape().end())); }

}  // namespace xeras
