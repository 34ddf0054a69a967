// Strings a second from a server's loops: threads that share a model and predict one text after the other.
// serve.py runs it beside fastText and Keras.
//
//   serve MODEL.keras FILE [--threads 1] [--batch 1] [--seconds 3]
//
// FILE has labelled lines, label<TAB>text or __label__x text. Prints one line of JSON.
#include <CLI/CLI.hpp>
#include <xeras/xeras.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

int main(int argc, char** argv) {
  CLI::App app{"Strings a second from loops that share a model"};
  std::string path, file;
  int threads = 1;
  std::size_t batch = 1;
  double seconds = 3.0;
  app.add_option("model", path)->required();
  app.add_option("file", file)->required();
  app.add_option("--threads", threads);
  app.add_option("--batch", batch);
  app.add_option("--seconds", seconds);
  CLI11_PARSE(app, argc, argv);

  std::vector<std::string> texts;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) texts.push_back(line.substr(line.find_first_of("\t ") + 1));
  xeras::set_num_threads(1);  // each loop predicts in its own thread
  const xeras::Sequential model = xeras::load_model(path);
  std::atomic<std::size_t> predicted = 0;
  std::atomic<bool> ends = false;
  const auto loop = [&](std::size_t first) {
    std::vector<std::string_view> request(batch);
    xeras::Tensor p;
    for (std::size_t i = first; !ends; predicted += batch) {
      for (std::string_view& text : request) text = texts[i++ % texts.size()];
      model.predict(request, p);
    }
  };
  std::vector<std::thread> loops;
  for (int i = 0; i < threads; ++i) loops.emplace_back(loop, texts.size() * static_cast<std::size_t>(i) / 8);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const std::size_t before = predicted;
  const auto start = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  const std::size_t count = predicted - before;
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ends = true;
  for (std::thread& thread : loops) thread.join();
  std::printf(R"({"library": "xeras", "threads": %d, "batch": %zu, "strings_a_second": %.0f})"
              "\n",
              threads, batch, static_cast<double>(count) / took);
}
