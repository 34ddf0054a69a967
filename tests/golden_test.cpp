#include "support/golden.hpp"

#include <cstdio>

#include "catch.hpp"
#include "support/golden_config.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::testing;

namespace {

const std::vector<std::string> files{"core",        "activation", "recurrent", "bidirectional", "time_distributed",
                                     "convolution", "pooling",    "reshaping", "normalization", "regularization",
                                     "models"};

std::string dense(const std::string& arguments) {
  return R"({"module": "keras.layers", "class_name": "Dense", "config": {"units": 3)" + arguments +
         R"(}, "registered_name": null})";
}

}  // namespace

TEST_CASE("Layers and models give the numbers of Keras") {
  const std::string file = GENERATE(from_range(files));
  const GoldenOutcome outcome = play_golden_file(file);
  CHECK(outcome.cases > 0);
  for (const std::string& failure : outcome.failures) FAIL_CHECK(file << ".json: " << failure);
}

TEST_CASE("Layers of Keras's files keep what they say, and nothing is dropped that says something") {
  CHECK(layer_from_keras(dense(R"(, "use_bias": false, "quantization_config": null)"))->class_name() == "Dense");
  CHECK(message_of<FileError>([] { layer_from_keras(dense(R"(, "quantization_config": "int8")")); }) ==
        R"(layer.config.quantization_config: "int8"; expected an argument that the class has.)");
  CHECK(message_of<FileError>([] { layer_from_keras(dense(R"(, "dtype": "float16")")); }) ==
        R"(layer.config.dtype: "float16"; expected an argument that the class has.)");
  CHECK(message_of<FileError>([] { layer_from_keras(dense(R"(, "sparsity": 0.5)")); }) ==
        "layer.config.sparsity: 0.5; expected an argument that the class has.");
}

// Prints how near the library is: xeras_tests "[.figures]".
TEST_CASE("Largest differences from Keras", "[.figures]") {
  for (const std::string& file : files) {
    const GoldenOutcome outcome = play_golden_file(file);
    std::printf("%s.json (%s): %zu cases, %zu failures\n", file.c_str(), outcome.made_with.c_str(), outcome.cases,
                outcome.failures.size());
    for (const auto& [kind, largest] : outcome.largest) {
      std::printf("  %-18s %.1e (at most %.0e)\n", kind.c_str(), largest, golden_tolerance(kind));
    }
  }
}
