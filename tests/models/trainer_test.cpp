#include "models/trainer.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double hand_worked = 1e-6;

// y = 2 x with one weight, so that every step can be worked out by hand.
Sequential one_weight(const OptimizerArgument& optimizer = optimizers::SGD({.learning_rate = 0.1})) {
  Sequential model{Dense(1, {.use_bias = false, .kernel_initializer = "zeros", .input_shape = Shape{1}})};
  model.compile(optimizer, "mse");
  return model;
}

double weight_of(const Sequential& model) { return model.get_weights()[0](0); }

Sequential classifier() {
  Sequential model{Embedding(50, 8, {.mask_zero = true}), Dropout(0.2), GlobalAveragePooling1D(),
                   Dense(3, {.activation = "softmax"})};
  model.compile("adam", "sparse_categorical_crossentropy", {"accuracy"});
  return model;
}

// Sequences whose class is the third of the vocabulary that their words come from.
std::pair<xt::xarray<int>, xt::xarray<int>> easy_words(std::size_t samples) {
  xt::random::seed(5);
  xt::xarray<int> x = xt::random::randint<int>({samples, std::size_t{6}}, 1, 16);
  xt::xarray<int> y = xt::random::randint<int>({samples}, 0, 3);
  for (std::size_t i = 0; i < samples; ++i) {
    for (std::size_t t = 0; t < 6; ++t) x(i, t) = t > i % 6 ? 0 : x(i, t) + 16 * y(i);
  }
  return {x, y};
}

}  // namespace

TEST_CASE("fit: one step of SGD on mse, by hand") {
  Sequential model = one_weight();
  const History history = model.fit({{1.0}, {2.0}}, {2.0, 4.0}, {.epochs = 1, .verbose = 0});
  // loss = (2^2 + 4^2) / 2; d loss / d w = mean(2 (w x - y) x) = -(4 + 16) / 2 * ... = -10
  CHECK_THAT(history["loss"][0], WithinAbs(10.0, hand_worked));
  CHECK_THAT(weight_of(model), WithinAbs(1.0, hand_worked));
  CHECK(history["loss"].size() == 1);
}

TEST_CASE("fit weights an epoch's loss by the size of its batches, the last partial one included") {
  Sequential model = one_weight(optimizers::SGD({.learning_rate = 0.0}));
  const History history =
      model.fit({{1.0}, {1.0}, {1.0}}, {1.0, 1.0, 4.0}, {.batch_size = 2, .verbose = 0, .shuffle = false});
  CHECK_THAT(history["loss"][0], WithinAbs((1.0 + 1.0 + 16.0) / 3.0, hand_worked));
}

TEST_CASE("fit learns: words of a class are told apart") {
  set_random_seed(7);
  const auto [x, y] = easy_words(600);
  Sequential model = classifier();
  const History history = model.fit(x, y, {.batch_size = 32, .epochs = 30, .verbose = 0, .validation_split = 0.1});
  CHECK(history["accuracy"].back() > 0.95);
  CHECK(history["val_accuracy"].back() > 0.95);
  CHECK(history["loss"].back() < history["loss"].front());
  CHECK(history["val_loss"].size() == 30);
  CHECK(model.evaluate(x, y, {.verbose = 0})["accuracy"] > 0.95);
}

TEST_CASE("fit after the same set_random_seed gives the same bits") {
  const auto [x, y] = easy_words(100);
  const auto train = [&, &x = x, &y = y] {
    set_random_seed(11);
    Sequential model = classifier();
    model.fit(x, y, {.batch_size = 16, .epochs = 3, .verbose = 0});
    return model.get_weights();
  };
  const std::vector<Tensor> a = train(), b = train();
  for (std::size_t i = 0; i < a.size(); ++i) CHECK((a[i] == b[i]));
}

TEST_CASE("fit holds the last samples out, before any shuffling, as Keras counts them") {
  Sequential model = one_weight(optimizers::SGD({.learning_rate = 0.0}));
  xt::xarray<double> x = xt::ones<double>({10, 1}), y = xt::zeros<double>({10});
  y(8) = 1.0;
  y(9) = 3.0;
  const History history = model.fit(x, y, {.verbose = 0, .validation_split = 0.2});
  CHECK_THAT(history["loss"][0], WithinAbs(0.0, hand_worked));
  CHECK_THAT(history["val_loss"][0], WithinAbs(5.0, hand_worked));
}

