#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/shown.hpp"
#include "models/custom_objects.hpp"
#include "models/sequential_parts.hpp"
#include "optimizers/custom_schedules.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/layers.hpp"

namespace xeras {
namespace {

using namespace layers;

AnyLayer make_sequential(const Value& value, const std::string& path) {
  SequentialOptions options;
  from_value(value, options, path);
  std::vector<AnyLayer> layers;
  if (const Value* list = value.find("layers")) from_value(*list, layers, path + ".layers");
  Sequential model(std::move(options));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!layers[i]) {
      throw FileError(fmt::format("{}.layers[{}]: null; expected a layer's class_name and config.", path, i));
    }
    SequentialParts::append(model, std::move(layers[i]));
  }
  return AnyLayer(std::move(model));
}

template <class L>
CustomLayer row() {
  return custom_layer<L>();
}
template <>
CustomLayer row<Sequential>() {
  return {"Sequential", make_sequential};
}

template <class... Ls>
auto rows_of() {
  return std::array{row<Ls>()...};
}

// The rows of the library's layers. (Objects that register themselves would vanish from static libraries.)
const auto& rows() {
  static const auto& table =
      *new auto(rows_of<Activation, ActivityRegularization, AlphaDropout, AveragePooling1D, BatchNormalization,
                        Bidirectional, CategoryEncoding, Conv1D, Cropping1D, Dense, Dropout, ELU, Embedding, Flatten,
                        GaussianDropout, GaussianNoise, GlobalAveragePooling1D, GlobalMaxPooling1D, GRU, Hashing,
                        Identity, IntegerLookup, LayerNormalization, LeakyReLU, LSTM, Masking, MaxPooling1D,
                        NgramVectorization, Permute, PReLU, ReLU, RepeatVector, Reshape, SampledSoftmax,
                        SeparableConv1D, Sequential, SimpleRNN, Softmax, SpatialDropout1D, StringLookup, StripMask,
                        TextVectorization, TimeDistributed, UnitNormalization, UpSampling1D, ZeroPadding1D>());
  return table;
}

const CustomObjects*& current_custom_objects() {
  thread_local const CustomObjects* current = nullptr;
  return current;
}

template <class Kind>
std::vector<const Kind*> custom_objects_of() {
  std::vector<const Kind*> result;
  static const CustomObjects& none = *new CustomObjects;
  const CustomObjects* const all = current_custom_objects();
  for (const CustomObject& object : all != nullptr ? *all : none) {
    if (const Kind* found = std::get_if<Kind>(&object)) result.push_back(found);
  }
  return result;
}

const CustomLayer* find_layer(const std::string& class_name) {
  for (const CustomLayer* row : custom_objects_of<CustomLayer>()) {
    if (row->class_name == class_name) return row;
  }
  for (const CustomLayer& row : rows()) {
    if (row.class_name == class_name) return &row;
  }
  return nullptr;
}

AnyLayer make_layer(const std::string& class_name, const Value& config, const std::string& path) {
  require_layer_class(class_name, path);
  return find_layer(class_name)->make(config, path);
}

std::optional<optimizers::LearningRate> make_custom_schedule(const std::string& class_name, const Value& config,
                                                             const std::string& path) {
  for (const CustomSchedule* row : custom_objects_of<CustomSchedule>()) {
    if (row->class_name == class_name) return row->make(config, path);
  }
  return {};
}

}  // namespace

void require_layer_class(const std::string& class_name, const std::string& path) {
  if (find_layer(class_name) != nullptr) return;
  std::vector<std::string> known;
  for (const CustomLayer* row : custom_objects_of<CustomLayer>()) known.push_back(row->class_name);
  for (const CustomLayer& row : rows()) known.push_back(row.class_name);
  throw FileError(
      fmt::format("{}: {} Pass a layer of your own to load_model: {{.custom_objects = {{custom_layer<{}>()}}}}.", path,
                  unknown_name("layer class", class_name, known), class_name));
}

CustomLoss custom_loss(losses::FunctionLoss loss) {
  std::string name = loss.name();
  return {{}, std::move(name), [shared = std::make_shared<losses::FunctionLoss>(std::move(loss))](auto&&...) {
            return shared;
          }};
}

CustomMetric custom_metric(metrics::FunctionMetric metric) {
  std::string name = metric.name();
  return {{}, std::move(name), [metric = std::move(metric)](auto&&...) { return metric.clone(); }};
}

CustomObjectsScope::CustomObjectsScope(const CustomObjects& objects)
    : before_(std::exchange(current_custom_objects(), &objects)) {
  optimizers::custom_schedules() = make_custom_schedule;
}
CustomObjectsScope::~CustomObjectsScope() { current_custom_objects() = before_; }

template <class Base>
std::shared_ptr<Base> custom_function(const Value& value, const std::string& path) {
  const std::string* const name = value.get_if<std::string>();
  const Value* const found = value.find("class_name");
  const std::string* const class_name = found != nullptr ? found->get_if<std::string>() : nullptr;
  for (const CustomFunction<Base>* row : custom_objects_of<CustomFunction<Base>>()) {
    const auto is_meant = [&](const std::string* given) {
      return given != nullptr && !given->empty() && (*given == row->class_name || *given == row->name);
    };
    if (!is_meant(name) && !is_meant(class_name)) continue;
    const Value* const config = value.find("config");
    return row->make(config != nullptr ? *config : Value(), path + ".config");
  }
  return nullptr;
}
template std::shared_ptr<losses::Loss> custom_function(const Value&, const std::string&);
template std::shared_ptr<metrics::Metric> custom_function(const Value&, const std::string&);

bool is_layer_of_library(const std::string& class_name) {
  return std::any_of(rows().begin(), rows().end(),
                     [&](const CustomLayer& row) { return row.class_name == class_name; });
}

Value to_value(const AnyLayer& layer) {
  if (!layer) return {};
  return Value::Dict{{"class_name", layer->class_name()}, {"config", layer->get_config()}};
}

void from_value(const Value& value, AnyLayer& layer, const std::string& path) {
  if (value.is_null()) {
    layer = AnyLayer();
    return;
  }
  const Value* found = value.find("class_name");
  const std::string* class_name = found != nullptr ? found->get_if<std::string>() : nullptr;
  if (class_name == nullptr) {
    throw FileError(fmt::format("{}: {}; expected a layer's class_name and config.", path, shown(value.to_string())));
  }
  const Value* config = value.find("config");
  const std::string place = path + ".config";
  try {
    layer = make_layer(*class_name, config != nullptr ? *config : Value(), place);
  } catch (const FileError&) {
    throw;
  } catch (const Error& error) {  // from a constructor, which does not know the path
    throw FileError(fmt::format("{}: {}", place, error.what()));
  }
}

}  // namespace xeras
