#include "xeras/plots/plot_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/shown.hpp"
#include "layers/snake_case.hpp"
#include "models/sequential_parts.hpp"
#include "models/summary.hpp"
#include "plots/svg.hpp"
#include "plots/text.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

using namespace plots;

constexpr double padding = 12.0, line_height = 17.0, gap = 42.0, frame_padding = 14.0, frame_heading = 22.0;
constexpr double longest_line = 420.0;

// A box for a layer, or a frame around the boxes of a nested model, with its place in the picture.
struct Box {
  std::string heading;
  std::vector<std::string> lines;
  std::vector<Box> inner;  // of a frame
  bool is_frame = false;
  bool gives_mask = false;
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
};

std::int64_t params_of(const Node& node) {
  std::int64_t count = 0;
  for (const Node::Slot& slot : node.weights) count += static_cast<std::int64_t>(slot.variable->size());
  for (const Node& child : node.children) count += params_of(child);
  return count;
}

// Returns the name of a layer's activation; empty if it has none.
std::string activation_of(const Layer& layer) {
  const Value config = layer.get_config();
  const Value* const activation = config.find("activation");
  if (activation == nullptr || activation->is_null()) return "";
  if (const auto* name = activation->get_if<std::string>()) return *name;
  const Value* const class_name = activation->find("class_name");
  const auto* name = class_name == nullptr ? nullptr : class_name->get_if<std::string>();
  return name == nullptr ? activation->to_string() : snake_case(*name);
}

const char* name_of(DType dtype) {
  switch (dtype) {
    case DType::int32:
      return "int32";
    case DType::string:
      return "string";
    case DType::float32:
      break;
  }
  return "float32";
}

Box box_of(const Node& node, const PlotModelOptions& options) {
  Box box;
  const Layer& layer = *node.layer;
  box.gives_mask = node.output.masked;
  box.heading =
      options.show_layer_names ? fmt::format("{} ({})", layer.name(), layer.class_name()) : layer.class_name();
  if (options.expand_nested && dynamic_cast<const Sequential*>(&layer) != nullptr && !node.children.empty()) {
    box.heading = layer.name();
    box.is_frame = true;
    for (const Node& child : node.children) box.inner.push_back(box_of(child, options));
    return box;
  }
  const std::string activation = options.show_layer_activations ? activation_of(layer) : "";
  if (!activation.empty()) box.lines.push_back("Activation: " + activation);
  if (options.show_shapes) {
    box.lines.push_back("Input shape: " + node.input.shape.to_string());
    box.lines.push_back("Output shape: " + node.output.shape.to_string());
  }
  if (options.show_dtype) box.lines.push_back(fmt::format("Output dtype: {}", name_of(node.output.dtype)));
  const std::int64_t params = params_of(node);
  if (options.show_trainable && params > 0) box.lines.push_back(layer.trainable() ? "Trainable" : "Non-trainable");
  if (options.show_params) box.lines.push_back("Params: " + with_commas(params));
  if (options.show_masks && node.mask_role != MaskRole::none) {
    box.lines.push_back(fmt::format("Mask: {}", words_of(node.mask_role)));
  }
  return box;
}

// Places boxes one behind the other, centred, from (left, top). Returns the size of all.
class Placing {
 public:
  explicit Placing(bool is_vertical) : is_vertical_(is_vertical) {}

  // Sets the size of a box and of those in it, with their places within it.
  void measure(Box& box) const {
    const double size_of_heading = box.is_frame ? small_font : font_size;
    const double heading = std::min(width_of(box.heading, 1.1 * size_of_heading), longest_line);
    if (!box.is_frame) {
      double widest = heading;
      for (const std::string& line : box.lines) widest = std::max(widest, width_of(line, small_font));
      box.width = std::min(widest, longest_line) + 2.0 * padding;
      box.height = 2.0 * padding + line_height * static_cast<double>(box.lines.size() + 1) - 5.0;
      return;
    }
    const auto [width, height] = row(box.inner, heading);
    for (Box& inner : box.inner) move(inner, frame_padding, frame_heading + 4.0);
    box.width = width + 2.0 * frame_padding;
    // In a row, the middle of a frame is that of its boxes, so that arrows are straight.
    box.height = height + frame_heading + 4.0 + (is_vertical_ ? frame_padding : frame_heading + 4.0);
  }

  // Places boxes from (0, 0). Returns the width, which is at least `least_width`, and the height.
  std::pair<double, double> row(std::vector<Box>& boxes, double least_width = 0.0) const {
    double along = 0.0, across = is_vertical_ ? least_width : 0.0;
    for (Box& box : boxes) {
      measure(box);
      across = std::max(across, is_vertical_ ? box.width : box.height);
    }
    for (Box& box : boxes) {
      const double aside = (across - (is_vertical_ ? box.width : box.height)) / 2.0;
      move(box, is_vertical_ ? aside : along, is_vertical_ ? along : aside);
      along += (is_vertical_ ? box.height : box.width) + gap;
    }
    along -= gap;
    return is_vertical_ ? std::pair(across, along) : std::pair(std::max(along, least_width), across);
  }

  static void move(Box& box, double dx, double dy) {
    box.x += dx;
    box.y += dy;
    for (Box& inner : box.inner) move(inner, dx, dy);
  }

