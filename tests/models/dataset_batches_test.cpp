// The batches of datasets: their checks, shapes, weights and options.
#include "models/dataset_batches.hpp"

#include "catch.hpp"
#include "support/datasets.hpp"
#include "support/messages.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

TEST_CASE("Batches may differ in length and in size") {
  Sequential model{Embedding(20, 4, {.mask_zero = true}), LSTM(3), Dense(1)};
  model.compile("sgd", "mse");
  One ragged(
      [](std::int64_t i) -> data::Batch {
        const auto rows = static_cast<std::size_t>(i + 1), steps = static_cast<std::size_t>(2 + 3 * ((i * 2) % 5));
        return {xt::xarray<int>(xt::ones<int>({rows, steps})),
                xt::xarray<float>(xt::zeros<float>({rows, std::size_t{1}}))};
      },
      5);
  model.fit(ragged, {.epochs = 2, .verbose = 0, .workers = 2});
  CHECK(model.predict(ragged).shape()[0] == 15);
  Sequential steps{Embedding(20, 4)};
  CHECK(
      message_of<InvalidInput>([&] { steps.predict(ragged); }) ==
      "predict: batch 1 has predictions of shape (2, 8, 4) behind others of shape (1, 2, 4); expected equal sizes but "
      "for the first axis, to join them. Pad the texts of all batches to one length, or predict batch by batch.");
}

TEST_CASE("A batch that does not fit raises with its index, also behind shuffling") {
  const auto message = [](const std::function<data::Batch(std::int64_t)>& bad) {
    std::vector<std::string> messages;
    for (const int workers : {1, 3}) {
      Sequential model = identity();
      One dataset([&](std::int64_t i) -> data::Batch {
        if (i == 1) return bad(i);
        return {{{1.0f}}, {{0.0f}}};
      });
      messages.push_back(message_of<InvalidInput>([&] { model.fit(dataset, {.verbose = 0, .workers = workers}); }));
    }
    CHECK(messages[0] == messages[1]);
    return messages[0];
  };
  CHECK(message([](std::int64_t) -> data::Batch {
          return {{{1.0f, 2.0f}}, {{0.0f}}};
        }) == "fit: batch 1: x has shape (1, 2); expected (None, 1). Check the first layer's input_shape.");
  CHECK(message([](std::int64_t) -> data::Batch {
          return {{{1.0f}}, {{0.0f}, {1.0f}}};
        }) == "fit: batch 1: x has 1 samples and y has 2; expected equal numbers. Check how the data was assembled.");
  CHECK(message([](std::int64_t) -> data::Batch { return {{{1.0f}}}; }) ==
        "fit: batch 1: y is missing; expected the targets. Pass one for each row of x.");
  CHECK(message([](std::int64_t) -> data::Batch {
          return {{{1.0f}}, {{0.0f}}, {1.0f, 2.0f}};
        }) ==
        "fit: batch 1: x has 1 samples and sample_weight has 2; expected equal numbers. Check how the data was "
        "assembled.");
  CHECK(message([](std::int64_t) -> data::Batch {
          return {{{1.0f}, {NAN}}, {{0.0f}, {0.0f}}};
        }) == "fit: batch 1: x has nan in row 1; expected finite numbers. Remove or fill it.");
  CHECK(message([](std::int64_t) -> data::Batch {
          return {xt::xtensor<float, 2>::from_shape({0, 1}), xt::xtensor<float, 2>::from_shape({0, 1})};
        }) == "fit: batch 1: x is empty; expected at least one sample. Check how x was made, and skip empty batches.");
  CHECK(message([](std::int64_t) -> data::Batch { return {}; }) ==
        "fit: batch 1 has no x; expected samples in each of the 3 batches that num_batches() states. Return them, or "
        "data::unknown if only the end tells the number.");
  Sequential ids{Embedding(5, 1), Flatten()};
  CHECK(message_of<InvalidInput>([&] {
          Sequential words{Embedding(5, 2), GlobalAveragePooling1D(), Dense(1)};
          words.predict(One([](std::int64_t i) -> data::Batch { return {{{static_cast<int>(4 * i)}}}; }));
        }).starts_with("predict: batch 2: "));
}

