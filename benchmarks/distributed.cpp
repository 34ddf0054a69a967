// Steps of training that processes share; process 0 prints one line of JSON per workload.
//
//   mpirun -np 4 distributed [--threads 1] [--steps 200] [--weak] [lstm] [rows] [dense]
//
// lstm   Embedding(20,000, 128) - LSTM(128) - Dense(1); 32 texts of 80 words; Adam
// rows   Embedding(1,000,000, 64) - mean - Dense(1); 64 texts of 50 words; Adam
// dense  five Dense(1024); 128 rows; SGD
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
#include <string>
#include <unordered_set>
#include <vector>

using namespace xeras;
using namespace xeras::layers;

namespace {

struct Arguments {
  std::int64_t steps = 200;
  int threads = 1;
  bool weak = false;
  std::vector<std::string> names = {"lstm", "rows", "dense"};
};

struct Workload {
  Sequential model;
  Input x, y;
  std::int64_t batch;
  double rows_per_batch;
};

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
  return {std::move(model), std::move(x), std::move(y), batch, rows / static_cast<double>(steps)};
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
  return {std::move(model), std::move(x), xt::xtensor<float, 1>(xt::zeros<float>({samples})), batch, 0.0};
}

Workload workload(const std::string& name, std::int64_t factor, std::int64_t steps) {
  if (name == "lstm") return text_workload(20'000, 128, 80, LSTM(128), 32 * factor, steps);
  if (name == "rows") return text_workload(1'000'000, 64, 50, GlobalAveragePooling1D(), 64 * factor, steps);
  return dense_workload(128 * factor, std::min<std::int64_t>(steps, 50));
}

void measure(const std::string& name, const Arguments& arguments) {
  using Clock = std::chrono::steady_clock;
  const int processes = distribution::num_processes();
  Workload work = workload(name, arguments.weak ? processes : 1, arguments.steps);
  const FitOptions options{.batch_size = work.batch, .epochs = 1, .verbose = 0, .shuffle = false};
  const auto steps = static_cast<double>(work.x.length() / work.batch);
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
    FitOptions timed = options;
    timed.callbacks = marks;
    work.model.fit(work.x, work.y, timed);
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
  app.add_option("names", arguments.names, "lstm, rows, dense")->check(CLI::IsMember({"lstm", "rows", "dense"}));
  CLI11_PARSE(app, argc, argv);
  set_num_threads(arguments.threads);
  distribution::set_distribution(distribution::DataParallel());
  for (const std::string& name : arguments.names) measure(name, arguments);
}