TEST_CASE("fit validates with data given, with weights, and every validation_freq epochs") {
  Sequential model = one_weight(optimizers::SGD({.learning_rate = 0.0}));
  const History history = model.fit(
      {{1.0}}, {0.0},
      {.epochs = 3, .verbose = 0, .validation_data = {{{1.0}, {1.0}}, {1.0, 3.0}, {1.0, 0.0}}, .validation_freq = 2});
  CHECK(history["val_loss"].size() == 1);
  CHECK_THAT(history["val_loss"][0], WithinAbs(0.5, hand_worked));
  CHECK(history["loss"].size() == 3);
}

TEST_CASE("fit counts samples by sample_weight and class_weight") {
  const auto loss = [](FitOptions options) {
    Sequential model = one_weight(optimizers::SGD({.learning_rate = 0.0}));
    options.verbose = 0;
    return model.fit({{1.0}, {1.0}}, {1.0, 2.0}, std::move(options))["loss"][0];
  };
  CHECK_THAT(loss({}), WithinAbs(2.5, hand_worked));
  CHECK_THAT(loss({.sample_weight = {1.0, 0.5}}), WithinAbs(1.5, hand_worked));
  CHECK_THAT(loss({.class_weight = {{2, 2.0}}}), WithinAbs(4.5, hand_worked));
}

TEST_CASE("fit adds penalties of weights and outputs to the loss, and evaluate reports the same") {
  Sequential model{Dense(1, {.use_bias = false,
                             .kernel_initializer = "ones",
                             .kernel_regularizer = regularizers::L2(0.5),
                             .activity_regularizer = regularizers::L1(0.25),
                             .input_shape = Shape{1}})};
  model.compile(optimizers::SGD({.learning_rate = 1.0}), "mse");
  const xt::xtensor<float, 2> x{{2}, {4}}, y{{2}, {4}};
  // 0 + 0.5 * 1^2 + 0.25 * (2 + 4) / 2
  CHECK_THAT(model.evaluate(x, y, {.verbose = 0})["loss"], WithinAbs(1.25, hand_worked));
  CHECK_THAT(model.train_on_batch(x, y)["loss"], WithinAbs(1.25, hand_worked));
  // 1 - (2 * 0.5 * 1 + 0.25 * (2 + 4) / 2)
  CHECK_THAT(weight_of(model), WithinAbs(-0.75, hand_worked));
}

TEST_CASE("fit leaves frozen layers as they are, and asks for compile when trainable changes later") {
  const auto [x, y] = easy_words(40);
  Sequential model = classifier();
  model.get_layer("embedding").set_trainable(false);
  const std::vector<Tensor> before = model.get_weights();
  model.fit(x, y, {.verbose = 0});
  const std::vector<Tensor> after = model.get_weights();
  CHECK((before[0] == after[0]));
  CHECK((before[1] != after[1]));
  model.get_layer("embedding").set_trainable(true);
  CHECK(message_of<NotCompiled>([&, &x = x, &y = y] { model.fit(x, y, {.verbose = 0}); }) ==
        "fit: trainable was changed since the first training; expected the weights that the optimizer knows. Call "
        "compile "
        "again.");
}

TEST_CASE("fit: a frozen nested model is not trained") {
  Sequential inner{Embedding(50, 4)};
  inner.set_trainable(false);
  Sequential model{std::move(inner), GlobalAveragePooling1D(), Dense(1)};
  model.compile("sgd", "mse");
  const Tensor before = model.get_weights()[0];
  model.fit({{1, 2}}, {3.0}, {.verbose = 0});
  CHECK((model.get_weights()[0] == before));
}

TEST_CASE("fit: the mask reaches the loss and the metrics") {
  Sequential model{Embedding(5, 1, {.embeddings_initializer = "zeros", .mask_zero = true})};
  model.compile("sgd", "mse", {"mae"});
  // Errors 1, 2 and a masked 100: the mean is over two steps.
  const Scores scores = model.evaluate({{1, 2, 0}}, xt::xtensor<float, 3>{{{1}, {2}, {100}}}, {.verbose = 0});
  CHECK_THAT(scores["loss"], WithinAbs(2.5, hand_worked));
  CHECK_THAT(scores["mae"], WithinAbs(1.5, hand_worked));
  // A row that is masked everywhere counts nothing.
  CHECK_THAT(model.evaluate({{0, 0, 0}}, xt::xtensor<float, 3>{{{1}, {2}, {3}}}, {.verbose = 0})["loss"],
             WithinAbs(0.0, hand_worked));
}

