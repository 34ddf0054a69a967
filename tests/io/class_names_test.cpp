#include "io/class_names.hpp"

#include "catch.hpp"
#include "support/keras_json.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;

TEST_CASE("Classes have the names that they have in the newest Keras") {
  CHECK(io::current_class_name("OrthogonalInitializer") == "Orthogonal");  // Keras 3.0 to 3.6
  CHECK(io::current_class_name("IdentityInitializer") == "Identity");
  CHECK(io::current_class_name("BatchNormalizationV1") == "BatchNormalization");
  CHECK(io::current_class_name("mine>Scale") == "Scale");
  CHECK(io::current_class_name("Dense") == "Dense");
}

TEST_CASE("A recurrent layer of Keras 3.0 to 3.6 loads, whose initializer has another name there") {
  const std::string json = xeras::testing::model_of(
      R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4, 2]}}, {"class_name": "LSTM", "config": )"
      R"({"units": 2, "recurrent_initializer": {"module": "keras.initializers", "class_name": "OrthogonalInitializer", )"
      R"("config": {"gain": 1.0, "seed": null}, "registered_name": null}}})");
  CHECK(model_from_json(json).count_params() == 40);
}