TEST_CASE("A dataset without batches raises") {
  Sequential model = identity();
  const char* const expected =
      "fit: the dataset has no batches; expected at least one. Check how it was made; a generator gives each batch "
      "once.";
  CHECK(message_of<InvalidInput>([&] { model.fit(counting(0), {.verbose = 0}); }) == expected);
  CHECK(message_of<InvalidInput>(
            [&] { model.fit(One([](std::int64_t) { return data::Batch(); }, 0), {.verbose = 0}); }) == expected);
  Sequential unbuilt{Dense(1)};
  unbuilt.compile("sgd", "mse");
  CHECK(message_of<InvalidInput>([&] { unbuilt.fit(counting(0), {.verbose = 0}); }) == expected);
  data::Generator used = counting(2);
  model.evaluate(used, {.verbose = 0});
  CHECK(message_of<InvalidInput>([&] { model.evaluate(used, {.verbose = 0}); }) ==
        "evaluate: the dataset has no batches; expected at least one. Check how it was made; a generator gives each "
        "batch once.");
  data::Generator held_out = counting(2);
  CHECK(message_of<InvalidInput>(
            [&] { model.fit({{1.0f}}, {{1.0f}}, {.epochs = 2, .verbose = 0, .validation_dataset = &held_out}); }) ==
        "fit: validation: the dataset has no batches left; expected at least one. Check how it was made; a generator "
        "gives each batch once.");
}

TEST_CASE("A model without an input shape is built for a batch that is not lost") {
  const auto unbuilt = [] {
    Sequential model{Dense(1, {.use_bias = false, .kernel_initializer = "ones"})};
    model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse");
    return model;
  };
  Sequential fitted = unbuilt(), evaluated = unbuilt(), predicting = unbuilt();
  CHECK(fitted.fit(counting(2), {.verbose = 0})["loss"] == std::vector<double>{2.5});
  CHECK(evaluated.evaluate(counting(2), {.verbose = 0})["loss"] == 2.5);
  CHECK((predicting.predict(counting(2)) == xt::xtensor<float, 2>{{1}, {2}}));
  const Sequential constant = unbuilt();
  CHECK_THROWS_AS(constant.evaluate(counting(2)), ShapeError);
  CHECK_THROWS_AS(constant.predict(counting(2)), ShapeError);
}

TEST_CASE("class_weight applies to datasets, and not together with weights in a batch") {
  Sequential model = identity();
  const xt::xtensor<float, 2> x{{1}, {2}}, y{{0}, {1}};
  const auto loss = [&](data::Batch batch) {
    return model.fit(One([batch](std::int64_t) { return batch; }, 1),
                     {.verbose = 0, .class_weight = {{0, 3.0}, {1, 5.0}}})["loss"][0];
  };
  CHECK(loss({x, y}) == (3.0 * 1 + 5.0 * 1) / 2);
  CHECK(message_of<InvalidArgument>([&] {
          loss({x, y, {1.0f, 1.0f}});
        }) ==
        "fit: batch 0: class_weight and sample_weight are both given; expected one of them. Multiply them into "
        "sample_weight.");
}

