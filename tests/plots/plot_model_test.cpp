#include "xeras/plots/plot_model.hpp"

#include <cmath>
#include <filesystem>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "support/xml.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/layers.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::Picture;
using xeras::testing::TemporaryFolder;
using xeras::testing::XmlElement;

namespace {

using Texts = std::vector<std::string>;

struct LengthsConfig {
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(LengthsConfig, name, trainable)

// Strings to ids.
class Lengths final : public LayerWith<LengthsConfig> {
 public:
  using LayerWith::LayerWith;
  std::optional<Spec> first_input() const override { return Spec{{None, None}, DType::string}; }
  Spec build(const Spec& input, Builder&) override { return {input.shape, DType::int32}; }
  void forward(const Call&) const override {}
};

Picture plotted(const Sequential& model, const PlotModelOptions& options = {}) {
  const TemporaryFolder folder;
  plot_model(model, folder / "a.svg", options);
  return Picture(folder / "a.svg");
}

Sequential classifier() {
  return Sequential{Embedding(1000, 64, {.mask_zero = true}), GlobalAveragePooling1D(),
                    Dense(1, {.activation = "sigmoid", .name = "out"})};
}

double number_in(const XmlElement& element, const std::string& attribute) {
  return std::stod(element.attributes.at(attribute));
}

}  // namespace

TEST_CASE("plot_model draws a box for each layer") {
  const Picture picture = plotted(classifier());
  CHECK(picture.texts() == Texts{"Embedding", "GlobalAveragePooling1D", "Dense"});
  CHECK(picture.all("rect").size() == 3);
  CHECK(picture.all("path").size() == 4);  // a line and a head of each arrow
  CHECK(picture.all("title").at(0).text == "Model sequential");
  CHECK(
      picture.description() ==
      "Layers in the order of the data: embedding (Embedding), global_average_pooling1d (GlobalAveragePooling1D), out "
      "(Dense).");
  CHECK(picture.size() < 2000);
}

TEST_CASE("plot_model draws what its options ask for, in Keras's order") {
  Sequential model = classifier();
  model.get_layer(0).set_trainable(false);
  const Picture picture = plotted(model, {.show_shapes = true,
                                          .show_dtype = true,
                                          .show_layer_names = true,
                                          .show_layer_activations = true,
                                          .show_trainable = true,
                                          .show_params = true,
                                          .show_masks = true});
  CHECK(picture.texts() == Texts{"embedding (Embedding)",
                                 "Input shape: (None, None)",
                                 "Output shape: (None, None, 64)",
                                 "Output dtype: float32",
                                 "Non-trainable",
                                 "Params: 64,000",
                                 "Mask: made",
                                 "mask",  // beside the arrow
                                 "global_average_pooling1d (GlobalAveragePooling1D)",
                                 "Input shape: (None, None, 64)",
                                 "Output shape: (None, 64)",
                                 "Output dtype: float32",
                                 "Params: 0",
                                 "Mask: used",  //
                                 "out (Dense)",
                                 "Activation: sigmoid",
                                 "Input shape: (None, 64)",
                                 "Output shape: (None, 1)",
                                 "Output dtype: float32",
                                 "Trainable",
                                 "Params: 65"});
}

TEST_CASE("plot_model draws from top to bottom or from left to right") {
  for (const bool is_vertical : {true, false}) {
    const Picture picture = plotted(classifier(), {.rankdir = is_vertical ? "TB" : "LR"});
    const std::vector<XmlElement> boxes = picture.all("rect");
    REQUIRE(boxes.size() == 3);
    const std::string along = is_vertical ? "y" : "x", across = is_vertical ? "x" : "y";
    const std::string length = is_vertical ? "height" : "width", breadth = is_vertical ? "width" : "height";
    for (std::size_t i = 1; i < 3; ++i) {
      CHECK(std::abs(number_in(boxes[i], along) - number_in(boxes[i - 1], along) - number_in(boxes[i - 1], length) -
                     42.0) < 0.11);
      CHECK(std::abs(number_in(boxes[i], across) + number_in(boxes[i], breadth) / 2.0 - number_in(boxes[0], across) -
                     number_in(boxes[0], breadth) / 2.0) < 0.11);
    }
    for (const XmlElement& box : boxes) {
      CHECK(number_in(box, "x") + number_in(box, "width") < number_in(picture.elements()[0], "width"));
      CHECK(number_in(box, "y") + number_in(box, "height") < number_in(picture.elements()[0], "height"));
    }
  }
}

TEST_CASE("plot_model draws a nested model as a box, or as a frame around its layers") {
  Sequential inner({.name = "tower"});
  inner.add(LSTM(8, {.return_sequences = true}));
  inner.add(LSTM(4));
  Sequential model{Embedding(10, 3, {.mask_zero = true}), std::move(inner), Dense(1)};
  CHECK(plotted(model, {.show_params = true}).texts() ==
        Texts{"Embedding", "Params: 30", "Sequential", "Params: 592", "Dense", "Params: 5"});
  for (const char* const rankdir : {"TB", "LR"}) {
    const Picture picture = plotted(model, {.rankdir = rankdir, .expand_nested = true, .show_masks = true});
    CHECK(picture.texts() == Texts{"Embedding", "Mask: made", "mask", "tower", "LSTM", "Mask: used, passed", "mask",
                                   "LSTM", "Mask: used", "Dense"});
    const std::vector<XmlElement> boxes = picture.all("rect");
    REQUIRE(boxes.size() == 5);
    CHECK(boxes[1].attributes.contains("stroke-dasharray"));
    for (const std::size_t layer : {2, 3}) {
      CHECK(number_in(boxes[layer], "x") > number_in(boxes[1], "x"));
      CHECK(number_in(boxes[layer], "y") > number_in(boxes[1], "y"));
      CHECK(number_in(boxes[layer], "x") + number_in(boxes[layer], "width") <
            number_in(boxes[1], "x") + number_in(boxes[1], "width"));
      CHECK(number_in(boxes[layer], "y") + number_in(boxes[layer], "height") <
            number_in(boxes[1], "y") + number_in(boxes[1], "height"));
    }
  }
}

TEST_CASE("plot_model draws names of any text and length") {
  Sequential model;
  model.add(Dense(2, {.input_shape = Shape{3}, .name = "<a> & \"b\" 'c' 😀 שלום \xff"}));
  model.add(Dense(2, {.name = std::string(400, 'n')}));
  const Picture picture = plotted(model, {.show_layer_names = true});
  CHECK(picture.has_text("<a> & \"b\" 'c' 😀 שלום \uFFFD (Dense)"));
  CHECK(picture.titles() == Texts{std::string(400, 'n') + " (Dense)"});
}

TEST_CASE("plot_model draws the type of each output") {
  CHECK(plotted(Sequential{Lengths(), Embedding(9, 2)}, {.show_shapes = true, .show_dtype = true}).texts() ==
        Texts{"Lengths", "Input shape: (None, None)", "Output shape: (None, None)", "Output dtype: int32",  //
              "Embedding", "Input shape: (None, None)", "Output shape: (None, None, 2)", "Output dtype: float32"});
}

TEST_CASE("plot_model raises for what it cannot draw, and leaves nothing behind") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.svg";
  const std::string not_built =
      "plot_model: the model \"sequential\" is not built; expected a built model. Call build or fit first.";
  CHECK(message_of<ShapeError>([&] { plot_model(Sequential{Dense(1)}, path); }) == not_built);
  CHECK(message_of<ShapeError>([&] { plot_model(Sequential(), path); }) == not_built);
  Sequential inner({.name = "tower"});
  inner.add(Dense(2));
  const Sequential outer{Dense(3, {.input_shape = Shape{4}}), std::move(inner)};
  CHECK(message_of<ShapeError>([&] { plot_model(outer.get_layer<Sequential>(1), path); }) ==
        "plot_model: the model \"tower\" is built only as part of another one; expected a standalone model. Plot the "
        "model that contains it with .expand_nested = true.");
  CHECK(message_of<InvalidArgument>([&] { plot_model(classifier(), path, {.rankdir = "TD"}); }) ==
        "plot_model: rankdir \"TD\" is unknown; did you mean \"TB\"? Known: LR, TB.");
  CHECK(message_of<FileError>([] { plot_model(classifier(), "model.png"); }) ==
        "plot_model: the file is named \"model.png\"; expected a name that ends in .svg. Convert the picture with "
        "another program for other formats.");
  CHECK(std::filesystem::is_empty(folder.path()));
}
