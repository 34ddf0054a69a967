#include "xeras/layers/core/embedding.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;

TEST_CASE("Embedding keeps the layer contract") {
  check_layer(Embedding(20, 4), {.input = {3, 5}, .output = {3, 5, 4}, .weights = {"embeddings (20, 4)"}});
  check_layer(Embedding(20, 4, {.mask_zero = true, .name = "tokens"}),
              {.input = {3, 5}, .output = {3, 5, 4}, .weights = {"embeddings (20, 4)"}, .makes_mask = true});
  check_layer(Embedding(20, 4, {.input_length = 5, .dropout = 0.3, .seed = 1}),
              {.input = {3, 5}, .output = {3, 5, 4}, .weights = {"embeddings (20, 4)"}});
  check_layer(Embedding(7, 3), {.input = {1, 1}, .output = {1, 1, 3}, .weights = {"embeddings (7, 3)"}});
}

TEST_CASE("Embedding masks the steps of id 0 and looks row 0 up all the same") {
  Embedding layer(3, 2, {.embeddings_initializer = "ones", .mask_zero = true});
  LayerProbe probe(layer, {2, 3});
  const std::vector<float> y = probe.forward({1, 0, 2, 0, 0, 0});
  CHECK(y == std::vector<float>(12, 1.0f));
  CHECK(probe.output_mask() == std::vector<std::uint8_t>{1, 0, 1, 0, 0, 0});
}

TEST_CASE("Embedding sums the gradients of a repeated id") {
  Embedding layer(3, 2);
  LayerProbe probe(layer, {1, 3});
  const auto gradients = probe.backward({2, 0, 2}, {1, 2, 3, 4, 5, 6});
  CHECK(gradients.weights[0] == std::vector<float>{3, 4, 0, 0, 6, 8});
}

TEST_CASE("Embedding starts with the weights that it is given, in this layer and its copies") {
  const xt::xarray<float> table{{0, 0}, {1, 2}, {3, 4}};
  Embedding layer(3, 2, {.weights = table, .input_length = 2});
  const Embedding copy = layer;
  Sequential model{layer}, other{copy}, clone = other.clone();
  const xt::xarray<int> ids{{2, 1}};
  for (Sequential* each : {&model, &other, &clone}) {
    CHECK((each->predict(ids) == Tensor{{{3.0f, 4.0f}, {1.0f, 2.0f}}}));
  }
  CHECK((Sequential{Embedding(3, 2, {.weights = {table}})}.get_weights()[0] == Tensor(table)));
  CHECK((Sequential{Embedding(3, 2, {.weights = xt::xarray<double>(table)})}.get_weights()[0] == Tensor(table)));
}

TEST_CASE("Embedding leaves its weights out of the configuration, as Keras does") {
  const xt::xarray<float> table{{0, 0}, {1, 2}, {3, 4}};
  CHECK(Embedding(3, 2, {.weights = table}).get_config() == Embedding(3, 2).get_config());
  CHECK(Embedding(3, 2).get_config().find("weights") == nullptr);
}

TEST_CASE("Embedding refuses sizes that cannot be") {
  CHECK(message_of<InvalidArgument>([] {
          Embedding(3, 4, {.weights = xt::xarray<float>{{1, 2}}});
        }) == "Embedding: weights have shape (1, 2); expected (input_dim, output_dim), which is (3, 4).");
  CHECK(message_of<InvalidArgument>([] { Embedding(-3, 4, {.name = "tokens"}); }) ==
        "Embedding \"tokens\": input_dim is -3; expected a positive integer. Use the vocabulary size + 1 (id 0 is "
        "padding).");
  CHECK(message_of<InvalidArgument>([] { Embedding(3, -1); }) ==
        "Embedding: output_dim is -1; expected an integer >= 0. Typical sizes are 16 to 300.");
  CHECK(message_of<InvalidArgument>([] { Embedding(3, 1, {.input_length = 0}); }) ==
        "Embedding: input_length is 0; expected a positive integer. Leave it out when sequences differ in length.");
  CHECK(message_of<InvalidArgument>([] { Embedding(3, 1, {.dropout = 1.0}); }) ==
        "Embedding: dropout is 1; expected a rate in [0, 1). 0 turns it off.");
  CHECK(message_of<InvalidArgument>([] { Embedding(std::int64_t{1} << 40, 1); }) ==
        "Embedding: input_dim is 1099511627776; expected at most 2147483647. Hash the ids into a smaller range.");
  CHECK(message_of<InvalidArgument>([] { Sequential{Embedding(2000000000, 2000000000)}; }) ==
        "Embedding \"embedding\": weight \"embeddings\" has shape (2000000000, 2000000000); expected fewer than 2^45 "
        "numbers, which memory can hold. Check the sizes that the layer was given.");
}