TEST_CASE("Options of arrays raise with a dataset, and impossible numbers of threads do") {
  Sequential model = identity();
  Slices slices(some({4, 1}, 1), some({4, 1}, 2));
  const auto message = [&](FitOptions options) {
    return message_of<InvalidArgument>([&] { model.fit(slices, options); });
  };
  CHECK(message({.batch_size = 2}) ==
        "fit: batch_size is given with a dataset; expected it with arrays only. A dataset makes batches itself.");
  CHECK(message({.validation_split = 0.1}) ==
        "fit: validation_split is given with a dataset; expected it with arrays only. Pass a validation_dataset.");
  CHECK(message({.sample_weight = {1.0f}}) ==
        "fit: sample_weight is given with a dataset; expected it with arrays only. Return {x, y, sample_weight} from "
        "get_batch.");
  CHECK(
      message({.bucket_by_length = true}) ==
      "fit: bucket_by_length is given with a dataset; expected it with arrays only. Make such batches in the dataset.");
  CHECK(message({.validation_data = {slices.x, slices.y}, .validation_dataset = &slices}) ==
        "fit: validation_data and validation_dataset are both given; expected one of them. Leave one out.");
  CHECK(message({.validation_dataset = &slices, .validation_batch_size = 3}) ==
        "fit: validation_batch_size is given with a dataset; expected it with arrays only. A dataset makes batches "
        "itself.");
  CHECK(message({.workers = -1}) ==
        "fit: workers is -1; expected 0 to 1024, a number of threads. 1 makes the batches in the calling thread.");
  CHECK(message({.max_queue_size = 0}) ==
        "fit: max_queue_size is 0; expected 1 to 1000000, the batches to make ahead. 10 is usual.");
  CHECK(message_of<InvalidArgument>([&] { model.fit(std::shared_ptr<Slices>()); }) ==
        "fit: the dataset is null; expected a dataset. Give an object, or a pointer to one.");
  CHECK(message_of<InvalidArgument>([&] { model.evaluate(slices, {.batch_size = 2}); }) ==
        "evaluate: batch_size is given with a dataset; expected it with arrays only. A dataset makes batches itself.");
  CHECK(message_of<InvalidArgument>([&] { model.predict(slices, {.batch_size = 2}); }) ==
        "predict: batch_size is given with a dataset; expected it with arrays only. A dataset makes batches itself.");
}

TEST_CASE("Weights in batches count as those of arrays do") {
  const xt::xtensor<float, 2> x{{1}, {2}, {3}}, y{{0}, {0}, {0}};
  const std::vector<float> weights{1, 0, 2};
  Sequential model = identity();
  One dataset([&](std::int64_t) -> data::Batch { return {x, y, weights}; }, 1);
  const double expected = model.evaluate(x, y, {.verbose = 0, .sample_weight = weights})["loss"];
  CHECK(model.evaluate(dataset, {.verbose = 0})["loss"] == expected);
  CHECK(model.fit(dataset, {.verbose = 0})["loss"][0] == expected);
}

TEST_CASE("A model of a fixed batch takes batches of that size only") {
  Sequential model{LSTM(2, {.stateful = true}), Dense(1)};
  model.build({2, 3, 1});
  model.compile("sgd", "mse");
  One dataset(
      [](std::int64_t i) -> data::Batch {
        const auto rows = static_cast<std::size_t>(2 - i);
        return {xt::xarray<float>(xt::ones<float>({rows, std::size_t{3}, std::size_t{1}})),
                xt::xarray<float>(xt::ones<float>({rows, std::size_t{1}}))};
      },
      2);
  CHECK(message_of<InvalidInput>([&] { model.fit(dataset, {.verbose = 0, .shuffle = false}); }) ==
        "fit: batch 1: x has 1 samples; expected 2, the batch that the model was built with. Pass whole batches.");
  CHECK(model.predict(dataset, {.steps = 1}).shape()[0] == 2);
}

TEST_CASE("The progress of fit knows the number of batches after the first pass") {
  Sequential model = identity();
  One endless(
      [](std::int64_t i) -> data::Batch {
        if (i == 3) return {};
        return {{{1.0f}}, {{0.0f}}};
      },
      data::unknown);
  DatasetBatches batches("fit", model, endless, {.continues = true});
  CHECK_FALSE(batches.size());
  batches.begin_epoch(0, 1);
  while (batches.next()) {
  }
  batches.end_epoch();
  CHECK(batches.size() == 3);
  CHECK(DatasetBatches("fit", model, endless, {.steps = 2}).size() == 2);
}
