#include <atomic>
#include <fstream>

#include "both_ways.hpp"
#include "support/captured.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace xeras::testing;

namespace {

constexpr std::int64_t samples = 43, batch_size = 4,
                       batches = 11;  // the last one has 3 samples, fewer than some numbers of processes

const xt::xarray<int> words = ids({43, 7}, 30, 3);
const xt::xarray<int> classes = ids({43}, 4, 4);
const xt::xarray<float> weights = xt::abs(numbers({43}, 5));

// Batches of ids, classes and weights, which any thread may make.
struct Reviews final : data::Dataset {
  std::int64_t num_batches() const override { return batches; }
  data::Batch get_batch(std::int64_t index) override {
    ++made;
    const std::int64_t first = index * batch_size, count = std::min(batch_size, samples - first);
    const auto part = [&](const Input& all) { return all.samples(first, count); };
    return {part(words), part(classes), part(weights)};
  }
  std::atomic<std::int64_t> made = 0;
};

// Lines with a label and 1 to 7 words.
class File {
 public:
  File() {
    std::ofstream file(path_);
    for (std::size_t row = 0; row < classes.size(); ++row) {
      file << classes(row) << '\t';
      for (std::size_t i = 0; i <= row % 7; ++i) file << 'w' << words(row, i) << ' ';
      file << '\n';
    }
  }
  data::TextLines lines(data::TextLinesOptions options = {}) const {
    options.batch_size = batch_size;
    options.labels = {"0", "1", "2", "3"};
    return data::TextLines(path_, options);
  }

 private:
  TemporaryFolder folder_;
  const std::string path_ = folder_ / "lines.tsv";
};

TextVectorization vectorization() {
  std::vector<std::string> vocabulary;
  for (int i = 0; i < 25; ++i) vocabulary.push_back("w" + std::to_string(i));
  return TextVectorization({.output_sequence_length = 7, .vocabulary = vocabulary});
}

void add_layers(Sequential& model) {
  model.add(Embedding(30, 5, {.mask_zero = true}));
  model.add(LSTM(4, {.dropout = 0.2}));
  model.add(Dense(4, {.activation = "softmax"}));
  model.compile("adam", "sparse_categorical_crossentropy", {"accuracy"});
}

Sequential ids_model() {
  Sequential model;
  add_layers(model);
  model.build({None, 7});
  return model;
}

// Returns how many of `all` batches this process makes.
std::int64_t own_batches(std::int64_t all) {
  const std::int64_t count = distribution::num_processes();
  return (all - distribution::process_id() + count - 1) / count;
}

// Trains, and returns the weights, losses, scores and predictions.
Trained fit_all(Sequential& model, data::Dataset& dataset, const FitOptions& options) {
  const History history = model.fit(dataset, options);
  Trained trained;
  trained.losses = history["loss"];
  trained.losses.push_back(model.evaluate(dataset, {.verbose = 0})["loss"]);
  trained.weights = weights_of(model);
  const Tensor predictions = model.predict(dataset);
  trained.weights.insert(trained.weights.end(), predictions.begin(), predictions.end());
  return trained;
}

}  // namespace

TEST_CASE("Processes train on a dataset in any order as one does, each with its share of the batches") {
  for (const std::int64_t workers : {1, 2}) {
    std::vector<std::int64_t> made;
    check_both_ways([&] {
      Sequential model = ids_model();
      Reviews reviews;
      const Trained trained = fit_all(model, reviews, {.epochs = 2, .verbose = 0, .workers = workers});
      made.push_back(reviews.made);
      return trained;
    });
    const std::int64_t own = 4 * own_batches(batches);  // two epochs, to evaluate, and to predict
    CHECK((made == std::vector<std::int64_t>{4 * batches, own, own}));
  }
}

TEST_CASE("Processes train on a file as one does, and vectorize their share of its lines") {
  const File file;
  for (const std::int64_t workers : {1, 2}) {
    std::vector<std::int64_t> made;
    check_both_ways([&] {
      Sequential model = ids_model();
      std::atomic<std::int64_t> vectorized = 0;
      const TextVectorization vectorize = vectorization();
      data::Mapped dataset = data::map(file.lines({.shuffle_buffer = 10, .seed = 1, .drop_remainder = true}),
                                       [&](data::Batch batch) -> data::Batch {
                                         ++vectorized;
                                         return {xt::xarray<int>(vectorize(batch.x)), batch.y};
                                       });
      const Trained trained =
          fit_all(model, dataset, {.epochs = 4, .verbose = 0, .steps_per_epoch = 5, .workers = workers});
      made.push_back(vectorized);
      return trained;
    });
    // Two passes of two epochs each, one to evaluate and one to predict.
    CHECK((made == std::vector<std::int64_t>{4 * 10, 4 * own_batches(5) + 2 * own_batches(10), made[1]}));
  }
}

TEST_CASE("Processes give each other batches of texts") {
  const File file;
  check_both_ways([&] {
    Sequential model{vectorization()};
    add_layers(model);
    data::TextLines lines = file.lines();
    return fit_all(model, lines, {.epochs = 2, .verbose = 0});
  });
}

TEST_CASE("Processes share a generator, which all of them call") {
  check_both_ways([&] {
    Sequential model = ids_model();
    Reviews reviews, held_out;
    data::Generator dataset =
        data::from_generator([&reviews, i = 0]() mutable { return std::optional(reviews.get_batch(i++ % batches)); });
    const History history =
        model.fit(dataset, {.epochs = 2, .verbose = 0, .steps_per_epoch = 5, .validation_dataset = held_out});
    CHECK(reviews.made == 10);
    return Trained{weights_of(model), history["val_loss"]};
  });
}

TEST_CASE("Process 0 prints the warnings") {
  distribution::initialize();
  distribution::set_distribution(distribution::DataParallel());
  Sequential model = ids_model();
  Reviews reviews;
  const Captured errors(std::cerr);
  model.evaluate(reviews, {.verbose = 0, .steps = batches + 1});
  CHECK(errors.text().empty() == (distribution::process_id() != 0));
  distribution::clear_distribution();
}

TEST_CASE("Processes that share work draw the random numbers of process 0") {
  distribution::initialize();
  set_random_seed(100 + static_cast<std::uint64_t>(distribution::process_id()));
  distribution::set_distribution(distribution::DataParallel());
  CHECK(random_state().seed == 100);
  distribution::clear_distribution();
}
