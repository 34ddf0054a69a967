#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xeras/core/export.hpp"
#include "xeras/core/one_or_more.hpp"

namespace xeras {

/// The loss and metrics of one evaluation or step, by name.
///
///   const Scores scores = model.evaluate(x, y);
///   std::cout << scores["loss"] << ' ' << scores["accuracy"] << '\n';
class XERAS_API Scores {
 public:
  using Names = std::shared_ptr<const std::vector<std::string>>;

  Scores() = default;
  explicit Scores(Names names);

  std::size_t size() const { return names_ == nullptr ? 0 : names_->size(); }
  const std::string& name(std::size_t i) const { return (*names_)[i]; }
  double value(std::size_t i) const { return i < few_.size() ? few_[i] : many_[i - few_.size()]; }
  void set(std::size_t i, double value) { (i < few_.size() ? few_[i] : many_[i - few_.size()]) = value; }

  /// Sets the score of this name, or appends it.
  void set(std::string_view name, double value);

  bool contains(std::string_view name) const;
  /// Throws InvalidArgument, which lists the known names, for an unknown name.
  double operator[](std::string_view name) const;
  /// Returns these scores followed by others, whose names get a prefix such as "val_".
  Scores with(const Scores& others, const std::string& prefix) const;

 private:
  Names names_;  // shared with the model, so that training steps allocate no memory
  std::array<double, 8> few_{};
  std::vector<double> many_;
};

struct HistoryPlotOptions {
  OneOrMore<std::string> keys = {};                    ///< scores to draw, each with its validation; default: all
  OneOrMore<std::string> log_scale = "learning_rate";  ///< scores on a logarithmic axis, which omits values up to 0
  std::string title = {};
  std::optional<double> width = {};  ///< default: from the number of panels
  std::optional<double> height = {};
  std::string background = {};  ///< "white", "black" or "#rrggbb"; default: transparent, readable on light and dark
};

/// The result of fit: the loss and metrics of each epoch and, with validation, those prefixed with "val_".
///
///   const History history = model.fit(x, y, {.epochs = 3});
///   std::cout << history["loss"].back() << '\n';
class XERAS_API History {
 public:
  /// Throws InvalidArgument, which lists the known names, for an unknown name.
  const std::vector<double>& operator[](std::string_view name) const;
  bool contains(std::string_view name) const;
  std::vector<std::string> names() const;
  /// Returns the numbers of the trained epochs, from 0.
  const std::vector<std::int64_t>& epoch() const { return epoch_; }
  /// Returns the numbers of the epochs that have a score: those with validation for "val_loss". Throws InvalidArgument
  /// for an unknown name.
  const std::vector<std::int64_t>& epoch(std::string_view name) const;

  void append(std::int64_t epoch, const Scores& scores);

  /// Draws the curves to an SVG file: one panel for the loss and one for each metric, validation dashed. Throws
  /// InvalidArgument for an unknown key or an empty history, FileError.
  void plot(const std::string& path, const HistoryPlotOptions& options = {}) const;

 private:
  struct Curve {
    std::string name;
    std::vector<double> values;
    std::vector<std::int64_t> epochs;
  };
  const Curve& curve_of(std::string_view name) const;

  std::vector<Curve> curves_;
  std::vector<std::int64_t> epoch_;
};

}  // namespace xeras
