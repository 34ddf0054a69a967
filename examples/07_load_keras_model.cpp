// Runs a model that Keras trained, any .keras or .h5 file, on a file of ids or texts with one sample per line.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <unordered_map>

using namespace xeras;

namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " cannot be read; expected a file of one sample a line");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<int> ids_in(const std::string& line) {
  std::istringstream stream(line);
  std::vector<int> ids;
  for (int id = 0; stream >> id;) ids.push_back(id);
  if (!stream.eof()) throw std::runtime_error("\"" + line + "\" has something that is no id; give --words for texts");
  return ids;
}

// Maps words to ids: the id of a word is the number of its line, from 1; 0 is padding. Unknown words become `unknown`
// or are omitted.
class Words {
 public:
  Words(const std::string& path, int unknown) : unknown_(unknown) {
    for (const std::string& word : lines_of(path)) ids_.emplace(word, static_cast<int>(ids_.size()) + 1);
  }
  std::vector<int> ids(const std::string& line) const {
    std::vector<int> ids;
    for (const std::string& word : text::text_to_word_sequence(line)) {
      const auto found = ids_.find(word);
      const int id = found != ids_.end() ? found->second : unknown_;
      if (id > 0) ids.push_back(id);
    }
    return ids;
  }

 private:
  std::unordered_map<std::string, int> ids_;
  int unknown_;
};

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) try {
  std::string model_file, sample_file, words_file, padding = "pre";
  std::optional<std::int64_t> length;
  int unknown = 0;
  CLI::App app("Predicts with a model from a file of Keras: .keras, or .h5 of Keras 2 and 3.");
  app.add_option("model", model_file, "The model: an Embedding comes first")->required();
  app.add_option("samples", sample_file, "One sample a line: ids, or with --words a text")->required();
  app.add_option("--words", words_file, "One word a line; the number of the line is the id");
  app.add_option("--unknown", unknown, "The id of words that are not there; default: they are left out");
  app.add_option("--length", length, "Of every sample; default: what the model says, or the longest one");
  app.add_option("--padding", padding, "Where short samples are filled")
      ->capture_default_str()
      ->check(CLI::IsMember({"pre", "post"}));
  CLI11_PARSE(app, argc, argv);

  auto start = std::chrono::steady_clock::now();
  // [load]
  const Sequential model = load_model(model_file);
  // [load]
  const double loading = milliseconds_since(start);
  model.summary();

  const std::vector<std::string> lines = lines_of(sample_file);
  std::vector<std::vector<int>> sequences;
  if (words_file.empty()) {
    std::transform(lines.begin(), lines.end(), std::back_inserter(sequences), ids_in);
  } else {
    const Words words(words_file, unknown);
    for (const std::string& line : lines) sequences.push_back(words.ids(line));
  }
  const Dim fixed = model.input_shape()[1];
  if (!length && fixed.known()) length = fixed.size();
  const auto x = text::pad_sequences(sequences, {.maxlen = length, .padding = padding});

  start = std::chrono::steady_clock::now();
  const Tensor y = model.predict(x);
  const double predicting = milliseconds_since(start);

  const std::size_t columns = lines.empty() ? 0 : y.size() / lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t c = 0; c < columns; ++c) std::cout << (c > 0 ? " " : "") << y.data()[i * columns + c];
    std::cout << '\n';
  }
  std::cerr << std::fixed << std::setprecision(1) << "loaded in " << loading << " ms, predicted " << lines.size()
            << " samples in " << predicting << " ms\n";
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return EXIT_FAILURE;
}
