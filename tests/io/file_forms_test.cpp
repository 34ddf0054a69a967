// Files in the forms that golden/make_file_forms.py makes with Keras.
#include "catch.hpp"
#include "support/messages.hpp"
#include "support/model_file.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using Catch::Matchers::WithinAbs;
using xeras::testing::check_model;
using xeras::testing::model_file;

namespace {

Sequential load(const std::string& name, const LoadOptions& options = {}) {
  return load_model(model_file("forms/" + name), options);
}

}  // namespace

TEST_CASE("SGD with the decay of Keras 2 goes on with Keras's losses") {
  Sequential model = load("decay.h5");
  CHECK_THAT(model.optimizer().learning_rate(), WithinAbs(0.1 / 1.3, 1e-6));  // after 3 steps
  check_model(model, "forms/decay.json");
}

TEST_CASE("The state of an optimizer of Keras until 2.0.5 is in the order of the names of the weights") {
  Sequential model = load("keras_2_0_5.h5");
  CHECK(model.optimizer().iterations() == 3);
  check_model(model, "forms/decay.json");
}

TEST_CASE("Files of tf.keras 2.13, where layers with weights count twice, load as well") {
  Sequential model = load("numbered_2_13.keras");
  check_model(model, "forms/numbered_2_13.json", false);  // it has Dropout
}

TEST_CASE("Files that were written on Windows load as well") {
  Sequential model = load("windows.keras");
  check_model(model, "forms/windows.json", false);
}

TEST_CASE("Functional models whose layers are a chain load and train on") {
  for (const char* ending : {".keras", ".h5"}) {
    Sequential model = load(std::string("chain") + ending);
    check_model(model, "forms/chain.json");
  }
  // Keras 3 with TensorFlow squares the gradient of each occurrence of a repeated word by itself, so that its Adam goes
  // on otherwise.
  Sequential model = load("chain_of_keras_3.h5");
  check_model(model, "forms/chain_of_keras_3.json", false);
  CHECK(model.optimizer().iterations() == 3);
}

TEST_CASE("Models of mixed precision load as float32 on request, with their optimizer's state") {
  for (const char* ending : {".keras", ".h5"}) {
    Sequential model = load(std::string("half") + ending, {.dtype = "float32"});
    check_model(model, "forms/half.json", false);
    CHECK(model.optimizer().iterations() == 3);
  }
}

TEST_CASE("Layers and learning rates that Keras spells otherwise load and train on") {
  Sequential model = load("spellings.h5");
  check_model(model, "forms/spellings.json");
}
