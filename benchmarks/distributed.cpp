// Steps of training that processes share; process 0 prints one line of JSON per workload.
//
//   mpirun -np 4 distributed [--threads 1] [--steps 200] [--weak] [lstm] [rows] [dense] [texts]
//
// lstm   Embedding(20,000, 128) - LSTM(128) - Dense(1); 32 texts of 80 words; Adam
// rows   Embedding(1,000,000, 64) - mean - Dense(1); 64 texts of 50 words; Adam
// dense  five Dense(1024); 128 rows; SGD
// texts  a dataset of texts, of which a function makes ids; Embedding(20,000, 16) - mean - Dense(1); 256 texts of 40
//        words; Adam
//
// With --weak, each process has a batch of this size; without, all of them share it. `bytes` is what one process gives
// to the others in a step, `rows` how many rows of the table a batch has, `dense` the number of other parameters.
#include <xeras/distribution.hpp>
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

using namespace xeras;
using namespace xeras::layers;

namespace {

struct Arguments {
  std::int64_t steps = 200;
  int threads = 1;
  bool weak = false;
  std::vector<std::string> names = {"lstm", "rows", "dense", "texts"};
};

struct Workload {
  Sequential model;
  std::function<void(Sequential&, const FitOptions&)> fit;  // one epoch
  std::int64_t batch, steps;
  double rows_per_batch;
};

// Trains on arrays, whose order stays.
std::function<void(Sequential&, const FitOptions&)> fit_arrays(Input x, Input y, std::int64_t batch) {
  return [x = std::move(x), y = std::move(y), batch](Sequential& model, const FitOptions& options) {
    FitOptions in_order = options;
    in_order.batch_size = batch;
    in_order.shuffle = false;
    model.fit(x, y, in_order);
  };
}

Workload text_workload(std::int64_t words, std::int64_t width, std::int64_t time, AnyLayer reader, std::int64_t batch,
                       std::int64_t steps) {
  const RandomStream random(1);
  const auto samples = static_cast<std::size_t>(batch * steps);
  xt::xtensor<int, 2> x = xt::zeros<int>({samples, static_cast<std::size_t>(time)});
  for (std::size_t i = 0; i < x.size(); ++i) {
    x.flat(i) = static_cast<int>(random.below(i, static_cast<std::uint64_t>(words)));
  }
  xt::xtensor<float, 1> y = xt::zeros<float>({samples});
  for (std::size_t i = 0; i < samples; ++i) y(i) = static_cast<float>(i % 2);
  double rows = 0.0;
  for (std::int64_t step = 0; step < steps; ++step) {
    const auto first = x.begin() + step * batch * time;
    rows += static_cast<double>(std::unordered_set<int>(first, first + batch * time).size());
  }
  Sequential model;
  model.add(Embedding(words, width, {.input_length = time}));
  model.add(std::move(reader));
  model.add(Dense(1));
  model.compile("adam", losses::BinaryCrossentropy({.from_logits = true}));
  return {std::move(model), fit_arrays(std::move(x), std::move(y), batch), batch, steps,
          rows / static_cast<double>(steps)};
}

Workload dense_workload(std::int64_t batch, std::int64_t steps) {
  const RandomStream random(1);
  const auto samples = static_cast<std::size_t>(batch * steps);
  xt::xtensor<float, 2> x = xt::zeros<float>({samples, std::size_t{1024}});
  for (std::size_t i = 0; i < x.size(); ++i) x.flat(i) = static_cast<float>(random.uniform(i));
  Sequential model;
  model.add(Dense(1024, {.activation = "relu", .input_shape = {1024}}));
  for (int i = 0; i < 4; ++i) model.add(Dense(1024, {.activation = "relu"}));
  model.add(Dense(1));
  model.compile("sgd", "mse");
  xt::xtensor<float, 1> y = xt::zeros<float>({samples});
  return {std::move(model), fit_arrays(std::move(x), std::move(y), batch), batch, steps, 0.0};
}

Workload texts_workload(std::int64_t batch, std::int64_t steps) {
  constexpr std::int64_t vocabulary = 20'000, words = 40;
  const RandomStream random(1);
  std::vector<std::string> lines, names;
  std::uint64_t drawn = 0;
  double rows = 0.0;
  for (std::int64_t step = 0; step < steps; ++step) {
    std::unordered_set<std::uint64_t> distinct;
    for (std::int64_t row = 0; row < batch; ++row) {
      std::string& line = lines.emplace_back();
      for (std::int64_t word = 0; word < words; ++word) {
        const std::uint64_t number = random.below(drawn++, vocabulary - 2);
        distinct.insert(number);
        line += "Word" + std::to_string(number) + ", ";
      }
    }
    rows += static_cast<double>(distinct.size());
  }
  for (std::int64_t i = 0; i < vocabulary - 2; ++i) names.push_back("word" + std::to_string(i));
  const TextVectorization vectorize({.output_sequence_length = words, .vocabulary = names});
  Sequential model;
  model.add(Embedding(vocabulary, 16, {.mask_zero = true}));
  model.add(GlobalAveragePooling1D());
  model.add(Dense(1));
  model.build({None, words});
  model.compile("adam", losses::BinaryCrossentropy({.from_logits = true}));
  const auto fit = [lines, vectorize, batch](Sequential& trained, const FitOptions& options) {
    auto next = [&lines, batch, at = lines.begin()]() mutable -> std::optional<data::Batch> {
      if (at == lines.end()) return {};
      const auto first = std::exchange(at, at + batch);
      return data::Batch{std::vector<std::string>(first, at), std::vector<float>(static_cast<std::size_t>(batch))};
    };
    const auto ids = [&](data::Batch read) -> data::Batch { return {vectorize(read.x), read.y}; };
    trained.fit(data::map(data::from_generator(next), ids), options);
  };
  return {std::move(model), fit, batch, steps, rows / static_cast<double>(steps)};
}

Workload workload(const std::string& name, std::int64_t factor, std::int64_t steps) {
  if (name == "lstm") return text_workload(20'000, 128, 80, LSTM(128), 32 * factor, steps);
  if (name == "rows") return text_workload(1'000'000, 64, 50, GlobalAveragePooling1D(), 64 * factor, steps);
  if (name == "texts") return texts_workload(256 * factor, steps);
  return dense_workload(128 * factor, std::min<std::int64_t>(steps, 50));
}

void measure(const std::string& name, const Arguments& arguments) {
  using Clock = std::chrono::steady_clock;
  const int processes = distribution::num_processes();
  Workload work = workload(name, arguments.weak ? processes : 1, arguments.steps);
  const auto steps = static_cast<double>(work.steps);
  std::vector<double> ms;
  std::uint64_t bytes = 0;
  for (int pass = 0; pass < 6; ++pass) {
    // A fit begins by giving all weights to all processes, which is no part of a step.
    Clock::time_point start;
    callbacks::LambdaCallback marks(
        {.on_epoch_begin =
             [&](std::int64_t) {
               start = Clock::now();
               bytes = distribution::bytes_sent();
             },
         .on_epoch_end =
             [&](std::int64_t, const Scores&) {
               ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count() / steps);
               bytes = distribution::bytes_sent() - bytes;
             }});
    work.fit(work.model, {.epochs = 1, .verbose = 0, .callbacks = marks});
  }
  if (distribution::process_id() != 0) return;
  std::int64_t dense = work.model.count_params();
  if (work.rows_per_batch > 0) dense -= static_cast<std::int64_t>(work.model.layers()[0]->count_params());
  std::sort(ms.begin(), ms.end());
  std::printf(R"({"workload": "%s", "processes": %d, "threads": %d, "batch": %lld, "ms": %.3f, "ms_min": %.3f, )"
              R"("bytes": %.0f, "rows": %.0f, "dense": %lld})"
              "\n",
              name.c_str(), processes, arguments.threads, static_cast<long long>(work.batch), ms[ms.size() / 2],
              ms.front(), static_cast<double>(bytes) / steps, work.rows_per_batch, static_cast<long long>(dense));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  distribution::initialize(&argc, &argv);
  Arguments arguments;
  CLI::App app("Steps of training that processes share");
  app.add_option("--threads", arguments.threads, "threads of each process");
  app.add_option("--steps", arguments.steps, "steps in an epoch; the median of six epochs is printed");
  app.add_flag("--weak", arguments.weak, "each process has a whole batch");
  app.add_option("names", arguments.names, "lstm, rows, dense, texts")
      ->check(CLI::IsMember({"lstm", "rows", "dense", "texts"}));
  CLI11_PARSE(app, argc, argv);
  set_num_threads(arguments.threads);
  distribution::set_distribution(distribution::DataParallel());
  for (const std::string& name : arguments.names) measure(name, arguments);
}
