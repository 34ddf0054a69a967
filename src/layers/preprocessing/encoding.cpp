#include "layers/preprocessing/encoding.hpp"

#include <fmt/format.h>

#include "xeras/core/error.hpp"

namespace xeras::layers {

Spec encoded(const Spec& input, IdMode mode, std::int64_t width, const std::string& who) {
  if (mode == IdMode::integer) return {input.shape, DType::int32};
  std::vector<Dim> sizes(input.shape.begin(), input.shape.end());
  if (mode == IdMode::one_hot) {
    if (sizes.size() > 1 && sizes.back() == Dim(1)) sizes.pop_back();
    sizes.emplace_back(width);
    return {Shape(std::move(sizes)), DType::float32};
  }
  if (sizes.size() < 2) {
    throw ShapeError(
        fmt::format("{}: input is {}; expected (None, n), n elements for each sample, which share a row of columns. "
                    "Give (None, 1) for single elements, or use output_mode = \"one_hot\".",
                    who, input.shape.to_string()));
  }
  sizes.back() = Dim(width);
  return {Shape(std::move(sizes)), DType::float32};
}

IdMode mode_named(const std::string& who, std::string name, const std::vector<std::string>& known) {
  if (name == "binary") name = "multi_hot";
  if (name == "tf-idf") name = "tf_idf";
  static const auto& names = *new std::vector<std::string>{"int", "one_hot", "multi_hot", "count", "tf_idf"};
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw InvalidArgument(who + ": " + unknown_name("output_mode", name, known));
  }
  return static_cast<IdMode>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace xeras::layers