TEST_CASE("fit: weighted metrics count by weight, the others do not") {
  Sequential model = one_weight();
  model.compile("sgd", "mse", {"mae"}, {.weighted_metrics = {"mae"}});
  const Scores scores = model.test_on_batch({{1.0}, {1.0}}, {1.0, 3.0}, {.sample_weight = {1.0, 0.0}});
  CHECK_THAT(scores["mae"], WithinAbs(2.0, hand_worked));
  CHECK_THAT(scores["weighted_mae"], WithinAbs(1.0, hand_worked));
}

TEST_CASE("fit that fails in the middle leaves the weights of the last whole step") {
  Sequential model{Embedding(10, 1, {.embeddings_initializer = "ones"}), GlobalAveragePooling1D()};
  model.compile(optimizers::SGD({.learning_rate = 0.5}), "mse");
  xt::xtensor<int, 2> x{{1}, {2}, {99}, {3}};
  CHECK_THROWS_AS(model.fit(x, {0.0, 0.0, 0.0, 0.0}, {.batch_size = 1, .verbose = 0, .shuffle = false}), InvalidInput);
  const Tensor table = model.get_weights()[0];
  CHECK(table(1, 0) == 0.0f);
  CHECK(table(2, 0) == 0.0f);
  CHECK(table(3, 0) == 1.0f);
  // And it can go on.
  x(2, 0) = 4;
  model.fit(x, {0.0, 0.0, 0.0, 0.0}, {.batch_size = 1, .verbose = 0, .shuffle = false});
  CHECK(model.get_weights()[0](3, 0) == 0.0f);
}

TEST_CASE("fit names the row of a bad id where it stands in x, shuffled or not") {
  Sequential model{Embedding(10, 1), GlobalAveragePooling1D()};
  model.compile("sgd", "mse");
  xt::xarray<int> x = xt::ones<int>({40, 2});
  x(33, 1) = -5;
  CHECK(message_of<InvalidInput>([&] { model.fit(x, xt::zeros<float>({40}), {.batch_size = 4, .verbose = 0}); }) ==
        "Embedding \"embedding\": id -5 at row 33, step 1; expected 0..9 (input_dim 10). Ids count from 0; is a "
        "missing word "
        "encoded as a negative number?");
}

TEST_CASE("fit names the row of x in the part that validation_split holds out") {
  Sequential ids{Embedding(10, 2), GlobalAveragePooling1D(), Dense(1)};
  ids.compile("sgd", "mse");
  xt::xarray<int> x = xt::zeros<int>({8, 2});
  x(6, 1) = 12;
  const xt::xarray<float> y = xt::zeros<float>({8, 1});
  CHECK(message_of<InvalidInput>([&] { ids.fit(x, y, {.verbose = 0, .validation_split = 0.5}); }) ==
        "Embedding \"embedding\": id 12 at row 6, step 1; expected 0..9 (input_dim 10). Was the tokenizer limited with "
        "num_words = 10?");
  Sequential floats{Dense(1, {.input_shape = {2}})};
  floats.compile("sgd", "mse");
  xt::xarray<float> with_nan = xt::zeros<float>({8, 2});
  with_nan(5, 0) = std::numeric_limits<float>::quiet_NaN();
  CHECK(message_of<InvalidInput>([&] { floats.fit(with_nan, y, {.verbose = 0, .validation_split = 0.5}); }) ==
        "fit: validation: x has nan in row 5; expected finite numbers. Remove or fill it.");
}

