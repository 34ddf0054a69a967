#include "models/padding.hpp"

#include <algorithm>
#include <numeric>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

using Texts = xt::xtensor<int, 2>;

bool ignores(Sequential model) {
  BuildContext context;
  return ignores_padding(Builder::build_node(model, {{None, None}, DType::int32}, context).children);
}

Embedding tokens() { return Embedding(20, 6, {.mask_zero = true}); }

// Texts of 1 to 5 words, with as many zeros behind the longest as asked for.
Texts some_texts(std::size_t zeros) {
  Texts ids = xt::zeros<int>({std::size_t{8}, 5 + zeros});
  for (std::size_t b = 0; b < 8; ++b) {
    for (std::size_t t = 0; t <= b % 5; ++t) ids(b, t) = static_cast<int>(1 + (7 * b + 3 * t) % 19);
  }
  return ids;
}

}  // namespace

TEST_CASE("Padding at the end is left out where no layer sees it") {
  CHECK(ignores(Sequential{tokens(), LSTM(3), Dense(1)}));
  CHECK(ignores(Sequential{tokens(), Dropout(0.1), Dense(4), GlobalAveragePooling1D(), Dense(1)}));
  CHECK(ignores(Sequential{tokens(), Bidirectional(GRU(3, {.return_sequences = true})), BatchNormalization(),
                           TimeDistributed(Dense(2)), SimpleRNN(2, {.go_backwards = true})}));
  // Behind the pooling there are no steps that could be padding.
  CHECK(ignores(Sequential{tokens(), GlobalMaxPooling1D(), RepeatVector(3), LSTM(2, {.return_sequences = true})}));
  CHECK(ignores(Sequential{Sequential{tokens(), Dense(3)}, LSTM(2)}));
}

TEST_CASE("Padding at the end stays where it shows") {
  CHECK_FALSE(ignores(Sequential{Embedding(20, 6), LSTM(3)}));
  CHECK_FALSE(ignores(Sequential{tokens(), LSTM(3, {.return_sequences = true}), Dense(1)}));
  CHECK_FALSE(ignores(Sequential{tokens(), StripMask(), LSTM(3)}));
  CHECK_FALSE(ignores(Sequential{tokens(), LSTM(3, {.zero_output_for_mask = true})}));
  CHECK_FALSE(ignores(Sequential{tokens(), LSTM(3, {.return_sequences = true, .go_backwards = true}), GRU(2)}));
  CHECK_FALSE(ignores(Sequential{tokens(), Dense(3, {.activity_regularizer = regularizers::L2(0.1)}), GRU(2)}));
  CHECK_FALSE(ignores(Sequential{tokens(), TimeDistributed(BatchNormalization()), GRU(2)}));
  const auto l2 = regularizers::L2(0.1);
  CHECK_FALSE(ignores(Sequential{tokens(), TimeDistributed(Dense(3, {.activity_regularizer = l2})), GRU(2)}));
  CHECK_FALSE(ignores(Sequential{tokens(), Bidirectional(GRU(3, {.activity_regularizer = l2})), Dense(2)}));
  const SimpleRNN ahead(2, {.return_sequences = true}), back(2, {.return_sequences = true, .go_backwards = true});
  CHECK(ignores(Sequential{tokens(), Bidirectional(ahead, {.backward_layer = back}), GRU(2)}));
  CHECK_FALSE(ignores(Sequential{tokens(), Bidirectional(back, {.backward_layer = ahead}), GRU(2)}));
}

namespace {

struct NoConfig {
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(NoConfig, name, trainable)

// Hands its input on, with the mask or without; it says that it keeps steps apart, or nothing.
template <bool says, bool masked>
class Own final : public LayerWith<NoConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& b) override {
    if (says) b.step_by_step();
    if (!masked) b.ends_mask();
    return {input.shape, DType::float32, masked && input.masked};
  }
  void forward(const Call& c) const override { c.output().flat() = c.input().flat(); }
};

}  // namespace

TEST_CASE("Padding stays before a layer of one's own that says nothing of its steps") {
  CHECK(ignores(Sequential{tokens(), Own<true, true>(), GRU(2)}));
  CHECK_FALSE(ignores(Sequential{tokens(), Own<false, true>(), GRU(2)}));
  CHECK_FALSE(ignores(Sequential{tokens(), TimeDistributed(Own<false, false>()), GRU(2)}));
  // Where the mask has ended, padding is seen by what ends the steps.
  CHECK_FALSE(ignores(Sequential{tokens(), Own<true, false>(), GlobalAveragePooling1D()}));
}

TEST_CASE("Padding is left out where the Embedding and what ends its steps are in a nested model") {
  Sequential inner{tokens(), GlobalAveragePooling1D(), RepeatVector(2), Flatten()};
  CHECK(ignores(Sequential{std::move(inner), Dense(1)}));
}

