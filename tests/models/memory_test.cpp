// A machine that runs out of memory: an Error that says how much was asked for, and a model as before.
#include "core/memory.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/short_of_memory.hpp"
#include "support/threads.hpp"
#include "xeras/xeras.hpp"

// The thread sanitizer's own operator new cannot fail on purpose.
#if !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define XERAS_NEVER_FAILS
#endif
#endif
#else
#define XERAS_NEVER_FAILS
#endif

#ifndef XERAS_NEVER_FAILS

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::FailingAllocation;
using xeras::testing::LargestAllocation;

namespace {

const xt::xarray<int> x = {{1, 2, 3}, {3, 4, 0}, {5, 6, 6}, {0, 1, 2}};
const Tensor y = xt::xtensor<float, 2>{{1}, {0}, {1}, {0}};
constexpr std::size_t MiB = std::size_t{1} << 20;

std::string message(const std::string& who, const std::string& amount) {
  return who + ": cannot allocate " + amount +
         "; expected data that fits in memory. Use less data at once, or smaller sizes.";
}

Sequential some_model(const OptimizerArgument& optimizer = "adam") {
  set_random_seed(3);
  Sequential model{Embedding(40, 3, {.mask_zero = true}), LSTM(2), Dense(1)};
  model.compile(optimizer, "mse", {"mae"});
  return model;
}

// Lets one allocation after the other fail until none is left, and calls `after` each time. What comes out is an Error.
template <class Make, class Run, class After>
void fail_everywhere(const Make& make, const Run& run, const After& after) {
  bool failed = true;
  std::size_t number = 0;
  for (; failed && number < 5000; ++number) {
    INFO("allocation " << number);
    auto subject = make();
    std::string other;
    {
      const FailingAllocation failing(number);
      try {
        run(subject);
      } catch (const Error&) {
      } catch (const std::exception& exception) {
        other = exception.what();
      }
      failed = failing.has_failed();
    }
    CHECK(other.empty());
    after(subject);
  }
  CHECK(number > 1);
  CHECK(!failed);
}

}  // namespace

TEST_CASE("Sequential: fit without memory raises Error, leaves whole steps, and later trains as if nothing was") {
  const xeras::testing::Threads one(1);
  for (const char* optimizer : {"sgd", "rmsprop", "adam"}) {
    INFO(optimizer);
    Sequential like = some_model(optimizer);
    const std::vector<Tensor> start = like.get_weights();
    like.train_on_batch(x, y);
    const std::vector<Tensor> one_step = like.get_weights();
    fail_everywhere([&] { return some_model(optimizer); }, [](Sequential& model) { model.train_on_batch(x, y); },
                    [&](Sequential& model) {
                      const bool is_before = model.get_weights() == start;
                      CHECK((is_before || model.get_weights() == one_step));
                      if (is_before) model.train_on_batch(x, y);
                      CHECK((model.get_weights() == one_step));
                      model.fit(x, y, {.verbose = 0});
                    });
  }
}

TEST_CASE("Sequential: fit with callbacks and validation without memory raises Error, and the model trains on") {
  struct Subject {
    Sequential model = some_model();
    FitOptions options{.batch_size = 2, .epochs = 2, .verbose = 0, .callbacks = {callbacks::Callback()}};
  };
  fail_everywhere(
      [] {
        Subject subject;
        subject.options.validation_data = {x, y};
        return subject;
      },
      [](Subject& subject) { subject.model.fit(x, y, std::move(subject.options)); },
      [](Subject& subject) { CHECK(subject.model.fit(x, y, {.verbose = 0})["loss"].size() == 1); });
}

TEST_CASE("Sequential: predict, evaluate, clone and get_weights without memory raise Error, and change nothing") {
  const std::vector<Tensor> start = some_model().get_weights();
  const auto unchanged = [&](Sequential& model) { CHECK((model.get_weights() == start)); };
  const auto built = [] { return some_model(); };
  fail_everywhere(
      built, [](Sequential& model) { model.predict(x); }, unchanged);
  fail_everywhere(
      built, [](Sequential& model) { model(x, true); }, unchanged);
  fail_everywhere(
      built, [](Sequential& model) { model.evaluate(x, y, {.verbose = 0}); }, unchanged);
  fail_everywhere(
      built, [](Sequential& model) { model.clone(); }, unchanged);
  fail_everywhere(
      built, [](Sequential& model) { model.get_weights(); }, unchanged);
}

TEST_CASE("Sequential: add and compile without memory raise Error, and the model is as before") {
  struct Subject {
    Sequential model = some_model();
    AnyLayer layer = Dense(2, {.activation = "relu"});
    OptimizerArgument optimizer = "sgd";
    LossArgument loss = "mae";
    std::vector<MetricArgument> metrics{"mse"};
  };
  const auto make = [] { return Subject(); };
  fail_everywhere(
      make, [](Subject& subject) { subject.model.add(std::move(subject.layer)); },
      [](Subject& subject) {
        const std::size_t layers = subject.model.layers().size();
        CHECK((layers == 3 || layers == 4));
        CHECK(subject.model.predict(x).shape(1) == (layers == 3 ? 1u : 2u));
      });
  fail_everywhere(
      make,
      [](Subject& subject) {
        subject.model.compile(std::move(subject.optimizer), std::move(subject.loss), std::move(subject.metrics));
      },
      [](Subject& subject) { CHECK(subject.model.fit(x, y, {.verbose = 0})["loss"].size() == 1); });
}

