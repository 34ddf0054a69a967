#include "io/dtype_policy.hpp"

#include "catch.hpp"
#include "io/json.hpp"
#include "support/keras_json.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using xeras::testing::dense;
using xeras::testing::model_of;

TEST_CASE("Models of other precisions load as float32 on request, and the error says so") {
  const std::string policy = GENERATE("mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64");
  const std::string dtype =
      R"({"module": "keras", "class_name": "DTypePolicy", "config": {"name": ")" + policy + "\"}}";
  const std::string json =
      model_of(R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "dtype": "float32"}}, )" +
               dense(", \"dtype\": " + dtype));
  CHECK(model_from_json(json, {.dtype = "float32"}).count_params() == 15);
  CHECK(message_of<FileError>([&] { model_from_json(json); })
            .ends_with("expected float32, the precision that xeras supports. With .dtype = \"float32\" the model loads "
                       "in that precision."));
}

TEST_CASE("Only float32 can be asked for") {
  CHECK(message_of<FileError>([] { model_from_json(model_of(dense("")), {.dtype = "float16"}); }) ==
        "model_from_json: dtype is \"float16\"; expected \"float32\", the precision that xeras supports.");
}

TEST_CASE("What scales losses for half precision is left out in float32") {
  const Value config = io::parse_json(
      R"({"class_name": "LossScaleOptimizer", "config": {"inner_optimizer": {"class_name": "Adam", "config": {}}}})",
      "t");
  CHECK(io::as_float32(config).to_string() == R"({"class_name": "Adam", "config": {}})");
}
