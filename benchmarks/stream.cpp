// Training from a file that does not fit in memory, beside training from memory.
//
//   stream make FILE [--gigabytes 2]      writes a corpus: label<TAB>40 words, 50,000 words by Zipf's law, 10 labels
//   stream train FILE [--workers 1]       one pass over the file, by TextLines, a TextVectorization and data::map
//   stream memory FILE [--lines 400000]   the same model from the ids of the first lines, in memory
//
// `train` and `memory` print one line: words, words per second of fit, the peak memory beyond the model and its
// optimizer, and a sum of the bits of the weights. With --backup FOLDER, `train` resumes what was killed.
#include <xeras/xeras.hpp>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "support/peak_memory.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

constexpr std::int64_t words_per_text = 40, vocabulary = 50'000, labels = 10, batch_size = 256;

struct Arguments {
  std::string file, backup;
  double gigabytes = 2.0;
  std::int64_t lines = 400'000;
  int workers = 1, threads = 1, save_freq = 5000;
};

// Words w0, w1, ... The word of rank r has the probability 1 / (r ln V). A label prefers every tenth word: half of the
// words of a text are moved to it.
void make(const Arguments& arguments) {
  std::ofstream file(arguments.file, std::ios::binary);
  const RandomStream random(1);
  std::string line;
  double bytes = 0.0;
  for (std::uint64_t i = 0, n = 0; bytes < arguments.gigabytes * 1e9; ++n) {
    const auto label = static_cast<std::int64_t>(random.uniform(i++) * labels);
    line = "topic" + std::to_string(label) + '\t';
    for (std::int64_t word = 0; word < words_per_text; ++word) {
      auto rank = static_cast<std::int64_t>(std::pow(static_cast<double>(vocabulary), random.uniform(i++)));
      if (random.uniform(i++) < 0.5) rank = rank / labels * labels + label;
      line += 'w' + std::to_string(rank) + (word + 1 < words_per_text ? ' ' : '\n');
    }
    file << line;
    bytes += static_cast<double>(line.size());
  }
}

Sequential model_of(std::int64_t ids) {
  Sequential model{Embedding(ids, 50, {.mask_zero = true}), GlobalAveragePooling1D(),
                   Dense(labels, {.activation = "softmax"})};
  model.compile("adam", "sparse_categorical_crossentropy", "accuracy");
  return model;
}

std::uint64_t bits_of(const Sequential& model) {
  std::uint64_t sum = 0;
  for (const Tensor& weight : model.get_weights()) {
    for (const float value : weight) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &value, sizeof bits);
      sum = sum * 31 + bits;
    }
  }
  return sum;
}

// Runs fit, whose argument are the words that it reads, and prints the line.
template <class Fit>
void measure(Sequential& model, const char* name, Fit fit) {
  const double before = benchmarks::peak_mib();
  const auto start = std::chrono::steady_clock::now();
  std::int64_t batches = 0;
  const History history =
      fit(callbacks::LambdaCallback({.on_train_batch_end = [&](std::int64_t, const auto&) { ++batches; }}));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  // Weights and two slots of Adam; the model itself existed before fit.
  const double slots = 2.0 * static_cast<double>(model.count_params()) * sizeof(float) / (1 << 20);
  const auto words = static_cast<double>(batches * batch_size * words_per_text);
  std::printf(
      "%s: %.0f million words, %.2f million words/s, %.0f MiB beyond the model, accuracy %.4f, weights %016llx\n", name,
      words / 1e6, words / seconds / 1e6, benchmarks::peak_mib() - before - slots, history["accuracy"].back(),
      static_cast<unsigned long long>(bits_of(model)));
}

// Numbers the words of the first `batches` batches.
TextVectorization vectorization_of(const std::string& file, std::int64_t batches) {
  data::TextLines lines(file, {.batch_size = batch_size});
  TextVectorization vectorize({.standardize = "none"});
  vectorize.adapt(lines, {.steps = batches});
  return vectorize;
}

std::vector<std::string> topics() {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < labels; ++i) names.push_back("topic" + std::to_string(i));
  return names;
}

void train(const Arguments& arguments) {
  const TextVectorization vectorize = vectorization_of(arguments.file, 2000);
  data::TextLines lines(arguments.file, {.batch_size = batch_size, .labels = topics(), .drop_remainder = true});
  auto ids = data::map(lines, [&](data::Batch batch) -> data::Batch { return {vectorize(batch.x), batch.y}; });
  set_random_seed(1);
  Sequential model = model_of(vectorize.vocabulary_size());
  measure(model, "file", [&](callbacks::LambdaCallback counter) {
    decltype(FitOptions::callbacks) used = {counter};
    if (!arguments.backup.empty()) {
      used.push_back(callbacks::BackupAndRestore(arguments.backup, {.save_freq = arguments.save_freq}));
    }
    return model.fit(ids, {.verbose = 0, .callbacks = used, .workers = arguments.workers});
  });
}

void memory(const Arguments& arguments) {
  const TextVectorization vectorize = vectorization_of(arguments.file, 2000);
  data::TextLines lines(arguments.file, {.batch_size = batch_size, .labels = topics(), .drop_remainder = true});
  auto ids = data::map(lines, [&](data::Batch batch) -> data::Batch { return {vectorize(batch.x), batch.y}; });
  const std::int64_t batches = arguments.lines / batch_size;
  const auto rows = static_cast<std::size_t>(batches * batch_size);
  xt::xtensor<int, 2> x = xt::zeros<int>({rows, static_cast<std::size_t>(words_per_text)});
  xt::xtensor<int, 1> y = xt::zeros<int>({rows});
  for (std::int64_t i = 0; i < batches; ++i) {
    const data::Batch batch = ids.get_batch(i);
    const Tensor xs = batch.x.to_tensor(), ys = batch.y.to_tensor();
    std::copy(xs.begin(), xs.end(), x.begin() + i * batch_size * words_per_text);
    std::copy(ys.begin(), ys.end(), y.begin() + i * batch_size);
  }
  set_random_seed(1);
  Sequential model = model_of(vectorize.vocabulary_size());
  measure(model, "memory", [&](callbacks::LambdaCallback counter) {
    return model.fit(x, y, {.batch_size = batch_size, .verbose = 0, .callbacks = {counter}, .shuffle = false});
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Training from a file that does not fit in memory");
  Arguments arguments;
  app.require_subcommand(1);
  const auto command = [&](const char* name, const char* about, void (*run)(const Arguments&)) {
    CLI::App& sub = *app.add_subcommand(name, about);
    sub.add_option("file", arguments.file)->required();
    sub.add_option("--gigabytes", arguments.gigabytes);
    sub.add_option("--lines", arguments.lines);
    sub.add_option("--workers", arguments.workers);
    sub.add_option("--threads", arguments.threads);
    sub.add_option("--backup", arguments.backup);
    sub.add_option("--save-freq", arguments.save_freq);
    sub.callback([&arguments, run] {
      set_num_threads(arguments.threads);
      run(arguments);
    });
  };
  command("make", "writes a corpus", make);
  command("train", "one pass over the file", train);
  command("memory", "the first lines from memory", memory);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stream: %s\n", error.what());
    return 1;
  }
}