TEST_CASE("Sequential says how much memory predict, fit and a stateful build ask for") {
  Sequential model{Dense(1 << 18, {.input_shape = {1}}), Dense(1)};
  model.compile(optimizers::SGD({.momentum = 0.9}), "mse");
  const Tensor rows(Tensor::shape_type{64, 1}, 1.0f), targets(Tensor::shape_type{64, 1}, 0.0f);
  const LargestAllocation limit(16 * MiB);
  // 64 rows of 2^18 floats.
  CHECK(message_of<Error>([&] { model.predict(rows, {.batch_size = 64}); }) == message("predict", "64 MiB"));
  CHECK(message_of<Error>([&] { model.evaluate(rows, targets, {.batch_size = 64}); }) == message("evaluate", "64 MiB"));
  CHECK(message_of<Error>([&] { model.fit(rows, targets, {.batch_size = 64, .verbose = 0}); }) ==
        message("fit", "64 MiB"));
  CHECK(model.predict(rows, {.batch_size = 1}).shape(0) == 64);
  Sequential stateful{LSTM(1 << 10, {.stateful = true})};
  CHECK(message_of<Error>([&] { stateful.build({1 << 13, 2, 1}); }) == message("build", "32 MiB"));
}

TEST_CASE("Adam without memory for its moments has no state, and its next step is the first") {
  optimizers::Adam adam({.learning_rate = 0.5});
  constexpr std::int64_t size = 1 << 20;
  Tensor w(Tensor::shape_type{size}, 1.0f), g(Tensor::shape_type{size}, 2.0f);
  Parameter parameter{.values = w.data(), .extents = {size}, .gradient = {g.data(), {}, false}};
  {
    const LargestAllocation limit(MiB);
    CHECK(message_of<Error>([&] { adam.apply(std::span(&parameter, 1)); }) == message("Tensor", "4194304 bytes"));
  }
  CHECK(adam.iterations() == 0);
  CHECK(!adam.has_state());
  CHECK(w(0) == 1.0f);
  adam.apply(std::span(&parameter, 1));
  CHECK(adam.iterations() == 1);
  CHECK_THAT(w(size - 1), Catch::Matchers::WithinAbs(0.5, 2e-5));  // Adam's first step is the learning rate
}

TEST_CASE("Tokenizer says how much memory a matrix asks for") {
  text::Tokenizer tokenizer({.num_words = 1 << 24});
  tokenizer.fit_on_texts({"a b"});
  const LargestAllocation limit(16 * MiB);
  CHECK(message_of<InvalidArgument>([&] { tokenizer.texts_to_matrix({"a"}); }) ==
        "Tokenizer: the result would have shape (1, 16777216); expected a result that fits in memory. Ask for less.");
}

TEST_CASE("Texts without memory raise Error") {
  const auto fitted = [] {
    text::Tokenizer tokenizer;
    tokenizer.fit_on_texts({"a b c", "a b"});
    return tokenizer;
  };
  const auto works = [](text::Tokenizer& tokenizer) {
    CHECK(tokenizer.texts_to_sequences({"a b"}) == std::vector<std::vector<int>>{{1, 2}});
  };
  const std::vector<std::string> texts{"a b c d e f", "c a x y z"};
  const std::vector<std::vector<int>> sequences{{1, 2, 3}, {3, 2}};
  const std::vector<int> sequence{1, 2, 3, 4, 5};
  const std::string tfidf = "tfidf", words = "a word or two, and three more of them";
  const text::TextToWordSequenceOptions options;
  fail_everywhere(
      fitted, [&](text::Tokenizer& t) { t.texts_to_sequences(texts); }, works);
  fail_everywhere(
      fitted, [&](text::Tokenizer& t) { t.texts_to_matrix(texts, tfidf); }, works);
  fail_everywhere(
      fitted, [&](text::Tokenizer& t) { t.sequences_to_texts(sequences); }, works);
  fail_everywhere([] { return text::Tokenizer(); }, [&](text::Tokenizer& t) { t.fit_on_texts(texts); },
                  [](text::Tokenizer&) {});
  fail_everywhere([] { return 0; }, [&](int) { text::pad_sequences(sequences); }, [](int) {});
  fail_everywhere([] { return 0; }, [&](int) { text::skipgrams(sequence, 9); }, [](int) {});
  fail_everywhere([] { return 0; }, [&](int) { text::text_to_word_sequence(words, options); }, [](int) {});
}

TEST_CASE("Initializers, losses and Input say how much memory they ask for") {
  const LargestAllocation limit(16 * MiB);
  const Shape large{1 << 12, 1 << 12};
  CHECK(message_of<Error>([&] { initializers::get("zeros")(large); }) == message("Tensor", "64 MiB"));
  const auto lazy = xt::zeros<float>({std::size_t{1} << 12, std::size_t{1} << 12});
  CHECK(message_of<Error>([&] { static_cast<void>(Input(lazy)); }) == message("Tensor", "64 MiB"));
  CHECK(message_of<Error>([&] { losses::get("mse")(lazy, lazy); }) == message("Tensor", "64 MiB"));
}

#endif
