#include "layers/recurrent/projection.hpp"

#include "catch.hpp"
#include "support/few_words.hpp"
#include "support/gemm_engine.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

TEST_CASE("Recurrent layers compute the same whether each word is multiplied once or wherever it stands") {
  check_by_word(some_words({.mask_zero = true}), [](Sequential& model) {
    model.add(LSTM(16));
    model.add(Dense(1));
  });
  check_by_word(some_words({.mask_zero = true}), [](Sequential& model) {
    model.add(GRU(70, {.recurrent_dropout = 0.3, .seed = 4, .return_sequences = true, .reset_after = false}));
    model.add(SimpleRNN(5));
    model.add(Dense(1));
  });
  check_by_word(some_words({.mask_zero = true, .dropout = 0.3, .seed = 9}), [](Sequential& model) {
    model.add(Bidirectional(GRU(9, {.use_bias = false})));
    model.add(Dense(1));
  });
  check_by_word(some_words(), [](Sequential& model) {
    model.add(SimpleRNN(6, {.kernel_regularizer = "l2", .go_backwards = true}));
    model.add(Dense(1));
  });
}

TEST_CASE("Recurrent layers predict to the same bits either way") {
  const GemmEngine own("own");  // OpenBLAS may round otherwise where there are more rows
  const auto bits = [](bool by_word) {
    set_random_seed(7);
    Sequential model{some_words({.mask_zero = true})};
    if (!by_word) model.add(copying(true));
    model.add(LSTM(16));
    return model.predict(some_texts());
  };
  CHECK((bits(true) == bits(false)));
}

TEST_CASE("Dropout of a recurrent layer's input tells one occurrence of a word from another") {
  const auto add_layers = [](Sequential& model) {
    model.add(LSTM(16, {.dropout = 0.4, .seed = 2}));
    model.add(Dense(1));
  };
  const TrainedOnWords expected = train_on_words(some_words({.mask_zero = true}), false, add_layers, 1);
  CHECK((train_on_words(some_words({.mask_zero = true}), true, add_layers, 1).weights == expected.weights));
}