TEST_CASE("Padding at the end changes no bit of training, evaluation and prediction") {
  const auto run = [](std::size_t zeros) {
    set_random_seed(3);
    Sequential model{tokens(), Bidirectional(LSTM(4, {.return_sequences = true})), BatchNormalization(), GRU(3),
                     Dense(1)};
    model.compile("adam", "mse");
    const Texts x = some_texts(zeros);
    const xt::xtensor<float, 1> y = xt::arange<float>(8);
    model.fit(x, y, {.batch_size = 3, .epochs = 3, .verbose = 0});
    std::vector<Tensor> all = model.get_weights();
    all.push_back(model.predict(x));
    all.push_back(Tensor(xt::xtensor<float, 1>{static_cast<float>(model.evaluate(x, y, {.verbose = 0})["loss"])}));
    return all;
  };
  CHECK((run(9) == run(0)));
}

TEST_CASE("Padding stays where the length is given") {
  Sequential model{Embedding(20, 6, {.mask_zero = true, .input_length = 4}), LSTM(3)};
  Sequential open{tokens(), LSTM(3)};
  open.build({None, None});
  open.set_weights(model.get_weights());
  CHECK((model.predict({{3, 1, 0, 0}}) == open.predict({{3, 1}})));
}

TEST_CASE("A batch of nothing but padding keeps one step") {
  const Sequential model{tokens(), LSTM(2)};
  CHECK((model.predict({{0, 0, 0}}) == xt::xtensor<float, 2>{{0, 0}}));
}

TEST_CASE("A bad id is found where it stands, with padding left out") {
  const Sequential model{tokens(), LSTM(2)};
  CHECK(
      message_of<InvalidInput>([&] {
        model.predict({{1, 2, 0, 0}, {1, 99, 0, 0}});
      }) ==
      "Embedding \"embedding\": id 99 at row 1, step 1; expected 0..19 (input_dim 20). Was the tokenizer limited with "
      "num_words = 20?");
}

TEST_CASE("bucket_by_length brings texts of similar length together, each of them once") {
  constexpr std::size_t samples = 1003, time = 40, batch = 10;
  const RandomStream random(1);
  Texts ids = xt::zeros<int>({samples, time});
  std::vector<std::size_t> lengths(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    lengths[i] = random.below(i, time + 1);
    for (std::size_t t = 0; t < lengths[i]; ++t) ids(i, t) = 1;
  }
  std::vector<std::int64_t> order(samples);
  std::iota(order.begin(), order.end(), 0);
  bucket_by_length(ids, batch, RandomStream(2), order);
  std::size_t spread = 0;
  for (std::size_t first = 0; first + batch <= samples; first += batch) {
    std::size_t shortest = time, longest = 0;
    for (std::size_t i = first; i < first + batch; ++i) {
      shortest = std::min(shortest, lengths[static_cast<std::size_t>(order[i])]);
      longest = std::max(longest, lengths[static_cast<std::size_t>(order[i])]);
    }
    spread += longest - shortest;
  }
  CHECK(spread < 2 * samples / batch);  // two steps a batch; by chance some 34
  const std::vector<std::int64_t> mixed = order;
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < samples; ++i) CHECK(order[i] == static_cast<std::int64_t>(i));
  // Batches do not come in order of length.
  CHECK_FALSE(std::is_sorted(mixed.begin(), mixed.end(), [&](std::int64_t a, std::int64_t b) {
    return lengths[static_cast<std::size_t>(a)] < lengths[static_cast<std::size_t>(b)];
  }));
}

TEST_CASE("fit with bucket_by_length learns, repeatably, and refuses where it makes no sense") {
  const auto train = [](bool mask, bool shuffle) {
    set_random_seed(4);
    Sequential model{Embedding(20, 6, {.mask_zero = mask}), GRU(3), Dense(1)};
    model.compile("sgd", "mse");
    return model.fit(
        some_texts(2), xt::xtensor<float, 1>(xt::arange<float>(8)),
        {.batch_size = 2, .epochs = 3, .verbose = 0, .shuffle = shuffle, .bucket_by_length = true})["loss"];
  };
  CHECK(train(true, true).back() < train(true, true).front());
  CHECK(train(true, true) == train(true, true));
  CHECK(
      message_of<InvalidArgument>([&] { train(false, true); }) ==
      "fit: bucket_by_length is true, but the model does not mask padding; expected an Embedding with mask_zero = true "
      "in the beginning. Set mask_zero, or leave bucket_by_length out.");
  CHECK(message_of<InvalidArgument>([&] { train(true, false); }) ==
        "fit: bucket_by_length is true and shuffle is false; expected shuffle, since it reorders the samples. "
        "Leave "
        "one out.");
}
