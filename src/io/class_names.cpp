#include "io/class_names.hpp"

#include <map>

namespace xeras::io {

std::string current_class_name(const std::string& name) {
  static const auto& renamed = *new std::map<std::string, std::string>{
      // Keras 3.0 to 3.6.
      {"OrthogonalInitializer", "Orthogonal"},
      {"IdentityInitializer", "Identity"},
      {"STFTInitializer", "STFT"},
      // Aliases of classes in the API.
      {"AvgPool1D", "AveragePooling1D"},
      {"Convolution1D", "Conv1D"},
      {"GlobalAvgPool1D", "GlobalAveragePooling1D"},
      {"GlobalMaxPool1D", "GlobalMaxPooling1D"},
      {"MaxPool1D", "MaxPooling1D"},
      {"SeparableConvolution1D", "SeparableConv1D"},
      {"max_norm", "MaxNorm"},
      {"min_max_norm", "MinMaxNorm"},
      {"non_neg", "NonNeg"},
      {"unit_norm", "UnitNorm"},
      // tf.keras 1.13 to 1.15.
      {"BatchNormalizationV1", "BatchNormalization"},
      {"BatchNormalizationV2", "BatchNormalization"},
  };
  const std::string bare = name.substr(name.rfind('>') + 1);
  const auto found = renamed.find(bare);
  return found != renamed.end() ? found->second : bare;
}

}  // namespace xeras::io
