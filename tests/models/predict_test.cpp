#include <functional>
#include <limits>
#include <thread>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/arrays.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

Sequential small_model() {
  return Sequential{Embedding(20, 4, {.mask_zero = true}), GlobalAveragePooling1D(), Dense(1)};
}

}  // namespace

TEST_CASE("Sequential refuses data that does not fit, before it computes") {
  Sequential model{Embedding(20, 4, {.input_length = 10})};
  CHECK(message_of<InvalidInput>([&] {
          model.predict({1, 2, 3});
        }) == "predict: x has shape (3,); expected (None, 10). One sequence is a batch of one: {{4, 20, 7}}.");
  CHECK(message_of<InvalidInput>([&] {
          model.predict({{1, 2, 3}});
        }) == "predict: x has shape (1, 3); expected (None, 10). Pad or cut the sequences, or leave input_length out.");
  CHECK(message_of<InvalidInput>([&] { model.predict({{{1}}}); }) ==
        "predict: x has shape (1, 1, 1); expected (None, 10). Ids come as a matrix (batch, time).");
  CHECK(message_of<InvalidInput>([&] {
          model.predict(xt::zeros<float>({2, 10}));
        }) ==
        "predict: x holds floats, but the model begins with an Embedding; expected integer ids. Cast them: "
        "xt::cast<int>(x).");
  CHECK(message_of<InvalidInput>([&] { model.predict(Input()); }) ==
        "predict: x is missing; expected an array of shape (None, 10). Pass the samples, one per row.");
  CHECK(message_of<InvalidArgument>([&] {
          model.predict(xt::zeros<int>({2, 10}), {.batch_size = 0});
        }) == "predict: batch_size is 0; expected a positive integer. 32 is usual.");
  Sequential floats{Dense(2, {.input_shape = Shape{2}})};
  xt::xarray<double> x{{1, 2}, {3, 4}};
  x(1, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK(message_of<InvalidInput>([&] { floats.predict(x); }) ==
        "predict: x has nan in row 1; expected finite numbers. Remove or fill it.");
  CHECK(message_of<InvalidInput>([&] {
          floats.predict({{1, 2, 3}});
        }) == "predict: x has shape (1, 3); expected (None, 2). Check the first layer's input_shape.");
}

TEST_CASE("Sequential predicts an empty batch as an empty result") {
  Sequential model = small_model();
  CHECK(shape_of(model.predict(xt::zeros<int>({0, 7}))) == Shape({0, 1}));
  Sequential sequence{Embedding(20, 4)};
  CHECK(shape_of(sequence.predict(xt::zeros<int>({0, 7}))) == Shape({0, 7, 4}));
}

TEST_CASE("Sequential predicts the same in batches of any size, and into a result of the caller's") {
  Sequential model = small_model();
  const xt::xarray<int> ids = xt::random::randint<int>({50, 7}, 0, 20);
  const Tensor whole = model.predict(ids, {.batch_size = 50});
  Tensor result;
  for (const int size : {1, 7, 32}) {
    model.predict(ids, result, {.batch_size = size});
    CHECK(xt::amax(xt::abs(result - whole))() < 1e-6f);
  }
  CHECK(shape_of(model.predict_on_batch(ids)) == Shape({50, 1}));
  CHECK(shape_of(model(ids)) == Shape({50, 1}));
}

TEST_CASE("Sequential with a last layer that hands its input on still fills the result") {
  Sequential model{Embedding(5, 2, {.embeddings_initializer = "ones", .input_length = 3}), Flatten(), Dropout(0.5)};
  CHECK(all_are(model.predict({{1, 2, 3}}), 1.0f));
  Sequential only{Flatten({.input_shape = Shape{2, 2}})};
  CHECK((only.predict({{{1, 2}, {3, 4}}}) == xt::xtensor<float, 2>{{1, 2, 3, 4}}));
}

TEST_CASE("Sequential: 8 threads predict on one const model") {
  set_random_seed(1);
  const Sequential model{Embedding(100, 16, {.mask_zero = true}), Dense(8, {.activation = "relu"}),
                         GlobalAveragePooling1D(), Dense(4, {.activation = "softmax"})};
  const xt::xarray<int> ids = xt::random::randint<int>({64, 12}, 0, 100);
  const Tensor expected = model.predict(ids);
  std::vector<std::thread> threads;
  std::vector<int> same(8);
  for (int& ok : same) {
    threads.emplace_back([&] {
      ok = 1;
      for (int i = 0; i < 20; ++i) ok &= model.predict(ids) == expected;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(same == std::vector<int>(8, 1));
}

TEST_CASE("Sequential with a fixed batch takes whole batches of it") {
  Sequential model{Dense(1, {.kernel_initializer = "ones"})};
  model.build({2, 1});
  model.compile("sgd", "mse");
  CHECK((model.predict({{1.0}, {2.0}, {3.0}, {4.0}}) == xt::xtensor<float, 2>{{1}, {2}, {3}, {4}}));
  CHECK(model.evaluate({{1.0}, {2.0}, {3.0}, {4.0}}, {1.0, 2.0, 3.0, 4.0}, {.verbose = 0})["loss"] == 0.0);
  const std::string rest =
      "; expected a multiple of 2, the batch that the model was built with. Leave the last ones out.";
  CHECK(message_of<InvalidInput>([&] { model.predict({{1.0}, {2.0}, {3.0}}); }) == "predict: x has 3 samples" + rest);
  CHECK(message_of<InvalidInput>([&] {
          model.fit({{1.0}, {2.0}, {3.0}}, {1.0, 2.0, 3.0});
        }) == "fit: x has 3 samples" + rest);
  CHECK(message_of<InvalidInput>([&] {
          model.fit({{1.0}, {2.0}}, {1.0, 2.0}, {.validation_data = {{{1.0}}, {1.0}}});
        }) == "fit: validation: x has 1 samples" + rest);
  const std::string whole =
      ": x has 1 samples; expected 2, the batch that the model was built with. Pass whole batches.";
  CHECK(message_of<InvalidInput>([&] { model.train_on_batch({{1.0}}, {1.0}); }) == "train_on_batch" + whole);
  CHECK(message_of<InvalidInput>([&] { model({{1.0}}, true); }) == "call" + whole);
}

TEST_CASE("Sequential that is not const is built by the first data that it gets") {
  const Shape expected({None, 2});
  const xt::xtensor<double, 2> x{{1, 2}, {3, 4}, {5, 6}}, y{{1}, {2}, {3}};
  const auto check = [&](const std::function<void(Sequential&)>& use) {
    Sequential model{Dense(4), Dense(1)};
    model.compile("sgd", "mse");
    use(model);
    CHECK(model.input_shape() == expected);
    CHECK(model.output_shape() == Shape({None, 1}));
  };
  check([&](Sequential& model) { CHECK(shape_of(model.predict(x)) == Shape({3, 1})); });
  check([&](Sequential& model) { CHECK(shape_of(model.predict(x, {.batch_size = 2})) == Shape({3, 1})); });
  check([&](Sequential& model) {
    Tensor result;
    model.predict(x, result);
    CHECK((result == std::as_const(model).predict(x)));
  });
  check([&](Sequential& model) {
    const Tensor result = model.predict_on_batch(x);
    CHECK((result == std::as_const(model).predict_on_batch(x)));
  });
  check([&](Sequential& model) {
    const Tensor result = model(x);
    CHECK((result == std::as_const(model)(x)));
  });
  check([&](Sequential& model) {
    const double loss = model.evaluate(x, y, {.verbose = 0})["loss"];
    CHECK(loss == std::as_const(model).evaluate(x, y, {.verbose = 0})["loss"]);
  });
  check([&](Sequential& model) {
    const double loss = model.test_on_batch(x, y)["loss"];
    CHECK(loss == std::as_const(model).test_on_batch(x, y)["loss"]);
  });
  check([&](Sequential& model) { CHECK(shape_of(model.predict({{1, 2}})) == Shape({1, 1})); });
}

TEST_CASE("Sequential that data does not build stays as it was") {
  Sequential model{Dense(4), Dense(1)};
  CHECK(message_of<InvalidInput>([&] { model.predict(Input()); }) ==
        "predict: x is missing; expected an array. Pass the samples, one per row.");
  CHECK(message_of<NotCompiled>([&] {
          model.evaluate({{1, 2}}, {1});
        }) ==
        "evaluate: the model is not compiled; expected compile before it. Call model.compile(\"rmsprop\", \"mse\"); "
        "adding or popping a layer requires it again.");
  CHECK_THROWS_AS(model.predict({1, 2}), ShapeError);
  CHECK_FALSE(model.built());
  CHECK(shape_of(model.predict({{1}})) == Shape({1, 1}));
  CHECK(model.input_shape() == Shape({None, 1}));
}

TEST_CASE("Sequential: predict into a result allocates nothing once it is warm, const or not") {
  Sequential model{Dense(4), Dense(1)};
  const xt::xarray<float> x{{1, 2}, {3, 4}};
  const Input input(x);
  Tensor result;
  for (int i = 0; i < 3; ++i) model.predict(input, result);
  const testing::AllocationCounter allocations;
  model.predict(input, result);
  std::as_const(model).predict(input, result);
  CHECK(allocations.count() == 0);
}
