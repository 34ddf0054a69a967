#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;

TEST_CASE("a layer is made from its class name and configuration, and gives them back") {
  const AnyLayer dense(
      layers::Dense(3, {.activation = "relu", .kernel_regularizer = regularizers::L2(0.5), .name = "d"}));
  AnyLayer again;
  from_value(to_value(dense), again, "layers[0]");
  CHECK(again->class_name() == "Dense");
  CHECK(to_value(again) == to_value(dense));
  from_value(Value(), again, "layers[0]");
  CHECK_FALSE(again);
}

TEST_CASE("a layer of an unknown class names its place in the file") {
  AnyLayer layer;
  CHECK(message_of<FileError>([&] {
          from_value(Value::Dict{{"class_name", "Dens"}}, layer, "layers[2]");
        }).starts_with("layers[2].config: layer class \"Dens\" is unknown; did you mean \"Dense\"? Known: "));
  CHECK(message_of<FileError>([&] { from_value(Value("Dense"), layer, "layers[2]"); }) ==
        "layers[2]: \"Dense\"; expected a layer's class_name and config.");
  CHECK(message_of<FileError>([&] {
          from_value(Value::Dict{{"class_name", "Dense"}, {"config", Value::Dict{{"units", "x"}}}}, layer, "layers[2]");
        }) == "layers[2].config.units: \"x\"; expected an integer.");
}

TEST_CASE("a nested model is made from its configuration") {
  const AnyLayer model(Sequential{layers::Dense(3, {.name = "in"}), layers::Dropout(0.5)});
  AnyLayer again;
  from_value(to_value(model), again, "layers[0]");
  CHECK(to_value(again) == to_value(model));
}
