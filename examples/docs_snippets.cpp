// The code on the pages under docs/ that is in no other example. It runs as a test, which compares what a page states
// about a result or a message with the actual one.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>
#include <sstream>
#include <thread>

#include "support/expect.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

// ---- docs/getting_started.md ----

// Short reviews, and whether each is positive.
struct Reviews {
  std::vector<std::string> texts;
  std::vector<int> is_good;
};

Reviews write_reviews(std::size_t count) {
  const std::vector<std::string> things{"the plot", "the cast", "the music", "the ending", "this film"};
  const std::vector<std::string> verbs{"is", "was", "seemed"};
  const std::vector<std::string> good{"wonderful", "moving", "brilliant", "funny", "charming", "clever"};
  const std::vector<std::string> bad{"dull", "weak", "tedious", "clumsy", "flat", "silly"};
  const RandomStream random(1);
  std::uint64_t draws = 0;
  const auto one_of = [&](const std::vector<std::string>& words) { return words[random.below(draws++, words.size())]; };
  Reviews reviews;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_good = i % 2 == 0;
    std::string text;
    for (std::uint64_t left = 1 + random.below(draws++, 3); left > 0; --left) {
      text += one_of(things) + ' ' + one_of(verbs) + ' ' + one_of(is_good ? good : bad) + (left > 1 ? " and " : "");
    }
    reviews.texts.push_back(text);
    reviews.is_good.push_back(is_good);
  }
  return reviews;
}

void getting_started() {
  const auto [texts, is_good] = write_reviews(600);
  // [encode]
  text::Tokenizer tokenizer({.oov_token = "<unk>"});
  tokenizer.fit_on_texts(texts);
  const auto encode = [&](const std::vector<std::string>& some) {
    return text::pad_sequences(tokenizer.texts_to_sequences(some), {.padding = "post"});
  };
  const auto x = encode(texts);
  const xt::xtensor<int, 1> y = xt::adapt(is_good);
  // [encode]

  // [model]
  set_random_seed(1);
  Sequential model;
  model.add(Embedding(tokenizer.word_index().size() + 1, 8, {.mask_zero = true}));
  model.add(GlobalAveragePooling1D());
  model.add(Dense(1, {.activation = "sigmoid"}));
  model.summary();
  // [model]

  // [fit]
  model.compile(optimizers::Adam({.learning_rate = 0.02}), "binary_crossentropy", {"accuracy"});
  const History history = model.fit(x, y, {.epochs = 8, .verbose = 2, .validation_split = 0.1});
  // [fit]

  // [history]
  const std::vector<double>& losses = history["val_loss"];
  const auto best = std::min_element(losses.begin(), losses.end());
  std::cout << "smallest val_loss " << *best << " in epoch " << best - losses.begin() + 1 << '\n';
  // [history]
  expect(losses.size() == 8 && *best < 0.2, "the reviews are learned");

  // [evaluate]
  const Scores scores = model.evaluate(x, y, {.verbose = 0});
  std::cout << "loss " << scores["loss"] << ", accuracy " << scores["accuracy"] << '\n';
  // [evaluate]
  expect(scores["accuracy"] > 0.99, "the reviews are told apart");

  // [predict]
  const Tensor p = model.predict(encode({"The music was charming!", "A dull film."}));
  std::cout << "good with probability " << p(0, 0) << " and " << p(1, 0) << '\n';
  // [predict]
  expect(p(0, 0) > 0.8f && p(1, 0) < 0.2f, "new reviews are understood");

  // [custom callback]
  class Printer : public callbacks::Callback {
   public:
    void on_epoch_end(std::int64_t epoch, const Scores& logs) override {
      std::cout << "epoch " << epoch + 1 << ": loss " << logs["loss"] << '\n';
      if (logs["loss"] < 1e-3) model().stop_training();
    }
  };
  // [custom callback]

  // [callbacks]
  const auto stopping = std::make_shared<callbacks::EarlyStopping>(callbacks::EarlyStoppingOptions{
      .monitor = "val_loss", .min_delta = 1e-3, .patience = 3, .restore_best_weights = true});
  model.fit(x, y, {.epochs = 100, .verbose = 0, .callbacks = {stopping, Printer()}, .validation_split = 0.1});
  std::cout << "stopped after epoch " << stopping->stopped_epoch() + 1 << '\n';
  // [callbacks]
  expect(stopping->best() < *best, "more epochs help");

  // [repeatable]
  const auto train = [&] {
    set_random_seed(1337);  // before the model, whose first weights are random
    Sequential again{Embedding(100, 8), GlobalAveragePooling1D(), Dropout(0.2), Dense(1, {.activation = "sigmoid"})};
    again.compile("adam", "binary_crossentropy");
    again.fit(x, y, {.epochs = 2, .verbose = 0});
    return again.get_weights();
  };
  const std::vector<Tensor> first = train(), second = train();
  // [repeatable]
  for (std::size_t i = 0; i < first.size(); ++i)
    expect(same(first[i], second[i]), "the same seed gives the same weights");

  // [pretrained]
  Tensor vectors = xt::random::randn<float>({100, 8});  // from a file, say
  Sequential frozen{Embedding(100, 8, {.mask_zero = true, .name = "tokens", .trainable = false}),
                    GlobalAveragePooling1D(), Dense(1, {.activation = "sigmoid"})};
  frozen.get_layer("tokens").set_weights({vectors});
  frozen.compile("adam", "binary_crossentropy", {"accuracy"});
  frozen.fit(x, y, {.epochs = 5, .verbose = 0});  // the Dense learns, the table stays

  frozen.get_layer("tokens").set_trainable(true);
  frozen.compile(optimizers::Adam({.learning_rate = 1e-4}), "binary_crossentropy", {"accuracy"});
  frozen.fit(x, y, {.epochs = 1, .verbose = 0});  // now both learn
  // [pretrained]
  expect(!same(frozen.get_weights()[0], vectors), "a table that is trainable again learns");

  // [threads]
  std::vector<Tensor> results(4);
  std::vector<std::thread> threads;
  for (Tensor& result : results) threads.emplace_back([&] { result = model.predict(x); });
  for (std::thread& thread : threads) thread.join();
  // [threads]
  for (const Tensor& result : results) expect(same(result, results[0]), "threads predict the same");
}

