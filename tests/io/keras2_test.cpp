#include "io/keras2.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/io/load.hpp"

using namespace xeras;

TEST_CASE("Versions of Keras are told apart") {
  CHECK(io::parse_version("2.1.6", "test").minor == 1);
  CHECK_FALSE(io::parse_version("2.1.6", "test").is_tensorflow);
  CHECK(io::parse_version("2.2.4-tf", "test").is_tensorflow);
  CHECK(io::parse_version("2.15.0", "test").is_tensorflow);
  CHECK(io::parse_version("3.15.1", "test").major == 3);
  CHECK(message_of<FileError>([] { io::parse_version("1.2.2", "m.h5"); }) ==
        "m.h5: keras_version is \"1.2.2\"; expected 2.x or 3.x.");
  CHECK(message_of<FileError>([] { io::parse_version("4.0", "m.h5"); }) ==
        "m.h5: keras_version is \"4.0\"; expected 2.x or 3.x.");
}

TEST_CASE("What Keras 2 left unsaid is said, and its names keep their meaning") {
  const Value layer = Value::Dict{
      {"class_name", "GRU"},
      {"config", Value::Dict{{"units", std::int64_t{3}},
                             {"recurrent_activation", "hard_sigmoid"},
                             {"implementation", std::int64_t{1}},
                             {"batch_input_shape", Value::List{Value(), std::int64_t{5}, std::int64_t{2}}}}}};
  const Value model = Value::Dict{{"class_name", "Sequential"}, {"config", Value::List{layer}}};
  const Value upgraded = io::upgrade_model(model, {.major = 2, .minor = 1, .patch = 0, .is_tensorflow = false});
  CHECK(upgraded.to_string() ==
        R"({"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer", "config": )"
        R"({"batch_shape": [null, 5, 2]}}, {"class_name": "GRU", "config": {"units": 3, "recurrent_activation": )"
        R"("keras2_hard_sigmoid", "reset_after": false}}]}})");
}

TEST_CASE("JSON of Keras 2 keeps its meaning") {
  const auto model = [](const std::string& more) {
    return R"({"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {"units": 1, )"
           R"("activation": "hard_sigmoid", "batch_input_shape": [null, 2])" +
           more + R"(}}]}, "keras_version": "2.2.4", "backend": "tensorflow"})";
  };
  CHECK(model_from_json(model("")).to_json().find(R"("scale":0.2,"offset":0.5)") != std::string::npos);
  CHECK(message_of<FileError>([&] { model_from_json(model(R"(, "time_major": true)")); }) ==
        "model_from_json: layers[0].config.time_major: true; expected false, the only value that xeras supports.");
}

TEST_CASE("JSON of Keras 1 without a version is known by its arguments") {
  CHECK(message_of<FileError>([] {
          model_from_json(R"({"class_name": "Sequential", "config": [{"class_name": "Dense", "config": )"
                          R"({"output_dim": 3, "init": "uniform", "batch_input_shape": [null, 4]}}]})");
        }) ==
        "model_from_json: layers[0].config.output_dim: an argument of Keras 1; expected a model of Keras 2 or 3.");
}

TEST_CASE("JSON whose layers are a list is of Keras 2, also where it has no version") {
  const Sequential model =
      model_from_json(R"({"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"units": 1, )"
                      R"("activation": "hard_sigmoid", "batch_input_shape": [null, 2]}}]})");
  CHECK(model.to_json().find("Rescaling") != std::string::npos);
}
