// The workloads that docs/performance.md compares with other libraries; prints one line of JSON per workload.
//
//   workloads [--threads N] [--seconds S] [NAME...]        e.g. workloads W2 W3-1M; W3 means all of W3-...
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "support/stopwatch.hpp"

using namespace xeras;
using namespace xeras::layers;
using benchmarks::Stopwatch;

namespace {

using IdMatrix = xt::xtensor<int, 2>;

IdMatrix random_ids(std::size_t batch, std::size_t time, int vocabulary, std::uint64_t seed) {
  const RandomStream random(seed);
  IdMatrix ids = xt::zeros<int>({batch, time});
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ids.flat(i) = static_cast<int>(random.below(i, static_cast<std::uint64_t>(vocabulary)));
  }
  return ids;
}

// The ids of a batch of texts with `shortest` to `longest` ids each, padded with zeros at the end.
struct Texts {
  int vocabulary;
  std::size_t time, shortest, longest;
  std::size_t batch = 32;
  bool natural = false;  // natural word frequencies: the word of rank r in proportion to 1 / r

  IdMatrix ids(std::uint64_t seed) const {
    IdMatrix ids = random_ids(batch, time, vocabulary - 1, seed) + 1;
    const RandomStream random(seed + 1000);
    for (std::size_t i = 0; natural && i < ids.size(); ++i) {
      ids.flat(i) = static_cast<int>(std::pow(static_cast<double>(vocabulary), random.uniform(batch + i)));
    }
    for (std::size_t b = 0; b < batch; ++b) {
      for (std::size_t t = shortest + random.below(b, longest - shortest + 1); t < time; ++t) ids(b, t) = 0;
    }
    return ids;
  }
};

Texts full_texts(int vocabulary, std::size_t time) { return {vocabulary, time, time, time}; }

Texts natural_texts(int vocabulary, std::size_t time) { return {vocabulary, time, time, time, 32, true}; }

// Times training steps over 16 batches in turn.
void train(const Stopwatch& stopwatch, const std::string& name, Sequential model, const std::string& optimizer,
           const Texts& texts) {
  model.compile(optimizer, losses::BinaryCrossentropy({.from_logits = true}));
  std::vector<IdMatrix> batches;
  for (std::uint64_t i = 0; i < 16; ++i) batches.push_back(texts.ids(i));
  xt::xtensor<float, 1> y = xt::zeros<float>({texts.batch});
  for (std::size_t i = 0; i < texts.batch; i += 2) y(i) = 1.0f;
  std::size_t step = 0;
  stopwatch.time(name, [&] { model.train_on_batch(batches[step++ % batches.size()], y); });
}

// Times the prediction of all texts at once.
void predict(const Stopwatch& stopwatch, const std::string& name, const Sequential& model, const IdMatrix& ids,
             int inner) {
  Tensor result;
  const PredictOptions options{.batch_size = ids.shape(0)};
  stopwatch.time(
      name, [&] { model.predict(ids, result, options); }, inner);
}

Sequential lstm_model(int vocabulary, bool mask_zero = false) {
  return Sequential{Embedding(vocabulary, 128, {.mask_zero = mask_zero}), LSTM(128), Dense(1)};
}

Sequential mean_model(int vocabulary) {
  return Sequential{Embedding(vocabulary, 50), GlobalAveragePooling1D(), Dense(1)};
}

Sequential convolution_model() {
  return Sequential{Embedding(5000, 50, {.input_length = 400}), Conv1D(250, 3, {.activation = "relu"}),
                    GlobalMaxPooling1D(), Dense(250, {.activation = "relu"}), Dense(1)};
}

