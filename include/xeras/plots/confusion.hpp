#pragma once

#include <string>
#include <vector>

#include "xeras/core/input.hpp"

namespace xeras::plots {

struct ConfusionOptions {
  bool normalize = false;  ///< writes the share of the true class into each cell instead of the count
  std::string title = {};
  std::string background = {};  ///< "white", "black" or "#rrggbb"; default: transparent, readable on light and dark
};

/// Draws how often a classifier predicts each class for the samples of each class, to an SVG file. The colour of a cell
/// shows its share of the true class, its row.
///
///   plots::confusion("confusion.svg", y_test, model.predict(x_test), {"negative", "positive"});
///
/// Input   y_true: integers (samples) or (samples, 1), or one-hot rows
///         y_pred: integers; rows of one probability per class, of which the largest counts; or floats (samples) or
///         (samples, 1), probabilities of class 1, which is predicted above 0.5
///         labels: the name of each class, at most 100; by default their numbers
/// Throws  InvalidInput for data that does not fit, InvalidArgument for an option, FileError for the file
XERAS_API void confusion(const std::string& path, const Input& y_true, const Input& y_pred,
                         const std::vector<std::string>& labels = {}, const ConfusionOptions& options = {});

}  // namespace xeras::plots
