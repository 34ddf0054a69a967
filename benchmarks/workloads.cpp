// The work that docs/performance.md compares with other libraries: one JSON line for each workload.
//
//   workloads [--seconds S] [NAME...]        e.g. workloads W2 W3
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

using namespace xeras;
using namespace xeras::layers;

namespace {

std::set<std::string> wanted;
double seconds = 3.0;

bool is_wanted(const std::string& name) { return wanted.empty() || wanted.count(name.substr(0, name.find(' '))) > 0; }

// Runs step over and over and prints the median of its times; `inner` steps are timed at once.
template <class F>
void time_steps(const std::string& name, F step, int inner = 1) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  const auto warm = Clock::now();
  do step();
  while (since(warm) < std::min(0.5, seconds));
  std::vector<double> times;
  const auto start = Clock::now();
  while (times.size() < 7 || since(start) < seconds) {
    const auto one = Clock::now();
    for (int i = 0; i < inner; ++i) step();
    times.push_back(since(one) / inner * 1e3);
  }
  std::sort(times.begin(), times.end());
  std::printf(R"({"workload": "%s", "library": "xeras", "ms": %.5f, "ms_min": %.5f, "ms_p90": %.5f, "n": %zu})"
              "\n",
              name.c_str(), times[times.size() / 2], times.front(), times[times.size() * 9 / 10], times.size());
  std::fflush(stdout);
}

using IdMatrix = xt::xtensor<int, 2>;

IdMatrix random_ids(std::size_t batch, std::size_t time, int vocabulary, std::uint64_t seed) {
  const RandomStream random(seed);
  IdMatrix ids = xt::zeros<int>({batch, time});
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ids.flat(i) = static_cast<int>(random.below(i, static_cast<std::uint64_t>(vocabulary)));
  }
  return ids;
}

// Zeros behind a random length of 10 to `time` in each row.
IdMatrix padded_ids(std::size_t batch, std::size_t time, int vocabulary, std::uint64_t seed) {
  IdMatrix ids = random_ids(batch, time, vocabulary - 1, seed) + 1;
  const RandomStream random(seed + 1000);
  for (std::size_t b = 0; b < batch; ++b) {
    for (std::size_t t = 10 + random.below(b, time - 9); t < time; ++t) ids(b, t) = 0;
  }
  return ids;
}

// Steps of training over 16 batches in turn, of 32 texts each.
void train(const std::string& name, Sequential model, const std::string& optimizer, std::size_t time, int vocabulary,
           bool padded = false) {
  model.compile(optimizer, losses::BinaryCrossentropy({.from_logits = true}));
  std::vector<IdMatrix> batches;
  for (std::uint64_t i = 0; i < 16; ++i) {
    batches.push_back(padded ? padded_ids(32, time, vocabulary, i) : random_ids(32, time, vocabulary, i));
  }
  xt::xtensor<float, 1> y = xt::zeros<float>({32});
  for (std::size_t i = 0; i < 32; i += 2) y(i) = 1.0f;
  std::size_t step = 0;
  time_steps(name, [&] { model.train_on_batch(batches[step++ % batches.size()], y); });
}

Sequential lstm_model(bool mask_zero = false) {
  return Sequential{Embedding(20'000, 128, {.mask_zero = mask_zero}), LSTM(128), Dense(1)};
}

Sequential conv_model() {
  return Sequential{Embedding(5000, 50, {.input_length = 400}), Conv1D(250, 3, {.activation = "relu"}),
                    GlobalMaxPooling1D(), Dense(250, {.activation = "relu"}), Dense(1)};
}

void predict_one(const std::string& name, const Sequential& model, std::size_t time, int vocabulary) {
  const IdMatrix ids = random_ids(1, time, vocabulary, 1);
  Tensor result;
  time_steps(
      name, [&] { model.predict(ids, result); }, 10);
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--seconds" && i + 1 < argc) {
      seconds = std::atof(argv[++i]);
    } else {
      wanted.insert(argument);
    }
  }
  set_random_seed(1);
  if (is_wanted("W1")) {
    const Sequential model{Embedding(1000, 64, {.input_length = 10})};
    const IdMatrix ids = random_ids(32, 10, 1000, 1);
    Tensor result;
    time_steps(
        "W1", [&] { model.predict(ids, result); }, 50);
  }
  if (is_wanted("W2")) train("W2", lstm_model(), "rmsprop", 80, 20'000);
  if (is_wanted("W2r")) train("W2r", lstm_model(true), "rmsprop", 80, 20'000, true);
  if (is_wanted("W2g")) train("W2g", Sequential{Embedding(20'000, 128), GRU(128), Dense(1)}, "rmsprop", 80, 20'000);
  for (const auto& [name, optimizer] : {std::pair{"W3", "rmsprop"}, {"W3a", "adam"}}) {
    for (const int vocabulary : {20'000, 200'000, 1'000'000}) {
      if (!is_wanted(name)) continue;
      train(name + (" " + std::to_string(vocabulary)),
            Sequential{Embedding(vocabulary, 50), GlobalAveragePooling1D(), Dense(1)}, optimizer, 400, vocabulary);
    }
  }
  if (is_wanted("W4")) train("W4", conv_model(), "adam", 400, 5000);
  if (is_wanted("W5")) {
    predict_one("W5 lstm", lstm_model(), 80, 20'000);
    predict_one("W5 conv", conv_model(), 400, 5000);
  }
}
