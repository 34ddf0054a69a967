#include "xeras/io/load.hpp"

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "io/hdf5_writer.hpp"
#include "io/zip.hpp"
#include "support/keras_json.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::dense;
using xeras::testing::model_of;
using xeras::testing::TemporaryFolder;

TEST_CASE("What compile cannot take from a file does not keep the model from loading") {
  const std::string json =
      R"({"class_name": "Sequential", "config": {"name": "m", "layers": [)"
      R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4]}}, {"class_name": "Dense", "config": {"units": 1}}]},)"
      R"("compile_config": {"optimizer": "adam", "loss": "my_loss"}})";
  const std::string message = message_of<FileError>([&] { model_from_json(json); });
  CHECK(
      message.starts_with("model_from_json: compile_config.loss: loss \"my_loss\" is unknown; expected one of the "
                          "known names. Known: BCE, "));
  CHECK(message.ends_with(" tversky. With .compile = false the model loads without it."));
  CHECK(model_from_json(json, {.compile = false}).count_params() == 5);
}

TEST_CASE("A batch that only the InputLayer has binds nobody, unless a stateful layer needs it") {
  const std::string input = R"({"class_name": "InputLayer", "config": {"batch_shape": [32, 5, 3]}}, )";
  const auto lstm = [](const char* stateful) {
    return std::string(R"({"class_name": "LSTM", "config": {"units": 2, "stateful": )") + stateful + "}}";
  };
  const Sequential open = model_from_json(model_of(input + lstm("false")));
  CHECK(open.predict(xt::xarray<float>(xt::ones<float>({2, 7, 3}))).shape()[0] == 2);
  CHECK(open.to_json().find(R"("batch_shape":[32,5,3])") != std::string::npos);
  const Sequential fixed = model_from_json(model_of(input + lstm("true")));
  CHECK(fixed.input_shape() == Shape({32, None, 3}));
}

TEST_CASE("A length that only the InputLayer has binds no sequence, unless a layer needs it") {
  const std::string input = R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 5]}}, )";
  const std::string embedding = R"({"class_name": "Embedding", "config": {"input_dim": 9, "output_dim": 2}}, )";
  const Sequential open =
      model_from_json(model_of(input + embedding + R"({"class_name": "LSTM", "config": {"units": 2}})"));
  CHECK(open.predict(xt::xarray<int>(xt::ones<int>({1, 8}))).shape()[1] == 2);
  CHECK(open.to_json().find(R"("batch_shape":[null,5])") != std::string::npos);
  const Sequential flat =
      model_from_json(model_of(input + embedding + R"({"class_name": "Flatten", "config": {}}, )" + dense("")));
  CHECK(flat.input_shape() == Shape({None, 5}));
  CHECK_THROWS_AS(flat.predict(xt::xarray<int>(xt::ones<int>({1, 8}))), InvalidInput);
}

TEST_CASE("A state that is far larger than its file is refused") {
  const TemporaryFolder folder;
  Sequential model{SimpleRNN(2, {.stateful = true})};
  model.build({8, 3, 1});
  model.save(folder / "m.keras");
  const io::ZipReader reader(folder / "m.keras");
  std::string config(reader.read("config.json").text());
  for (std::size_t at = 0; (at = config.find("[8,3,1]", at)) != config.npos;) config.replace(at, 7, "[1073741824,3,1]");
  io::ZipWriter writer(folder / "large.keras");
  writer.add("metadata.json", reader.read("metadata.json").text());
  writer.add("config.json", config);
  writer.add("model.weights.h5", reader.read("model.weights.h5").text());
  writer.close();
  CHECK(message_of<FileError>([&] { load_model(folder / "large.keras"); }) ==
        (folder / "large.keras") +
            ": SimpleRNN \"simple_rnn\": a state of shape (1073741824, 2) is far larger than the file; expected a "
            "smaller batch size. Build the model in code, and load its weights.");
}

TEST_CASE("A file with a name of a megabyte raises a message of a few lines") {
  const std::string name(1000000, 'n'),
      first = R"({"class_name": "Sequential", "config": {"layers": [{"class_name": ")";
  const auto message = [&](const std::string& layer) {
    return message_of<FileError>([&] { model_from_json(first + layer + "}]}}"); });
  };
  CHECK(message(name + R"(", "config": {})").size() < 2500);
  CHECK(message(R"(Dense", "config": {"units": 1, ")" + name + R"(": 1})").size() < 2500);
  CHECK(message(R"(Dense", "config": {"units": ")" + name + R"("})").size() < 2500);
}

TEST_CASE("A file of weights alone is pointed to load_weights") {
  const TemporaryFolder folder;
  Sequential{Dense(3, {.input_shape = {4}})}.save_weights(folder / "m.weights.h5");
  CHECK(message_of<FileError>([&] { load_model(folder / "m.weights.h5"); }) ==
        (folder / "m.weights.h5") +
            ": attribute model_config is missing; expected a whole model. A file of weights alone is for "
            "load_weights.");
}

TEST_CASE("A folder is no file, and a SavedModel is named as such") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "m");
  CHECK(message_of<FileError>([&] { load_model(folder / "m"); }) ==
        (folder / "m") + ": a folder; expected a .keras or .h5 file.");
  std::ofstream(folder / "m/saved_model.pb") << "x";
  CHECK(message_of<FileError>([&] { load_model(folder / "m"); }) ==
        (folder / "m") +
            ": a SavedModel of TensorFlow; expected a .keras or .h5 file. Keras 2 loads it, and its "
            "save(\"model.keras\") "
            "writes one.");
}

TEST_CASE("An .h5 file of a model that was saved before it was built is pointed to model_from_json") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.h5";
  {
    io::Hdf5Writer file(path);
    file.set_text("", "keras_version", "3.15.1");
    file.set_text("", "model_config", model_of(dense("")));
    file.make_group("model_weights/dense");
    file.set_texts("model_weights", "layer_names", {"dense"});
    file.set_texts("model_weights/dense", "weight_names", {});
    file.close();
  }
  CHECK(message_of<FileError>([&] { load_model(path); }) ==
        path +
            ": there are no weights; expected those of a model. It was saved before it was built: load its "
            "configuration with model_from_json.");
}

TEST_CASE("A compiled model without an optimizer has Keras's default") {
  const auto model = [](const std::string& arguments) {
    return model_from_json(R"({"class_name": "Sequential", "config": {"name": "m", "layers": [)"
                           R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4]}}, )" +
                           dense("") + R"(]}, "compile_config": {)" + arguments + "}}");
  };
  for (const char* arguments : {R"("loss": "mse")", R"("optimizer": null, "loss": "mse", "loss_weights": null)"}) {
    const Sequential compiled = model(arguments);
    CHECK(compiled.optimizer().class_name() == "RMSprop");
    CHECK(model_from_json(compiled.to_json()).optimizer().class_name() == "RMSprop");
  }
  CHECK(message_of<FileError>([&] { model(R"("optimizer": 7)"); }).starts_with("model_from_json: compile_config"));
}

TEST_CASE("Models of many layers load from .h5") {
  const TemporaryFolder folder;
  Sequential model;
  model.add(Dense(1, {.input_shape = {1}}));
  for (int i = 0; i < 3000; ++i) model.add(Dense(1));
  const std::string path = folder / "m.h5";
  model.save(path);
  const Sequential loaded = load_model(path);
  CHECK(loaded.layers().back()->name() == "dense_3000");
  CHECK((loaded.get_weights() == model.get_weights()));
}