TEST_CASE("Embedding names the row, step and id that is out of range") {
  Sequential model{Embedding(1000, 2, {.name = "tokens"})};
  xt::xarray<std::int64_t> ids = xt::zeros<std::int64_t>({6, 9});
  ids(4, 7) = 1200;
  CHECK(message_of<InvalidInput>([&] { model.predict(ids); }) ==
        "Embedding \"tokens\": id 1200 at row 4, step 7; expected 0..999 (input_dim 1000). Was the tokenizer limited "
        "with "
        "num_words = 1000?");
  CHECK(message_of<InvalidInput>([&] { model.predict(ids, {.batch_size = 3}); }) ==
        "Embedding \"tokens\": id 1200 at row 4, step 7; expected 0..999 (input_dim 1000). Was the tokenizer limited "
        "with "
        "num_words = 1000?");
  CHECK(message_of<InvalidInput>([&] {
          model.predict({{1, 1000}});
        }) ==
        "Embedding \"tokens\": id 1000 at row 0, step 1; expected 0..999 (input_dim 1000). A Tokenizer counts its "
        "words from 1: input_dim is their number + 1.");
  CHECK(
      message_of<InvalidInput>([&] {
        model.predict({{1, -1}});
      }) ==
      "Embedding \"tokens\": id -1 at row 0, step 1; expected 0..999 (input_dim 1000). Ids count from 0; is a missing "
      "word encoded as a negative number?");
  CHECK(message_of<InvalidInput>([&] { model.predict({{std::int64_t{1} << 32}}); }) ==
        "Embedding \"tokens\": id 4294967296 at row 0, step 0; expected 0..999 (input_dim 1000). Was the tokenizer "
        "limited "
        "with num_words = 1000?");
  CHECK(message_of<InvalidInput>([&] { model.predict({{~std::uint64_t{0}}}); }) ==
        "Embedding \"tokens\": id 18446744073709551615 at row 0, step 0; expected 0..999 (input_dim 1000). Was the "
        "tokenizer limited with num_words = 1000?");
}

TEMPLATE_TEST_CASE("Embedding takes ids of every integer width", "", std::int8_t, std::uint8_t, std::int16_t,
                   std::uint16_t, std::int32_t, std::uint32_t, std::int64_t, std::uint64_t) {
  Sequential model{Embedding(100, 3)};
  const xt::xarray<TestType> ids{{3, 99}, {0, 1}};
  const xt::xarray<int> same{{3, 99}, {0, 1}};
  CHECK((model.predict(ids) == model.predict(same)));
}

TEST_CASE("Embedding fixes the batch with batch_input_shape") {
  Sequential model{Embedding(10, 3, {.batch_input_shape = {2, None}})};
  CHECK(model.output_shape() == Shape({2, None, 3}));
  CHECK(model.predict({{1, 2, 3}, {4, 5, 6}}).shape()[1] == 3);
  CHECK(message_of<InvalidArgument>([] { Embedding(10, 3, {.batch_input_shape = {2}}); }) ==
        "Embedding: batch_input_shape is (2,); expected (batch, time). Write {32, None} for batches of 32.");
}
