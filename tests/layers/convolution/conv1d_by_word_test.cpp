#include "layers/convolution/conv1d_by_word.hpp"

#include "catch.hpp"
#include "support/few_words.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

TEST_CASE("Conv1D computes the same whether each word is multiplied once or wherever it stands") {
  for (const char* padding : {"valid", "same", "causal"}) {
    const auto check = [&](std::int64_t filters, std::int64_t size, std::int64_t strides, std::int64_t dilation) {
      INFO(filters << " filters of " << size << ", " << padding << ", strides " << strides << ", dilation "
                   << dilation);
      for (const bool pools : {false, true}) {
        check_by_word(some_words(), [&](Sequential& model) {
          model.add(Conv1D(filters, size,
                           {.strides = strides, .padding = padding, .dilation_rate = dilation, .activation = "relu"}));
          model.add(pools ? AnyLayer(GlobalMaxPooling1D()) : AnyLayer(GlobalAveragePooling1D()));
          model.add(Dense(1));
        });
      }
    };
    check(5, 3, 1, 1);
    check(3, 2, 3, 1);
    check(3, 3, 1, 2);
    check(130, 2, 1, 1);
    check(40, 7, 1, 1);
    check(2, 20, 1, 1);
  }
  check_by_word(some_words({.input_length = static_cast<std::int64_t>(time_steps), .trainable = false}),
                [](Sequential& model) {
                  model.add(Conv1D(4, 3, {.activation = "softmax", .use_bias = false}));
                  model.add(Flatten());
                  model.add(Dense(1));
                });
  check_by_word(some_words(), [](Sequential& model) {
    model.add(Conv1D(4, 3, {.activation = "gelu", .trainable = false}));
    model.add(GlobalAveragePooling1D());
    model.add(Dense(1));
  });
}

TEST_CASE("Conv1D predicts a text to the same bits whatever else is in the batch") {
  set_random_seed(7);
  Sequential model{some_words(), Conv1D(70, 3, {.activation = "relu"}), GlobalMaxPooling1D()};
  const Tensor all = model.predict(some_texts());
  const xt::xtensor<int, 2> ids = some_texts(), one = xt::view(ids, xt::range(5, 6));
  CHECK((model.predict(one) == Tensor(xt::view(all, xt::range(5, 6)))));
}