 private:
  bool is_vertical_;
};

// The first and the last box of a layer, without frames, which arrows lead to and come from.
const Box& first_of(const Box& box) { return box.is_frame ? first_of(box.inner.front()) : box; }
const Box& last_of(const Box& box) { return box.is_frame ? last_of(box.inner.back()) : box; }

// Draws the arrow between two boxes, of which each may be a frame.
void draw_arrow(Svg& svg, const Box& before, const Box& behind, bool is_vertical, bool with_mask) {
  constexpr double head = 7.0, half = 4.0;
  const Box &from = last_of(before), &to = first_of(behind);
  const std::string& colour = with_mask ? svg.theme().first : svg.theme().ink;
  const std::string stroke =
      fmt::format("fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", colour, with_mask ? "3" : "1.5");
  const std::string fill = fmt::format("fill=\"{}\"", colour);
  const TextStyle label{.anchor = is_vertical ? Anchor::start : Anchor::middle, .size = small_font};
  if (is_vertical) {
    const double x = to.x + to.width / 2.0;
    svg.line(x, from.y + from.height, x, to.y - head, stroke);
    svg.path(fmt::format("M{} {}l{} {}h{}z", number(x), number(to.y), -half, -head, 2.0 * half), fill);
    if (with_mask) svg.text(x + 8.0, (before.y + before.height + behind.y) / 2.0 + 2.0, "mask", label);
  } else {
    const double y = to.y + to.height / 2.0;
    svg.line(from.x + from.width, y, to.x - head, y, stroke);
    svg.path(fmt::format("M{} {}l{} {}v{}z", number(to.x), number(y), -head, -half, 2.0 * half), fill);
    if (with_mask) svg.text((before.x + before.width + behind.x) / 2.0 - 2.0, y - 8.0, "mask", label);
  }
}

void draw(Svg& svg, const std::vector<Box>& boxes, bool is_vertical, bool show_masks);

void draw(Svg& svg, const Box& box, bool is_vertical, bool show_masks) {
  const std::string& ink = svg.theme().ink;
  if (box.is_frame) {
    svg.rect(box.x, box.y, box.width, box.height,
             fmt::format("rx=\"8\" fill=\"none\" stroke=\"{}\" stroke-dasharray=\"4 3\"", ink));
    svg.text_within(box.width - 2.0 * frame_padding, box.x + frame_padding, box.y + 17.0, box.heading,
                    {.size = small_font, .bold = true});
    draw(svg, box.inner, is_vertical, show_masks);
    return;
  }
  svg.rect(box.x, box.y, box.width, box.height,
           fmt::format("rx=\"6\" fill=\"{0}\" fill-opacity=\".06\" stroke=\"{0}\"", ink));
  const double middle = box.x + box.width / 2.0, room = box.width - 2.0 * padding;
  double y = box.y + padding + 11.0;
  svg.text_within(room, middle, y, box.heading, {.anchor = Anchor::middle, .bold = true});
  for (const std::string& line : box.lines) {
    svg.text_within(room, middle, y += line_height, line, {.anchor = Anchor::middle, .size = small_font});
  }
}

void draw(Svg& svg, const std::vector<Box>& boxes, bool is_vertical, bool show_masks) {
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (i > 0) {
      draw_arrow(svg, boxes[i - 1], boxes[i], is_vertical, show_masks && boxes[i - 1].gives_mask);
    }
    draw(svg, boxes[i], is_vertical, show_masks);
  }
}

}  // namespace

void plot_model(const Sequential& model, const std::string& to_file, const PlotModelOptions& options) {
  check_path("plot_model", to_file);
  const Theme theme = theme_on("plot_model", options.background);
  if (options.rankdir != "TB" && options.rankdir != "LR") {
    throw InvalidArgument("plot_model: " + unknown_name("rankdir", options.rankdir, {"LR", "TB"}));
  }
  const std::vector<Node>& nodes = SequentialParts::state(model).nodes;
  const std::string name = model.name().empty() ? "sequential" : model.name();
  if (!model.built()) {
    throw ShapeError(fmt::format(
        "plot_model: the model \"{}\" is not built; expected a built model. Call build or fit first.", shown(name)));
  }
  if (nodes.empty()) {
    throw ShapeError(
        fmt::format("plot_model: the model \"{}\" is built only as part of another one; expected a standalone model. "
                    "Plot the model that contains it with .expand_nested = true.",
                    shown(name)));
  }
  std::vector<Box> boxes;
  std::string description = "Layers in the order of the data: ";
  for (const Node& node : nodes) {
    boxes.push_back(box_of(node, options));
    description += fmt::format("{}{} ({})", boxes.size() > 1 ? ", " : "", node.layer->name(), node.layer->class_name());
  }
  const bool is_vertical = options.rankdir == "TB";
  constexpr double margin = 12.0;
  const auto [width, height] = Placing(is_vertical).row(boxes);
  for (Box& box : boxes) Placing::move(box, margin, margin);
  Svg svg(width + 2.0 * margin, height + 2.0 * margin, theme, "Model " + name, description + ".");
  draw(svg, boxes, is_vertical, options.show_masks);
  save(svg, to_file);
}

}  // namespace xeras
