#include "io/keras_config_writer.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/io/load.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("A model goes to JSON and back, with what compile set") {
  Sequential model{Embedding(20, 4, {.embeddings_regularizer = regularizers::L2(0.01), .mask_zero = true}),
                   Dropout(0.2),
                   Bidirectional(LSTM(3, {.seed = 7, .return_sequences = true})),
                   TimeDistributed(Dense(2, {.activation = "gelu"})),
                   GlobalAveragePooling1D(),
                   Dense(1, {.kernel_constraint = constraints::MaxNorm({.max_value = 2.0})})};
  model.compile(optimizers::Adam({.learning_rate = 0.01, .clipnorm = 1.0}),
                losses::BinaryCrossentropy({.from_logits = true}), {"acc", metrics::BinaryAccuracy({.threshold = 0.3})},
                {.weighted_metrics = {"mae"}});
  const std::string json = model.to_json();
  Sequential back = model_from_json(json);
  CHECK(back.to_json() == json);
  CHECK(back.output_shape() == model.output_shape());
  CHECK(back.count_params() == model.count_params());
  CHECK(back.optimizer().get_config() == model.optimizer().get_config());
  CHECK_THROWS_AS(model_from_json(json, {.compile = false}).optimizer(), NotCompiled);
}

TEST_CASE("Activations are written by their names, and what Keras lacks is kept for xeras") {
  for (const char* name : {"relu", "relu6", "leaky_relu", "hard_sigmoid", "log_softmax", "gelu", "silu", "hard_silu",
                           "tanh_shrink", "squareplus", "sparsemax", "elu", "linear"}) {
    Sequential model{Dense(2, {.activation = name, .input_shape = {3}})};
    CHECK(model.to_json().find(std::string("\"activation\":\"") + name + '"') != std::string::npos);
  }
  Sequential model{Dense(2, {.activation = activations::Relu({.negative_slope = 0.1}), .input_shape = {3}}),
                   StripMask()};
  const Sequential back = model_from_json(model.to_json());
  CHECK(back.to_json() == model.to_json());
}
