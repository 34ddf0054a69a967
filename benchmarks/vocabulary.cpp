// Training steps of a language model by the size of its output: the next of 4 words, 64 features, batches of 256, Adam.
// pytorch_vocabulary.py has the same models in PyTorch.
//
//   vocabulary [--threads N] [--seconds S]
//
// Prints one line of JSON per model: softmax-V is a Dense with a softmax over V words, sampled-V a SampledSoftmax.
#include <CLI/CLI.hpp>
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "support/stopwatch.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

constexpr std::size_t batch = 256, context = 4;
constexpr std::int64_t input_words = 10'000, features = 64;

// The word of rank r has the probability 1 / (r ln V).
int word(const RandomStream& random, std::uint64_t i, std::int64_t words) {
  return static_cast<int>(std::pow(static_cast<double>(words), random.uniform(i))) - 1;
}

Sequential model_of(const AnyLayer& output) {
  Sequential model{Embedding(input_words, features, {.input_length = context}), Flatten(),
                   Dense(features, {.activation = "relu"})};
  model.add(output);
  model.compile("adam", "sparse_categorical_crossentropy");
  return model;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Training steps by the size of the output"};
  int threads = 1;
  double seconds = 3.0;
  bool on_request = false;
  std::vector<std::string> names;
  app.add_option("names", names, "Models; else all");
  app.add_option("--threads", threads);
  app.add_option("--seconds", seconds);
  app.add_flag("--on-request", on_request);
  CLI11_PARSE(app, argc, argv);
  set_num_threads(threads);
  set_random_seed(1);

  const benchmarks::Stopwatch stopwatch(seconds, on_request);
  const std::vector<std::pair<std::string, std::int64_t>> sizes = {
      {"10k", 10'000}, {"100k", 100'000}, {"1M", 1'000'000}};
  for (const auto& [size, words] : sizes) {
    std::vector<std::pair<xt::xtensor<int, 2>, xt::xtensor<int, 1>>> batches;
    std::uint64_t drawn = 0;
    const RandomStream random(1);
    for (int i = 0; i < 16; ++i) {
      auto& [x, y] = batches.emplace_back(xt::zeros<int>({batch, context}), xt::zeros<int>({batch}));
      for (int& id : x) id = word(random, drawn++, input_words);
      for (int& id : y) id = word(random, drawn++, words);
    }
    const auto time = [&, words = words](const std::string& name, const AnyLayer& output) {
      if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) return;
      Sequential model = model_of(output);
      std::size_t step = 0;
      stopwatch.time(name, [&] {
        const auto& [x, y] = batches[step++ % batches.size()];
        model.train_on_batch(x, y);
      });
    };
    time("softmax-" + size, Dense(words, {.activation = "softmax"}));
    time("sampled-" + size, SampledSoftmax(words));
  }
}