TEST_CASE("fit: bad data and options") {
  Sequential model = one_weight();
  const xt::xtensor<float, 2> x{{1}, {2}};
  const auto fit = [&](const Input& y, FitOptions options = {}) {
    options.verbose = 0;
    return message_of<Error>([&] { model.fit(x, y, options); });
  };
  CHECK(fit({1.0}) == "fit: x has 2 samples and y has 1; expected equal numbers. Check how the data was assembled.");
  CHECK(fit(Input()) == "fit: y is missing; expected the targets. Pass one for each row of x.");
  CHECK(fit({1.0, std::nan("")}).starts_with("fit: y has nan at row 1; expected finite numbers."));
  CHECK(fit({1.0, std::numeric_limits<double>::infinity()})
            .starts_with("fit: y has inf at row 1; expected finite numbers."));
  CHECK(fit({1.0, 2.0}, {.batch_size = 0}) == "fit: batch_size is 0; expected a positive integer. 32 is usual.");
  CHECK(
      fit({1.0, 2.0}, {.validation_split = 0.9}) ==
      "fit: 2 samples with validation_split = 0.9 leave 0 to train on and 2 to validate with; expected at least one of "
      "each. Pass more samples or another split.");
  CHECK(fit({1.0, 2.0}, {.validation_split = 1.0}) ==
        "fit: validation_split is 1; expected a fraction in [0, 1). 0.1 holds a tenth out.");
  CHECK(fit({1.0, 2.0}, {.validation_split = 0.5, .validation_data = {x, {1.0, 2.0}}}) ==
        "fit: validation_split and validation_data are both given; expected one of them. Leave one out.");
  CHECK(fit({1.0, 2.0}, {.validation_freq = 0}) ==
        "fit: validation_freq is 0; expected a positive integer. 1 validates after every epoch.");
  CHECK(fit({1.0, 2.0}, {.class_weight = {{1, 2.0}}, .sample_weight = {1.0, 1.0}}) ==
        "fit: class_weight and sample_weight are both given; expected one of them. Multiply them into sample_weight.");
  CHECK(fit({1.0, 2.0}, {.sample_weight = {1.0}}) ==
        "fit: x has 2 samples and sample_weight has 1; expected equal numbers. Check how the data was assembled.");
  CHECK(fit({1.0, 2.0}, {.sample_weight = {1.0, std::nan("")}}) ==
        "fit: sample_weight has nan at row 1; expected finite numbers. Remove or fill it.");
  CHECK(fit({1.0, 2.0}, {.sample_weight = {{1.0, 1.0, 1.0}, {1.0, 1.0, 1.0}}}) ==
        "fit: sample_weight has shape (2, 3); expected (2,). Give one weight to each sample.");
  CHECK(fit(xt::ones<float>({2, 3})).starts_with("fit: y has shape (2, 3) but mean_squared_error expects (2, 1)"));
  CHECK(message_of<InvalidInput>([&] {
          model.fit({{1.0}, {std::nan("")}}, {1.0, 2.0}, {.verbose = 0});
        }) == "fit: x has nan in row 1; expected finite numbers. Remove or fill it.");
  CHECK(message_of<InvalidInput>([&] {
          model.fit(xt::zeros<float>({0, 1}), xt::zeros<float>({0}), {.verbose = 0});
        }) == "fit: x is empty; expected at least one sample. Check how x was made, and skip empty batches.");
  CHECK(weight_of(model) == 0.0);
}

TEST_CASE("fit, evaluate and their batches refuse no samples") {
  Sequential model = one_weight();
  const Tensor x = xt::zeros<float>({0, 1}), y = xt::zeros<float>({0});
  const auto empty = [](const std::string& who) {
    return who + ": x is empty; expected at least one sample. Check how x was made, and skip empty batches.";
  };
  CHECK(message_of<InvalidInput>([&] { model.fit(x, y, {.verbose = 0}); }) == empty("fit"));
  CHECK(message_of<InvalidInput>([&] { model.fit(x, y, {.verbose = 0, .validation_split = 0.5}); }) == empty("fit"));
  CHECK(message_of<InvalidInput>([&] {
          model.fit({{1.0}}, {1.0}, {.verbose = 0, .validation_data = {x, y}});
        }) == empty("fit: validation"));
  CHECK(message_of<InvalidInput>([&] { model.evaluate(x, y, {.verbose = 0}); }) == empty("evaluate"));
  CHECK(message_of<InvalidInput>([&] { model.train_on_batch(x, y); }) == empty("train_on_batch"));
  CHECK(message_of<InvalidInput>([&] { model.test_on_batch(x, y); }) == empty("test_on_batch"));
  CHECK(model.predict(x).size() == 0);
  CHECK(weight_of(model) == 0.0);
}

