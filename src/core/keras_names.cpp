#include "core/keras_names.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace xeras {
namespace {

// clang-format off
constexpr std::string_view metric_names[] = {
    "BinaryFocalCrossentropy", "CategoricalFocalCrossentropy", "Huber", "LogCosh",
};

constexpr std::string_view optimizer_names[] = {"LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"};

constexpr std::string_view activation_names[] = {"glu"};

constexpr std::string_view initializer_names[] = {"STFT", "STFTInitializer"};

constexpr std::string_view layer_class_names[] = {
    "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D", "AdaptiveMaxPooling1D",
    "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D", "Add", "AdditiveAttention", "Attention", "AugMix", "AutoContrast",
    "Average", "AveragePooling2D", "AveragePooling3D", "AvgPool2D", "AvgPool3D", "CenterCrop",
    "Concatenate", "ContrastLimitedAdaptiveHistogramEqualization", "Conv1DTranspose", "Conv2D", "Conv2DTranspose",
    "Conv3D", "Conv3DTranspose", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Convolution1DTranspose", "Convolution2D",
    "Convolution2DTranspose", "Convolution3D", "Convolution3DTranspose", "Cropping2D", "Cropping3D", "CutMix",
    "DepthwiseConv1D", "DepthwiseConv2D", "Discretization", "Dot", "EinsumDense", "Equalization", "FlaxLayer",
    "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalAvgPool2D", "GlobalAvgPool3D", "GlobalMaxPool2D",
    "GlobalMaxPool3D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "GroupNormalization", "GroupQueryAttention",
    "GRUCell", "HashedCrossing", "JaxLayer", "LSTMCell", "Maximum", "MaxNumBoundingBoxes",
    "MaxPool2D", "MaxPool3D", "MaxPooling2D", "MaxPooling3D", "MelSpectrogram", "Minimum", "MixUp",
    "MultiHeadAttention", "Multiply", "Normalization", "RandAugment", "RandomBrightness", "RandomColorDegeneration",
    "RandomColorJitter", "RandomContrast", "RandomCrop", "RandomElasticTransform", "RandomErasing", "RandomFlip",
    "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization",
    "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom",
    "Rescaling", "Resizing", "ReversibleEmbedding", "RMSNormalization", "RNN", "SeparableConv2D",
    "SeparableConvolution2D", "SimpleRNNCell", "Solarization", "SpatialDropout2D", "SpatialDropout3D",
    "SpectralNormalization", "StackedRNNCells", "STFTSpectrogram", "Subtract", 
    "TFSMLayer", "TorchModuleWrapper", "UpSampling2D", "UpSampling3D", "ZeroPadding2D", "ZeroPadding3D",
};
// clang-format on

// Normalizes class names and snake_case to one form: "F1Score" and "f1_score" become "f1score".
std::string plain(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c != '_') result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

}  // namespace

std::span<const std::string_view> missing_keras_names(std::string_view kind) {
  if (kind == "metric") return metric_names;
  if (kind == "optimizer") return optimizer_names;
  if (kind == "activation") return activation_names;
  if (kind == "initializer") return initializer_names;
  if (kind == "layer class") return layer_class_names;
  return {};
}

bool is_missing_keras_name(std::string_view kind, std::string_view name) {
  const std::span<const std::string_view> missing = missing_keras_names(kind);
  constexpr std::size_t longest = 80;  // a longer text is not a name; comparing a megabyte would be slow
  if (missing.empty() || name.size() > longest) return false;
  const std::string wanted = plain(name);
  return std::any_of(missing.begin(), missing.end(), [&](std::string_view each) { return plain(each) == wanted; });
}

}  // namespace xeras
