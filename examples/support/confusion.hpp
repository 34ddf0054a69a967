#pragma once

// A confusion matrix: the predicted label of each sample against its true one.

#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <string>
#include <vector>

namespace example {

class Confusion {
 public:
  /// probabilities (samples, labels); truth (samples), the number of each sample's label.
  Confusion(std::vector<std::string> labels, const xeras::Tensor& probabilities, const std::vector<int>& truth)
      : labels_(std::move(labels)), counts_(xt::zeros<int>({labels_.size(), labels_.size()})) {
    const xt::xtensor<std::size_t, 1> guesses = xt::argmax(probabilities, 1);
    for (std::size_t i = 0; i < truth.size(); ++i) ++counts_(truth[i], guesses(i));
  }

  double accuracy() const {
    int right = 0;
    for (std::size_t i = 0; i < labels_.size(); ++i) right += counts_(i, i);
    return ratio(right, xt::sum(counts_)());
  }
  /// The precision of a label, the share of its predictions that are right; its recall, the share of its samples that
  /// were found; and F1, the harmonic mean of the two.
  double precision(std::size_t label) const {
    return ratio(counts_(label, label), xt::sum(xt::view(counts_, xt::all(), label))());
  }
  double recall(std::size_t label) const {
    return ratio(counts_(label, label), xt::sum(xt::view(counts_, label, xt::all()))());
  }
  double f1(std::size_t label) const {
    const double sum = precision(label) + recall(label);
    return sum == 0.0 ? 0.0 : 2.0 * precision(label) * recall(label) / sum;
  }

  void print_f1(std::ostream& out) const {
    out << std::left << std::setw(name_width()) << "" << std::right << "  precision  recall      F1\n"
        << std::fixed << std::setprecision(4);
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      out << std::left << std::setw(name_width()) << labels_[i] << std::right << std::setw(11) << precision(i)
          << std::setw(8) << recall(i) << std::setw(8) << f1(i) << '\n';
    }
  }

  /// Prints one row per label and one column per predicted label.
  void print_table(std::ostream& out) const {
    const auto width = [&](std::size_t i) { return static_cast<int>(std::max<std::size_t>(labels_[i].size(), 5)) + 2; };
    out << std::setw(name_width()) << "";
    for (std::size_t i = 0; i < labels_.size(); ++i) out << std::setw(width(i)) << labels_[i];
    for (std::size_t row = 0; row < labels_.size(); ++row) {
      out << '\n' << std::left << std::setw(name_width()) << labels_[row] << std::right;
      for (std::size_t column = 0; column < labels_.size(); ++column) {
        out << std::setw(width(column)) << counts_(row, column);
      }
    }
    out << '\n';
  }

 private:
  static double ratio(int part, int whole) { return whole == 0 ? 0.0 : static_cast<double>(part) / whole; }
  int name_width() const {
    std::size_t width = 0;
    for (const std::string& label : labels_) width = std::max(width, label.size());
    return static_cast<int>(width) + 1;
  }

  std::vector<std::string> labels_;
  xt::xtensor<int, 2> counts_;  // (true label, predicted label)
};

}  // namespace example