void errors_that_teach() {
  // [out of range]
  Sequential model{Embedding(1000, 64, {.name = "tokens"})};
  expect_message<InvalidInput>(R"(
Embedding "tokens": id 1000 at row 0, step 1; expected 0..999 (input_dim 1000). A Tokenizer counts its words from 1: input_dim is their number + 1.
)",
                               [&] {
                                 model.predict({{4, 1000, 20}});
                               });
  // [out of range]

  // [no length]
  Sequential dense{Embedding(1000, 64), Flatten()};
  expect_message<ShapeError>(R"(
layer 2 "dense" (Dense): input is (None, None); expected a known last axis. Give the Embedding input_length, so that Flatten's size is known.
)",
                             [&] { dense.add(Dense(1)); });
  // [no length]

  // [one hot]
  Sequential classes{Embedding(1000, 8), GlobalAveragePooling1D(), Dense(3, {.activation = "softmax"})};
  classes.compile("adam", "categorical_crossentropy");
  expect_message<InvalidInput>(R"(
fit: y has shape (2,) but categorical_crossentropy expects (2, 3) one-hot rows. For integer classes use sparse_categorical_crossentropy.
)",
                               [&] {
                                 classes.fit({{1, 2}, {3, 4}}, {0, 2});
                               });
  // [one hot]

  // [misspelt]
  expect_message<InvalidArgument>(R"(
optimizer "rmsprob" is unknown; did you mean "rmsprop"? Known: adadelta, adafactor, adagrad, adam, adamax, adamw, ftrl, lamb, lion, muon, nadam, rmsprop, schedulefreeadamw, sgd.
)",
                                  [&] { classes.compile("rmsprob", "mse"); });
  // [misspelt]
}

