#include "models/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "models/sequential_state.hpp"

namespace xeras {
namespace {

constexpr std::size_t columns = 4;
using Row = std::array<std::string, columns>;
using Widths = std::array<std::size_t, columns>;

std::string memory(std::int64_t params) {
  double size = static_cast<double>(params) * sizeof(float);
  const std::array units{"B", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; size >= 1024.0 && unit + 1 < units.size(); ++unit) size /= 1024.0;
  return fmt::format("{:.2f} {}", size, units[unit]);
}

std::string rule(const Widths& widths, const char* left, const char* line, const char* cross, const char* right) {
  std::string text = left;
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = 0; j < widths[i] + 2; ++j) text += line;
    text += i + 1 < columns ? cross : right;
  }
  return text + '\n';
}

std::string line(const Row& row, const Widths& widths, const char* bar) {
  return fmt::format("{0} {1:<{5}} {0} {2:<{6}} {0} {3:>{7}} {0} {4:<{8}} {0}\n", bar, row[0], row[1], row[2], row[3],
                     widths[0], widths[1], widths[2], widths[3]);
}

void add_params(const Node& node, bool trainable, std::int64_t& learned, std::int64_t& total) {
  trainable = trainable && node.layer->trainable();
  for (const Node::Slot& slot : node.weights) {
    const auto size = static_cast<std::int64_t>(slot.variable->size());
    total += size;
    if (trainable && slot.variable->trainable) learned += size;
  }
  for (const Node& child : node.children) add_params(child, trainable, learned, total);
}

}  // namespace

std::string with_commas(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) text.insert(place -= 3, 1, ',');
  return text;
}

const char* words_of(MaskRole role) {
  constexpr std::array words{"", "made", "passed", "used", "used, passed", "ended"};
  return words[static_cast<std::size_t>(role)];
}

void Sequential::summary() const { summary(std::cout); }

void Sequential::summary(std::ostream& out) const {
  std::vector<Row> rows{{"Layer (type)", "Output Shape", "Param #", "Mask"}};
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = *layers_[i];
    const std::string title = fmt::format("{} ({})", layer.name(), layer.class_name());
    if (i < state().nodes.size()) {
      rows.push_back({title, layer.output_shape().to_string(), with_commas(layer.count_params()),
                      words_of(state().nodes[i].mask_role)});
    } else {
      rows.push_back({title, "?", "0 (unbuilt)", ""});
    }
  }
  Widths widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::int64_t trainable = 0, total = 0;
  for (const Node& node : state().nodes) add_params(node, this->trainable(), trainable, total);
  out << fmt::format("Model: \"{}\"\n", name().empty() ? "sequential" : name());
  out << rule(widths, "┏", "━", "┳", "┓") << line(rows[0], widths, "┃") << rule(widths, "┡", "━", "╇", "┩");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (i > 1) out << rule(widths, "├", "─", "┼", "┤");
    out << line(rows[i], widths, "│");
  }
  out << rule(widths, "└", "─", "┴", "┘");
  out << fmt::format(" Total params: {} ({})\n Trainable params: {} ({})\n Non-trainable params: {} ({})\n",
                     with_commas(total), memory(total), with_commas(trainable), memory(trainable),
                     with_commas(total - trainable), memory(total - trainable));
}

}  // namespace xeras
