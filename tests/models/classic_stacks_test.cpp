// The text models of Keras's examples: built from their documented layers, with the number of weights that Keras
// counts for them. (keras.io/examples, and the examples folder of Keras 2. Numbers without a printed summary follow
// from the formulas of the layers: LSTM 4u(d + u + 1), GRU with reset_after 3u(d + u + 2), Conv1D k d f + f.)
#include "catch.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("imdb_lstm") {
  Sequential model{Embedding(20000, 128), LSTM(128, {.dropout = 0.2, .recurrent_dropout = 0.2}),
                   Dense(1, {.activation = "sigmoid"})};
  CHECK(model.count_params() == 20000 * 128 + 4 * 128 * (128 + 128 + 1) + 129);
}

TEST_CASE("imdb_cnn") {
  Sequential model{Embedding(5000, 50, {.input_length = 400}),
                   Dropout(0.2),
                   Conv1D(250, 3, {.padding = "valid", .activation = "relu"}),
                   GlobalMaxPooling1D(),
                   Dense(250),
                   Dropout(0.2),
                   Activation("relu"),
                   Dense(1),
                   Activation("sigmoid")};
  CHECK(model.count_params() == 250'000 + 37'750 + 62'750 + 251);
}

TEST_CASE("imdb_fasttext") {
  Sequential model{Embedding(20000, 50, {.input_length = 400}), GlobalAveragePooling1D(),
                   Dense(1, {.activation = "sigmoid"})};
  CHECK(model.count_params() == 1'000'051);
}

TEST_CASE("imdb_cnn_lstm") {
  Sequential model{Embedding(20000, 128, {.input_length = 100}),
                   Dropout(0.25),
                   Conv1D(64, 5, {.activation = "relu"}),
                   MaxPooling1D({.pool_size = 4}),
                   LSTM(70),
                   Dense(1),
                   Activation("sigmoid")};
  CHECK(model.get_layer<MaxPooling1D>(3).output_shape() == Shape({None, 24, 64}));
  CHECK(model.count_params() == 2'560'000 + 41'024 + 37'800 + 71);
}

TEST_CASE("imdb_bidirectional_lstm") {
  Sequential model{Embedding(20000, 128, {.input_length = 100}), Bidirectional(LSTM(64)), Dropout(0.5),
                   Dense(1, {.activation = "sigmoid"})};
  CHECK(model.count_params() == 2'560'000 + 98'816 + 129);
}

TEST_CASE("reuters_mlp") {
  Sequential model{Dense(512, {.input_shape = Shape{1000}}), Activation("relu"), Dropout(0.5), Dense(46),
                   Activation("softmax")};
  CHECK(model.count_params() == 512'512 + 23'598);
}

TEST_CASE("pretrained_word_embeddings") {
  Sequential model{Embedding(20001, 100, {.input_length = 1000, .trainable = false}),
                   Conv1D(128, 5, {.activation = "relu"}),
                   MaxPooling1D(5),
                   Conv1D(128, 5, {.activation = "relu"}),
                   MaxPooling1D(5),
                   Conv1D(128, 5, {.activation = "relu"}),
                   GlobalMaxPooling1D(),
                   Dense(128, {.activation = "relu"}),
                   Dropout(0.5),
                   Dense(20, {.activation = "softmax"})};
  CHECK(model.layers()[5]->output_shape() == Shape({None, 35, 128}));
  CHECK(model.count_params() == 2'000'100 + 64'128 + 82'048 + 82'048 + 16'512 + 2'580);
}

TEST_CASE("lstm_text_generation") {
  Sequential model{LSTM(128, {.input_shape = {40, 56}}), Dense(56, {.activation = "softmax"})};
  CHECK(model.count_params() == 94'720 + 7'224);
}

TEST_CASE("addition_rnn has the 205,324 weights that Keras prints") {
  Sequential model{LSTM(128, {.input_shape = {7, 12}}), RepeatVector(4), LSTM(128, {.return_sequences = true}),
                   TimeDistributed(Dense(12, {.activation = "softmax"}))};
  CHECK(model.output_shape() == Shape({None, 4, 12}));
  CHECK(model.count_params() == 205'324);
}

TEST_CASE("bidirectional_lstm_imdb has the 2,757,761 weights that Keras prints") {
  Sequential model{Embedding(20000, 128), Bidirectional(LSTM(64, {.return_sequences = true})), Bidirectional(LSTM(64)),
                   Dense(1, {.activation = "sigmoid"})};
  CHECK(model.output_shape() == Shape({None, 1}));
  CHECK(model.count_params() == 2'757'761);
}

TEST_CASE("text_classification_from_scratch") {
  Sequential model{Embedding(20000, 128),
                   Dropout(0.5),
                   Conv1D(128, 7, {.strides = 3, .padding = "valid", .activation = "relu"}),
                   Conv1D(128, 7, {.strides = 3, .padding = "valid", .activation = "relu"}),
                   GlobalMaxPooling1D(),
                   Dense(128, {.activation = "relu"}),
                   Dropout(0.5),
                   Dense(1, {.activation = "sigmoid", .name = "predictions"})};
  CHECK(model.count_params() == 2'560'000 + 114'816 + 114'816 + 16'512 + 129);
}
