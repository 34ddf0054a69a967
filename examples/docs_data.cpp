// The code of docs/data.md. It runs as a test, which compares what the page states about a result or a message with the
// actual one.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "support/expect.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

// A folder of its own, so that two runs do not meet.
std::filesystem::path folder() {
  static const auto& made = *new const std::filesystem::path([] {
    std::string pattern = (std::filesystem::temp_directory_path() / "xeras-docs-XXXXXX").string();
    return std::filesystem::path(::mkdtemp(pattern.data()));
  }());
  return made;
}

// [dataset]
class Sums final : public data::Dataset {
 public:
  std::int64_t num_batches() const override { return 20; }
  data::Batch get_batch(std::int64_t index) override {
    const RandomStream stream(static_cast<std::uint64_t>(index));  // the same numbers in each thread
    xt::xtensor<float, 2> x = xt::zeros<float>({32, 3}), y = xt::zeros<float>({32, 1});
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(stream.uniform(i));
    for (std::size_t i = 0; i < 32; ++i) y(i, 0) = x(i, 0) + x(i, 1) + x(i, 2);
    return {x, y};
  }
};
// [dataset]

Sequential adder() {
  Sequential model{Dense(1, {.input_shape = Shape{3}})};
  model.compile("adam", "mse");
  return model;
}

void datasets() {
  Sequential model = adder();
  // [fit]
  Sums sums, held_out;
  model.fit(sums, {.epochs = 3, .verbose = 0, .validation_dataset = &held_out, .workers = 4});
  const double loss = model.evaluate(held_out, {.verbose = 0})["loss"];
  const Tensor p = model.predict(held_out, {.steps = 2});  // (64, 1)
  // [fit]
  expect(loss < 10.0 && shape_of(p) == Shape({64, 1}), "a dataset trains");

  // [steps]
  model.fit(sums, {.epochs = 6, .verbose = 0, .steps_per_epoch = 10});  // three passes over the 20 batches
  // [steps]

  // [split]
  auto [some, rest] = utils::split_dataset(sums, {.left_size = 0.8});  // 16 and 4 batches
  model.fit(some, {.epochs = 2, .verbose = 0, .validation_dataset = &rest});
  // [split]
  expect(some.num_batches() == 16 && rest.num_batches() == 4, "a dataset in two parts");

  Sequential one = adder(), other = adder();
  for (Sequential* each : {&one, &other}) {
    set_random_seed(1);
    each->set_weights({xt::ones<float>({3, 1}), xt::ones<float>({1})});
    each->fit(sums, {.verbose = 0, .workers = each == &one ? 1 : 4});
  }
  expect(same(one.get_weights()[0], other.get_weights()[0]), "the same bits with any number of workers");
}

void generators() {
  Sequential model = adder();
  // [generator]
  std::uint64_t drawn = 0;
  auto endless = data::from_generator([&]() -> std::optional<data::Batch> {
    xt::xtensor<float, 2> x = xt::zeros<float>({8, 3});
    for (float& value : x) value = static_cast<float>(RandomStream(1).uniform(drawn++));
    const xt::xtensor<float, 2> y = xt::sum(x, {1}, xt::keep_dims);
    return data::Batch{x, y};
  });
  model.fit(endless, {.epochs = 2, .verbose = 0, .steps_per_epoch = 50});
  // [generator]
  expect(drawn == 2 * 50 * 24, "no batch too many");
}

void lines() {
  const std::string path = folder() / "train.tsv";
  {
    std::ofstream file(path);
    for (int i = 0; i < 20; ++i) file << "good\ta charming film\nbad\tdull, dull, dull\n";
  }
  // [lines]
  data::TextLines lines(path, {.batch_size = 8, .shuffle_buffer = 1000, .seed = 1, .labels = {"bad", "good"}});
  TextVectorization vectorize;
  vectorize.adapt(lines);
  auto ids = data::map(lines, [&](data::Batch batch) -> data::Batch { return {vectorize(batch.x), batch.y}; });
  Sequential model{Embedding(vectorize.vocabulary_size(), 4, {.mask_zero = true}), GlobalAveragePooling1D(),
                   Dense(1, {.activation = "sigmoid"})};
  model.compile("adam", "binary_crossentropy", "accuracy");
  model.fit(ids, {.epochs = 2, .verbose = 0, .workers = 2});
  // [lines]
  expect(lines.labels() == std::vector<std::string>{"bad", "good"}, "labels");
  const Sequential whole{vectorize, std::move(model)};
  expect(whole.predict({"fine", "dull"}).shape(0) == 2, "a model of texts");

  const std::string wrong = folder() / "wrong.tsv";
  std::ofstream(wrong) << "good\tfine\ngodo\tfine\n";
  const std::string message = R"(
: label "godo" is unknown; did you mean "good"? Known: bad, good. Correct the file, or add the label to .labels.
)";
  data::TextLines broken(wrong, {.labels = {"bad", "good"}});
  expect_message<InvalidInput>("\nTextLines: " + wrong + ", line 2" + message.substr(1), [&] { broken.get_batch(0); });
}

void directories() {
  for (const std::string name : {"neg", "pos"}) {
    std::filesystem::create_directories(folder() / "reviews" / name);
    for (int i = 0; i < 10; ++i) std::ofstream(folder() / "reviews" / name / (std::to_string(i) + ".txt")) << name;
  }
  const std::string reviews = folder() / "reviews";
  // [directory]
  auto train = utils::text_dataset_from_directory(
      reviews, {.batch_size = 4, .seed = 1337, .validation_split = 0.2, .subset = "training", .verbose = false});
  auto held_out = utils::text_dataset_from_directory(
      reviews, {.batch_size = 4, .seed = 1337, .validation_split = 0.2, .subset = "validation", .verbose = false});
  // [directory]
  expect(train.num_batches() == 4 && held_out.num_batches() == 1, "a fifth is held out");

  // [series]
  const std::vector<float> temperatures(100, 20.0f);
  const Input data(temperatures);
  auto windows = utils::timeseries_dataset_from_array(data.samples(0, 90), data.samples(10, 90), 10);  // 81 windows
  // [series]
  expect(windows.num_batches() == 1 && windows.get_batch(0).x.extents() == Extents({81, 10}), "windows");

  const xt::xtensor<float, 2> x = xt::zeros<float>({10, 3});
  const std::vector<int> labels{0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
  // [arrays]
  const Tensor y = utils::to_categorical(labels, 3);   // (10, 3), one-hot
  const Tensor unit = utils::normalize({{3.0, 4.0}});  // {{0.6, 0.8}}
  const auto [left, right] = utils::split_dataset(x, y, {.left_size = 0.8, .shuffle = true, .seed = 1});
  // [arrays]
  expect(left.x.length() == 8 && right.y.length() == 2 && unit(0, 1) == 0.8f, "parts");
}

}  // namespace

int main() {
  datasets();
  generators();
  lines();
  directories();
  std::filesystem::remove_all(folder());
  if (failures == 0) std::cout << "All that docs/data.md says holds.\n";
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