// ---- docs/from_keras.md ----

void from_keras() {
  const xt::xtensor<int, 2> x = xt::random::randint<int>({200, 30}, 0, 5000);
  const xt::xtensor<int, 1> y = xt::random::randint<int>({200}, 0, 2);
  // [port]
  Sequential model{Embedding(5000, 32, {.embeddings_regularizer = regularizers::L2(1e-5), .mask_zero = true}),
                   Dropout(0.2), GlobalAveragePooling1D(), Dense(16, {.activation = "relu"}),
                   Dense(1, {.activation = "sigmoid", .name = "out"})};
  model.compile(optimizers::Adam({.learning_rate = 1e-3, .clipnorm = 1.0}),
                losses::BinaryCrossentropy({.label_smoothing = 0.1}), {"accuracy"});
  const History history = model.fit(x, y,
                                    {.batch_size = 64,
                                     .epochs = 5,
                                     .verbose = 0,
                                     .callbacks = {callbacks::EarlyStopping({.monitor = "val_loss", .patience = 2})},
                                     .validation_split = 0.1});
  const std::vector<double>& curve = history["val_accuracy"];
  const double loss = model.evaluate(x, y, {.verbose = 0})["loss"];
  const Tensor p = model.predict(x);
  // [port]
  expect(!curve.empty() && std::isfinite(loss) && p.shape(0) == 200, "the ported script runs");

  // [observe]
  const auto adam = std::make_shared<optimizers::Adam>(optimizers::AdamOptions{.learning_rate = 1e-3});
  model.compile(adam, "binary_crossentropy");
  model.fit(x, y, {.epochs = 2, .verbose = 0});
  std::cout << adam->iterations() << " updates\n";  // 200 samples are 7 batches of 32: 14 updates
  // [observe]
  expect(adam->iterations() == 14, "iterations are counted");

  // [copies]
  Embedding tokens(5000, 32, {.name = "tokens"});
  Sequential one{tokens}, other{tokens};  // two copies of the layer, each with weights of its own
  Sequential twin = one.clone();          // a copy with the same weights
  // [copies]
  expect(!same(one.get_weights()[0], other.get_weights()[0]), "models do not share weights");
  expect(same(one.get_weights()[0], twin.get_weights()[0]), "a clone has the same weights");
}

// ---- docs/adding_an_optimizer.md ----

void own_schedule() {
  Sequential model{Dense(1, {.input_shape = {1}})};
  // [own schedule]
  // The rate of "Attention Is All You Need": it rises for `warmup` steps, and then falls.
  struct Noam {
    double peak = 1e-3;
    double warmup = 4000;
    double operator()(std::int64_t step) const {
      const double next = static_cast<double>(step) + 1.0;
      return peak * std::min(next / warmup, std::sqrt(warmup / next));
    }
  };
  model.compile(optimizers::Adam(Noam{.warmup = 100}), "mse");
  // [own schedule]
  expect(std::abs(model.optimizer().learning_rate() - 1e-5) < 1e-9, "the first rate is a hundredth of the peak");
}

// ---- docs/adding_a_callback.md ----

