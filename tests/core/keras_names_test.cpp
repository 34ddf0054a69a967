#include "core/keras_names.hpp"

#include "catch.hpp"
#include "models/custom_objects.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;

TEST_CASE("unknown_name says of a name of Keras that it is not there yet, and offers no other") {
  CHECK(unknown_name("metric", "Huber", {"acc", "mae"}) ==
        "metric \"Huber\" exists in Keras, but not here yet; expected one of the known names. Known: acc, mae.");
  CHECK(unknown_name("layer class", "Conv2D", {"Conv1D"}) ==
        "layer class \"Conv2D\" exists in Keras, but not here yet; expected one of the known names. Known: Conv1D.");
  CHECK(unknown_name("metric", "Huge", {"acc"}) ==
        "metric \"Huge\" is unknown; expected one of the known names. Known: acc.");
}

TEST_CASE("unknown_name knows Keras's names of one kind only, and no layer by its own name") {
  CHECK(unknown_name("loss", "AUC", {"mse"}) ==
        "loss \"AUC\" is unknown; expected one of the known names. Known: mse.");
  CHECK(unknown_name("layer", "Attention", {"dense"}) ==
        "layer \"Attention\" is unknown; expected one of the known names. Known: dense.");
}

TEST_CASE("is_missing_keras_name takes both spellings of Keras") {
  CHECK(is_missing_keras_name("metric", "LogCosh"));
  CHECK(is_missing_keras_name("metric", "log_cosh"));
  CHECK_FALSE(is_missing_keras_name("metric", "f1_score"));
  CHECK_FALSE(is_missing_keras_name("loss", "kl_divergence"));
  CHECK(is_missing_keras_name("optimizer", "adamw"));
  CHECK(is_missing_keras_name("activation", "glu"));
  CHECK(is_missing_keras_name("initializer", "stft"));
  CHECK(is_missing_keras_name("layer class", "MultiHeadAttention"));
  CHECK_FALSE(is_missing_keras_name("layer class", "Dense"));
  CHECK_FALSE(is_missing_keras_name("layer class", std::string(1000000, 'a')));
}

TEST_CASE("missing_keras_names has no name that exists here") {
  const auto check = [](std::string_view kind, auto get) {
    INFO(kind);
    for (const std::string_view name : missing_keras_names(kind)) {
      INFO(name);
      CHECK_THROWS_AS(get(std::string(name)), Error);
    }
    std::string known = message_of<Error>([&] { get(""); });
    known.erase(0, known.find("Known: ") + 7);
    for (std::size_t at = 0; at < known.size();) {
      const std::size_t end = known.find_first_of(",.", at);
      INFO(known.substr(at, end - at));
      CHECK_FALSE(is_missing_keras_name(kind, known.substr(at, end - at)));
      at = end + 2;
    }
  };
  CHECK_FALSE(missing_keras_names("layer class").empty());
  check("loss", [](const std::string& name) { losses::get(name); });
  check("metric", [](const std::string& name) { metrics::get(name); });
  check("optimizer", [](const std::string& name) { optimizers::get(name); });
  check("activation", [](const std::string& name) { activations::get(name); });
  check("initializer", [](const std::string& name) { initializers::get(name); });
  check("layer class", [](const std::string& name) { require_layer_class(name, "layers[0]"); });
}
