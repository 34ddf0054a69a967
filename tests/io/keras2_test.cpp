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
  const Value upgraded = io::upgrade_model(model, {.major = 2, .minor = 1, .is_tensorflow = false});
  CHECK(upgraded.to_string() ==
        R"({"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer", "config": )"
        R"({"batch_shape": [null, 5, 2]}}, {"class_name": "GRU", "config": {"units": 3, "recurrent_activation": )"
        R"("keras2_hard_sigmoid", "reset_after": false}}]}})");
}

TEST_CASE("What Keras 2 had and xeras lacks raises") {
  const auto training = [](const char* key, Value value) {
    return Value::Dict{
        {"optimizer_config", Value::Dict{{"class_name", "SGD"}, {"config", Value::Dict{{key, std::move(value)}}}}},
        {"loss", "mse"}};
  };
  const io::KerasVersion version{.major = 2, .minor = 2, .is_tensorflow = false};
  CHECK(message_of<FileError>([&] { io::upgrade_training(training("decay", 0.1), version, "training_config"); }) ==
        "training_config.optimizer_config.config.decay: 0.1; expected 0, since there are no schedules.");
  CHECK(io::upgrade_training(training("lr", 0.1), version, "t").to_string().find("\"learning_rate\": 0.1") !=
        std::string::npos);
  CHECK(io::upgrade_training(training("clipnorm", 1.0), version, "t").to_string().find("\"global_clipnorm\": 1") !=
        std::string::npos);
}

TEST_CASE("JSON of Keras 2 keeps its meaning") {
  const auto model = [](const std::string& more) {
    return R"({"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {"units": 1, )"
           R"("activation": "hard_sigmoid", "batch_input_shape": [null, 2])" +
           more + R"(}}]}, "keras_version": "2.2.4", "backend": "tensorflow"})";
  };
  CHECK(model_from_json(model("")).to_json().find("keras2_hard_sigmoid") != std::string::npos);
  CHECK(message_of<FileError>([&] { model_from_json(model(R"(, "time_major": true)")); }) ==
        "model_from_json: layers[1].config.time_major: true; expected false, all that xeras has.");
}
