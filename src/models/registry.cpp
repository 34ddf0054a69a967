#include <fmt/format.h>

#include <array>

#include "xeras/core/error.hpp"
#include "xeras/layers/layers.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras {
namespace {

using namespace layers;

struct Row {
  std::string class_name;
  AnyLayer (*make)(const Value& config, const std::string& path);
};

template <class L>
Row row() {
  return {class_name_of(typeid(L)), [](const Value& value, const std::string& path) {
            typename L::Config config{};
            from_value(value, config, path);
            return AnyLayer(L(std::move(config)));
          }};
}

AnyLayer make_sequential(const Value& value, const std::string& path) {
  SequentialOptions options;
  from_value(value, options, path);
  std::vector<AnyLayer> layers;
  if (const Value* list = value.find("layers")) from_value(*list, layers, path + ".layers");
  Sequential model(std::move(options));
  for (AnyLayer& layer : layers) model.add(std::move(layer));
  return AnyLayer(std::move(model));
}

// Every layer of the library has its row here. (Objects that register themselves would vanish from static libraries.)
const auto& rows() {
  static const std::array table{
      // clang-format off
      row<Activation>(),
      row<ActivityRegularization>(),
      row<AlphaDropout>(),
      row<AveragePooling1D>(),
      row<BatchNormalization>(),
      row<Bidirectional>(),
      row<Conv1D>(),
      row<Cropping1D>(),
      row<Dense>(),
      row<Dropout>(),
      row<ELU>(),
      row<Embedding>(),
      row<Flatten>(),
      row<GaussianDropout>(),
      row<GaussianNoise>(),
      row<GlobalAveragePooling1D>(),
      row<GlobalMaxPooling1D>(),
      row<GRU>(),
      row<LayerNormalization>(),
      row<LeakyReLU>(),
      row<LSTM>(),
      row<Masking>(),
      row<MaxPooling1D>(),
      row<Permute>(),
      row<PReLU>(),
      row<ReLU>(),
      row<RepeatVector>(),
      row<Reshape>(),
      row<SeparableConv1D>(),
      Row{"Sequential", make_sequential},
      row<SimpleRNN>(),
      row<Softmax>(),
      row<SpatialDropout1D>(),
      row<StripMask>(),
      row<TimeDistributed>(),
      row<UnitNormalization>(),
      row<UpSampling1D>(),
      row<ZeroPadding1D>(),
      // clang-format on
  };
  return table;
}

}  // namespace

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
    throw FileError(fmt::format("{}: {}; expected a layer's class_name and config.", path, value.to_string()));
  }
  std::vector<std::string> known;
  for (const Row& row : rows()) {
    if (row.class_name == *class_name) {
      const Value* config = value.find("config");
      layer = row.make(config != nullptr ? *config : Value(), path + ".config");
      return;
    }
    known.push_back(row.class_name);
  }
  throw FileError(fmt::format("{}: {}", path, unknown_name("layer", *class_name, known)));
}

}  // namespace xeras