TEST_CASE("fit, evaluate and train_on_batch before compile, or without a loss, say so") {
  Sequential model{Dense(1, {.input_shape = Shape{1}})};
  const std::string advice =
      ": the model is not compiled; expected compile before it. Call model.compile(\"rmsprop\", \"mse\"); adding or "
      "popping a layer requires it again.";
  CHECK(message_of<NotCompiled>([&] { model.fit({{1.0}}, {1.0}); }) == "fit" + advice);
  CHECK(message_of<NotCompiled>([&] { model.evaluate({{1.0}}, {1.0}); }) == "evaluate" + advice);
  CHECK(message_of<NotCompiled>([&] { model.train_on_batch({{1.0}}, {1.0}); }) == "train_on_batch" + advice);
  model.compile("sgd");
  CHECK(message_of<NotCompiled>([&] { model.fit({{1.0}}, {1.0}); }) ==
        "fit: the model has no loss; expected one. Call compile with one, such as \"mse\".");
}

TEST_CASE("compile refuses misspelt names and offers the nearest") {
  Sequential model{Dense(1, {.input_shape = Shape{1}})};
  CHECK(message_of<InvalidArgument>([&] {
          model.compile("rmsprob", "mse");
        }).starts_with("optimizer \"rmsprob\" is unknown; did you mean \"rmsprop\"?"));
  CHECK(message_of<InvalidArgument>([&] {
          model.compile("sgd", "binary_crossentrop");
        }).starts_with("loss \"binary_crossentrop\" is unknown; did you mean \"binary_crossentropy\"?"));
  CHECK(message_of<InvalidArgument>([&] {
          model.compile("sgd", "mse", {"acuracy"});
        }).starts_with("metric \"acuracy\" is unknown; did you mean \"accuracy\"?"));
}

TEST_CASE("compile works on copies, and on what a shared_ptr shows") {
  const auto sgd = std::make_shared<optimizers::SGD>(optimizers::SGDOptions{.learning_rate = 0.1});
  Sequential model{Dense(1, {.input_shape = Shape{1}})};
  model.compile(sgd, "mse");
  model.fit({{1.0}, {2.0}}, {1.0, 2.0}, {.batch_size = 1, .verbose = 0});
  CHECK(sgd->iterations() == 2);
  CHECK(&model.optimizer() == sgd.get());
}

TEST_CASE("train_on_batch allocates nothing once it is warm") {
  const auto [x, y] = easy_words(32);
  Sequential model = classifier();
  model.compile("rmsprop", "sparse_categorical_crossentropy", {"accuracy"});
  const Input inputs(x), targets(y);
  for (int i = 0; i < 2; ++i) model.train_on_batch(inputs, targets);
  const testing::AllocationCounter allocations;
  model.train_on_batch(inputs, targets);
  CHECK(allocations.count() == 0);
}

TEST_CASE("fit trains an Embedding through a regularizer, a constraint and momentum as a dense matrix") {
  const auto train = [](const EmbeddingOptions& options, const OptimizerArgument& optimizer) {
    Sequential model{Embedding(6, 2, options), GlobalAveragePooling1D(), Dense(1, {.kernel_initializer = "ones"})};
    model.compile(optimizer, "mse");
    model.fit({{1, 2}, {3, 1}, {2, 2}}, {1.0, 0.0, 2.0},
              {.batch_size = 1, .epochs = 4, .verbose = 0, .shuffle = false});
    return model.get_weights()[0];
  };
  const Tensor penalized = train({.embeddings_initializer = "ones", .embeddings_regularizer = "l2"},
                                 optimizers::SGD({.learning_rate = 0.1}));
  CHECK_THAT(penalized(5, 0), WithinAbs(std::pow(1.0 - 0.1 * 0.02, 12), hand_worked));  // no batch ever touched row 5
  const Tensor constrained = train({.embeddings_initializer = "ones", .embeddings_constraint = "unit_norm"}, "sgd");
  double norm = 0.0;
  for (std::size_t row = 0; row < 6; ++row) norm += std::pow(constrained(row, 0), 2);
  CHECK_THAT(norm, WithinAbs(1.0, 1e-5));
  const Tensor moved =
      train({.embeddings_initializer = "ones"}, optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}));
  CHECK(moved(5, 0) == 1.0f);
  CHECK(moved(1, 0) != 1.0f);
}