Sequential bidirectional_model() { return Sequential{Embedding(20'000, 64), Bidirectional(LSTM(64)), Dense(1)}; }

struct Workload {
  std::string name;
  std::function<void(const Stopwatch&, const std::string& name)> run;
};

std::vector<Workload> all_workloads() {
  using Name = const std::string&;
  std::vector<Workload> all;
  all.push_back({"W1", [](const Stopwatch& stopwatch, Name name) {
                   predict(stopwatch, name, Sequential{Embedding(1000, 64, {.input_length = 10})},
                           random_ids(32, 10, 1000, 1), 50);
                 }});
  all.push_back({"W2", [](const Stopwatch& stopwatch, Name name) {
                   train(stopwatch, name, lstm_model(20'000), "rmsprop", full_texts(20'000, 80));
                 }});
  all.push_back({"W2r", [](const Stopwatch& stopwatch, Name name) {
                   train(stopwatch, name, lstm_model(20'000, true), "rmsprop", {20'000, 80, 10, 80});
                 }});
  all.push_back({"W2g", [](const Stopwatch& stopwatch, Name name) {
                   train(stopwatch, name, Sequential{Embedding(20'000, 128), GRU(128), Dense(1)}, "rmsprop",
                         full_texts(20'000, 80));
                 }});
  const std::pair<const char*, int> vocabularies[] = {{"20k", 20'000}, {"200k", 200'000}, {"1M", 1'000'000}};
  for (const auto& [kind, optimizer] : {std::pair{"W3-", "rmsprop"}, {"W3a-", "adam"}}) {
    for (const auto& [words, vocabulary] : vocabularies) {
      all.push_back({std::string(kind) + words, [=](const Stopwatch& stopwatch, Name name) {
                       train(stopwatch, name, mean_model(vocabulary), optimizer, full_texts(vocabulary, 400));
                     }});
    }
  }
  all.push_back({"W4", [](const Stopwatch& stopwatch, Name name) {
                   train(stopwatch, name, convolution_model(), "adam", full_texts(5000, 400));
                 }});
  all.push_back({"W5-lstm", [](const Stopwatch& stopwatch, Name name) {
                   predict(stopwatch, name, lstm_model(20'000), random_ids(1, 80, 20'000, 1), 10);
                 }});
  all.push_back({"W5-conv", [](const Stopwatch& stopwatch, Name name) {
                   predict(stopwatch, name, convolution_model(), random_ids(1, 400, 5000, 1), 10);
                 }});
  for (const std::size_t batch : {1, 32, 256}) {
    const int inner = batch == 1 ? 10 : 1;
    const std::string texts = std::to_string(batch);
    all.push_back({"predict-lstm-" + texts, [=](const Stopwatch& stopwatch, Name name) {
                     predict(stopwatch, name, lstm_model(20'000), random_ids(batch, 80, 20'000, 1), inner);
                   }});
    all.push_back({"predict-conv-" + texts, [=](const Stopwatch& stopwatch, Name name) {
                     predict(stopwatch, name, convolution_model(), random_ids(batch, 400, 5000, 1), inner);
                   }});
    all.push_back({"predict-bilstm-" + texts, [=](const Stopwatch& stopwatch, Name name) {
                     predict(stopwatch, name, bidirectional_model(), random_ids(batch, 50, 20'000, 1), inner);
                   }});
  }
  all.push_back({"natural-lstm", [](const Stopwatch& stopwatch, Name name) {
                   train(stopwatch, name, lstm_model(20'000), "rmsprop", natural_texts(20'000, 80));
                 }});
  all.push_back({"natural-conv", [](const Stopwatch& stopwatch, Name name) {
                   train(stopwatch, name, convolution_model(), "adam", natural_texts(5000, 400));
                 }});
  // Variants of W2, each with one change.
  for (const auto& [words, vocabulary] : vocabularies) {
    all.push_back({std::string("vocabulary-") + words, [=](const Stopwatch& stopwatch, Name name) {
                     train(stopwatch, name, lstm_model(vocabulary), "rmsprop", full_texts(vocabulary, 80));
                   }});
  }
  for (const std::size_t percent : {0, 25, 50, 75, 90}) {
    all.push_back({"padding-" + std::to_string(percent), [=](const Stopwatch& stopwatch, Name name) {
                     const std::size_t length = 80 * (100 - percent) / 100;
                     train(stopwatch, name, lstm_model(20'000, true), "rmsprop", {20'000, 80, length, length});
                   }});
  }
  for (const std::size_t batch : {1, 4, 16, 32, 64, 128, 256, 512}) {
    all.push_back({"batch-" + std::to_string(batch), [=](const Stopwatch& stopwatch, Name name) {
                     train(stopwatch, name, lstm_model(20'000), "rmsprop", {20'000, 80, 80, 80, batch});
                   }});
  }
  // W3a-1M with each optimizer.
  for (const std::string optimizer : {"SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "Adamax", "Nadam",
                                      "Ftrl", "Lion", "Lamb", "Adafactor", "Muon", "ScheduleFreeAdamW"}) {
    all.push_back({"optimizer-" + optimizer, [=](const Stopwatch& stopwatch, Name name) {
                     train(stopwatch, name, mean_model(1'000'000), optimizer, full_texts(1'000'000, 400));
                   }});
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> wanted;
  double seconds = 3.0;
  int threads = num_threads();
  bool on_request = false;
  CLI::App app("Times the work of docs/performance.md and prints one line of JSON for each workload.");
  app.add_option("names", wanted, "Workloads, or what stands before the hyphen of several; all where there is none");
  app.add_option("--threads", threads, "Threads of a call")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--seconds", seconds, "How long to measure each")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_flag("--on-request", on_request, "Measure once for each line of standard input, until it ends");
  CLI11_PARSE(app, argc, argv);

  set_num_threads(threads);
  set_random_seed(1);
  const std::vector<Workload> all = all_workloads();
  const auto matches = [](const std::string& name, const std::string& one) {
    return name == one || name.rfind(one + "-", 0) == 0;
  };
  for (const std::string& one : wanted) {
    if (std::none_of(all.begin(), all.end(), [&](const Workload& workload) { return matches(workload.name, one); })) {
      std::cerr << "workloads: there is no workload \"" << one << "\"; expected one of:";
      for (const Workload& workload : all) std::cerr << ' ' << workload.name;
      std::cerr << '\n';
      return 2;
    }
  }
  const Stopwatch stopwatch(seconds, on_request);
  for (const Workload& workload : all) {
    const auto is_this = [&](const std::string& one) { return matches(workload.name, one); };
    if (wanted.empty() || std::any_of(wanted.begin(), wanted.end(), is_this)) workload.run(stopwatch, workload.name);
  }
}
