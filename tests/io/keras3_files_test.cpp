// Files that Keras 3 has written: golden/make_keras3_files.py makes them.
#include "catch.hpp"
#include "support/model_file.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using xeras::testing::check_model;
using xeras::testing::model_file;

TEST_CASE("Files of Keras 3 give Keras's outputs, and training goes on with its losses") {
  const std::string name = GENERATE("keras3/tagger", "keras3/nested");
  for (const char* ending : {".keras", ".h5"}) {
    INFO(name << ending);
    Sequential model = load_model(model_file(name + ending));
    check_model(model, name + ".json");
  }
}

TEST_CASE("Files that were written again are as good") {
  const xeras::testing::TemporaryFolder folder;
  const std::string name = GENERATE("keras3/tagger", "keras3/nested");
  for (const char* file : {"m.keras", "m.h5"}) {
    load_model(model_file(name + ".keras")).save(folder / file);
    Sequential model = load_model(folder / file);
    check_model(model, name + ".json");
  }
}

TEST_CASE("Weights of Keras 3 load into a model of the same layers, with the optimizer's state") {
  Sequential model = load_model(model_file("keras3/tagger.keras"));
  for (Variable* variable : model.variables()) variable->assign(Tensor(variable->value().shape(), 0.5f));
  model.compile(optimizers::Adam({.learning_rate = 0.01, .amsgrad = true}), "sparse_categorical_crossentropy");
  model.load_weights(model_file("keras3/tagger.weights.h5"));
  check_model(model, "keras3/tagger.json");
}
