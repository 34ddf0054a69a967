#pragma once

#include <string>

#include "xeras/models/sequential.hpp"

namespace xeras {

struct PlotModelOptions {
  bool show_shapes = false;
  bool show_dtype = false;  ///< the type of the output
  bool show_layer_names = false;
  std::string rankdir = "TB";  ///< the direction of the data: "TB" (top to bottom) or "LR" (left to right)
  bool expand_nested = false;  ///< draws the layers of nested models in a frame
  bool show_layer_activations = false;
  bool show_trainable = false;  ///< of layers with weights
  bool show_params = false;     ///< the number of weights
  bool show_masks = false;      ///< the use of masks, as in summary(), and the way of the mask
  std::string background = {};  ///< "white", "black" or "#rrggbb"; default: transparent, readable on light and dark
};

/// Draws the layers of a model to an SVG file.
///
///   plot_model(model, "model.svg", {.show_shapes = true, .show_masks = true});
///
/// Throws  ShapeError for a model that is not built, InvalidArgument for an option, FileError for the file
/// Source  keras.utils.plot_model; show_params and show_masks are additions, dpi and splines do not apply
XERAS_API void plot_model(const Sequential& model, const std::string& to_file = "model.svg",
                          const PlotModelOptions& options = {});

}  // namespace xeras
