#include "io/sample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "layers/workspace.hpp"
#include "models/sequential_parts.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

// The largest difference due to rounding, |a - b| / (1 + |b|); processors differ in the order of sums.
constexpr double tolerance = 1e-4;

Value array(const Extents& extents, std::span<const float> values) {
  Value::List shape, numbers;
  for (std::size_t axis = 0; axis < extents.rank(); ++axis) shape.emplace_back(extents[axis]);
  for (const float value : values) numbers.emplace_back(double{value});
  return Value::Dict{{"shape", std::move(shape)}, {"values", std::move(numbers)}};
}

std::vector<double> numbers_at(const Value& sample, const char* key, Shape& shape) {
  const Value* array = sample.find(key);
  const Value* dims = array != nullptr ? array->find("shape") : nullptr;
  const Value* values = array != nullptr ? array->find("values") : nullptr;
  if (dims == nullptr || values == nullptr) {
    throw FileError(fmt::format("{}: {} is missing; expected shape and values.", sample_member, key));
  }
  from_value(*dims, shape, fmt::format("{}: {}.shape", sample_member, key));
  std::vector<double> numbers;
  from_value(*values, numbers, fmt::format("{}: {}.values", sample_member, key));
  if (!shape.known() || shape.rank() == 0 || shape.size() != std::ssize(numbers)) {
    throw FileError(fmt::format("{}: {} has {} values; expected the number for shape {}.", sample_member, key,
                                numbers.size(), shape.to_string()));
  }
  return numbers;
}

// Predicts with the states of a new model; the model's own states do not change.
Tensor predict_at_first(const Sequential& model, const Input& x) {
  if (!SequentialParts::state(model).sizes.has_states) return model.predict_on_batch(x);
  Sequential twin = model.clone();
  twin.reset_states();
  return twin.predict_on_batch(x);
}

template <class T>
Tensor predict(const Sequential& model, const std::vector<double>& numbers, const Shape& shape) {
  std::vector<std::size_t> dims;
  for (const Dim dim : shape) dims.push_back(static_cast<std::size_t>(dim.size()));
  const xt::xarray<T> x = xt::cast<T>(xt::adapt(numbers, dims));
  return predict_at_first(model, x);
}

bool takes_ids(const Sequential& model) {
  const std::optional<Spec> input = model.first_input();
  return input && input->dtype == DType::int32;
}

}  // namespace

Value make_sample(const Sequential& model, const Input& x) {
  const Tensor values = x.to_tensor();
  const Tensor y = predict_at_first(model, x);
  return Value::Dict{{"input", array(x.extents(), {values.data(), values.size()})},
                     {"output", array(extents_of(y), {y.data(), y.size()})}};
}

void check_sample(const Sequential& model, const Value& sample, std::size_t file_size) {
  Shape input_shape, output_shape;
  const std::vector<double> x = numbers_at(sample, "input", input_shape);
  const std::vector<double> expected = numbers_at(sample, "output", output_shape);
  const auto is_id = [](double number) { return number >= 0.0 && number <= 2147483647.0; };
  if (takes_ids(model) && !std::all_of(x.begin(), x.end(), is_id)) {
    throw FileError(fmt::format("{}: input has numbers that are not ids; expected ids.", sample_member));
  }
  const auto throw_wrong_shape = [&](const std::string& shape) {
    throw FileError(
        fmt::format("{}: the model gives {}; expected {}.", sample_member, shape, output_shape.to_string()));
  };
  // The output is as large as the file's; this limits the arrays in between.
  if (model.input_shape().rank() == input_shape.rank()) {
    Extents input, output;
    for (const Dim dim : input_shape) input.push_back(dim.size());
    model.output_extents(input, output);
    if (output.to_string() != output_shape.to_string()) throw_wrong_shape(output.to_string());
  }
  constexpr std::size_t always_allowed = std::size_t{1} << 26, times_the_file = 64;
  const ArenaLimit limit(std::max(always_allowed, times_the_file * file_size));
  const Tensor y =
      takes_ids(model) ? predict<std::int32_t>(model, x, input_shape) : predict<float>(model, x, input_shape);
  if (shape_of(y) != output_shape) throw_wrong_shape(shape_of(y).to_string());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double value = y.data()[i];
    if (!(std::abs(value - expected[i]) <= tolerance * (1.0 + std::abs(expected[i])))) {
      throw FileError(fmt::format("{}: output {} is {}; expected {}, as when the model was saved.", sample_member, i,
                                  value, expected[i]));
    }
  }
}

}  // namespace xeras::io