void adding_a_callback() {
  // [slow down]
  // Multiplies the learning rate by a factor after each epoch that is no better than the one before.
  class SlowDown : public callbacks::Callback {
   public:
    explicit SlowDown(double factor) : factor_(factor) {}

    void on_train_begin() override { last_ = std::numeric_limits<double>::infinity(); }

    void on_epoch_end(std::int64_t, const Scores& logs) override {
      optimizers::Optimizer& optimizer = model().optimizer();
      if (logs["loss"] >= last_) optimizer.set_learning_rate(factor_ * optimizer.learning_rate());
      last_ = logs["loss"];
    }

   private:
    double factor_;
    double last_ = 0.0;
  };
  // [slow down]

  const xt::xtensor<float, 2> x{{1}, {2}, {3}}, y{{2}, {4}, {6}};
  Sequential model{Dense(1, {.kernel_initializer = "ones", .input_shape = {1}})};
  // [with it]
  model.compile(optimizers::SGD({.learning_rate = 0.3}), "mse");
  model.fit(x, y, {.epochs = 50, .verbose = 0, .callbacks = SlowDown(0.5)});
  // [with it]
  expect(model.optimizer().learning_rate() < 0.3, "the learning rate falls");
  expect(model.evaluate(x, y, {.verbose = 0})["loss"] < 1.0, "with it the training converges");

  // [largest]
  class Largest : public callbacks::Callback {
   public:
    void on_predict_batch_end(std::int64_t batch, const Tensor& outputs) override {
      std::cout << "batch " << batch << ": the largest of " << outputs.size() << " is " << xt::amax(outputs)() << '\n';
    }
  };
  model.predict(x, {.batch_size = 2, .callbacks = Largest()});
  // [largest]
}

// ---- docs/masking.md ----

void masking() {
  // [average]
  Sequential model{Embedding(1000, 16, {.mask_zero = true}), GlobalAveragePooling1D()};
  const Tensor padded = model.predict({{4, 20, 0, 0, 0}});
  const Tensor bare = model.predict({{4, 20}});  // the same numbers
  // [average]
  expect(same(padded, bare), "padding does not change the average");
  const Tensor nothing = model.predict({{0, 0, 0}});
  expect(std::all_of(nothing.begin(), nothing.end(), [](float v) { return v == 0.0f; }),
         "a masked row is averaged to 0");

  // [tagger]
  Sequential tagger{Embedding(1000, 16, {.mask_zero = true}), Dense(3, {.activation = "softmax"})};
  tagger.compile("adam", "sparse_categorical_crossentropy", {"accuracy"});
  const double loss = tagger.evaluate({{4, 20, 7, 0, 0}}, {{1, 2, 0, 0, 0}}, {.verbose = 0})["loss"];
  const double same_loss = tagger.evaluate({{4, 20, 7}}, {{1, 2, 0}}, {.verbose = 0})["loss"];
  // [tagger]
  expect(std::abs(loss - same_loss) < 1e-6, "the loss does not see padding");

  // [refused]
  Sequential refused{Embedding(1000, 16, {.mask_zero = true, .input_length = 10, .name = "tokens"})};
  expect_message<MaskError>(R"(
layer 1 "flatten" (Flatten): input carries a mask from Embedding "tokens" (mask_zero = true), which Flatten does not support; expected no mask.
  Use a layer that takes masks (LSTM, GRU, GlobalAveragePooling1D), put StripMask() before it, or set mask_zero = false.
)",
                            [&] { refused.add(Flatten()); });
  // [refused]
  expect(refused.layers().size() == 1, "the model is as before");

  // [strip]
  Sequential stripped{Embedding(1000, 16, {.mask_zero = true, .input_length = 10}), Dropout(0.1), StripMask(),
                      Flatten(), Dense(1)};
  // [strip]
  expect(stripped.output_shape() == Shape({None, 1}), "StripMask ends the mask");

  // [floats]
  Sequential floats{Masking({.mask_value = -1.0, .input_shape = {None, 2}}), GlobalMaxPooling1D()};
  const Tensor largest = floats.predict({{{0.5f, 3.0f}, {2.0f, 1.0f}, {-1.0f, -1.0f}}});  // {{2, 3}}
  // [floats]
  expect(largest(0, 0) == 2.0f && largest(0, 1) == 3.0f, "Masking masks");
}

}  // namespace

int main() {
  getting_started();
  errors_that_teach();
  from_keras();
  own_schedule();
  adding_a_callback();
  masking();
  std::cout << (failures == 0 ? "The pages tell the truth.\n" : "Pages and library differ.\n");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
