// A text classifier as a command: trains on a file of labelled lines, tests, and labels the lines of standard input. It
// is installed as xeras-classify.
//
//   04_text_classifier train FILE --output MODEL.keras [--model bag] [--word-ngrams 2] [--epochs 5] ...
//   04_text_classifier test MODEL.keras FILE
//   04_text_classifier predict MODEL.keras [--top 1] < LINES
//
// A line of a file is `label<TAB>text`, or fastText's `__label__x text`.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "support/labelled_lines.hpp"
#include "support/numbered_texts.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::string file, output, model = "bag", loss = "softmax", validation;
  std::int64_t dim = 100, epochs = 5, word_ngrams = 1, min_n = 0, max_n = 0, buckets = 2'000'000, min_count = 1;
  std::int64_t length = 200, batch_size = 256, top = 1, seed = 1;
  double learning_rate = 0.01, autotune = 0.0;
  int threads = 0;
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Calls f(lines) for batches of the lines of a file.
template <class F>
void each_batch(const std::string& path, const F& f) {
  data::TextLines lines(path, {.batch_size = 4096, .has_labels = false});
  data::for_each(lines, [&](const data::Batch& batch) { f(parse_lines(batch)); });
}

// [vectorize]
/// What turns texts into ids. Without n-grams, that is Keras's layer, so that Keras can read the model.
struct Vectorizer {
  NgramVectorization ngrams;
  std::optional<TextVectorization> words;

  explicit Vectorizer(const Arguments& arguments)
      : ngrams({.word_ngrams = arguments.word_ngrams,
                .min_n = arguments.min_n,
                .max_n = arguments.max_n,
                .buckets = arguments.buckets,
                .min_count = arguments.min_count}) {}

  /// Learns the words of a file and adds its labels.
  void adapt(const Arguments& arguments, Labels& labels) {
    data::TextLines lines(arguments.file, {.batch_size = 4096, .has_labels = false});
    ngrams.adapt(data::map(lines, [&](const data::Batch& batch) -> data::Batch {
      const LabelledLines parsed = parse_lines(batch);
      for (const auto& of_line : parsed.labels) {
        for (const std::string_view label : of_line) labels.add(label);
      }
      return {parsed.texts};
    }));
    if (arguments.model == "bag" && (arguments.word_ngrams > 1 || arguments.max_n > 0)) return;
    TextVectorizationOptions options{.standardize = "none", .vocabulary = ngrams.get_vocabulary()};
    if (arguments.model != "bag") options.output_sequence_length = arguments.length;
    words.emplace(std::move(options));
  }
  std::int64_t num_ids() const { return words ? words->vocabulary_size() : ngrams.num_ids(); }
  text::Array<int> operator()(const Input& texts) const { return words ? (*words)(texts) : ngrams(texts); }
};
// [vectorize]

// [models]
/// Ids become vectors, a layer makes one vector of them, a Dense looks at that.
Sequential make_model(const Arguments& arguments, std::int64_t ids, std::int64_t labels) {
  Sequential model;
  // A convolution sees its neighbours, padding too, and takes no mask.
  model.add(Embedding(ids, arguments.dim, {.mask_zero = arguments.model != "cnn"}));
  if (arguments.model == "bag") {
    model.add(GlobalAveragePooling1D());
  } else if (arguments.model == "cnn") {
    model.add(Conv1D(128, 3, {.padding = "same", .activation = "relu"}));
    model.add(GlobalMaxPooling1D());
  } else if (arguments.model == "lstm") {
    model.add(LSTM(64));
  } else {
    model.add(GRU(64));
  }
  model.add(Dense(labels, {.activation = arguments.loss == "ova" ? "sigmoid" : "softmax"}));
  return model;
}
// [models]

/// Trains a model on ids; returns it.
Sequential fit(const Arguments& arguments, NumberedTexts& texts, std::int64_t ids, std::int64_t labels) {
  set_random_seed(static_cast<std::uint64_t>(arguments.seed));
  Sequential model = make_model(arguments, ids, labels);
  const std::int64_t steps = std::max<std::int64_t>(1, arguments.epochs * texts.num_batches());
  const schedules::PolynomialDecay rate({.initial_learning_rate = arguments.learning_rate,
                                         .decay_steps = steps,
                                         .end_learning_rate = arguments.learning_rate / 100.0});
  model.compile(optimizers::Adam({.learning_rate = rate}),
                arguments.loss == "ova" ? "binary_crossentropy" : "sparse_categorical_crossentropy");
  model.fit(texts, {.epochs = arguments.epochs, .verbose = 0});
  return model;
}

/// Returns the numbers of the labels of each line. Throws for several labels unless the loss allows them.
std::vector<std::vector<int>> numbers_of(const LabelledLines& lines, const Labels& labels, bool several) {
  std::vector<std::vector<int>> numbers;
  for (const auto& of_line : lines.labels) {
    if (of_line.size() > 1 && !several) {
      throw std::runtime_error("a line has several labels; expected one. Train with --loss ova for several.");
    }
    std::vector<int>& row = numbers.emplace_back();
    for (const std::string_view label : of_line) row.push_back(labels.find(label));
  }
  return numbers;
}

/// Returns the share of lines whose most probable label is one of theirs.
double accuracy_of(const Sequential& model, const Labels& labels, const std::string& file) {
  std::int64_t right = 0, all = 0;
  each_batch(file, [&](const LabelledLines& lines) {
    const std::vector<std::vector<int>> expected = numbers_of(lines, labels, true);
    const Tensor p = model.predict(lines.texts, {.batch_size = 256});
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const float* const row = p.data() + i * labels.size();
      const auto best = static_cast<int>(std::max_element(row, row + labels.size()) - row);
      right += std::count(expected[i].begin(), expected[i].end(), best);
    }
    all += static_cast<std::int64_t>(expected.size());
  });
  if (all == 0) throw std::runtime_error(file + ": has no lines; expected lines with labels.");
  return static_cast<double>(right) / static_cast<double>(all);
}

Sequential joined(const Vectorizer& vectorize, Sequential body) {
  Sequential model;
  if (vectorize.words) {
    model.add(*vectorize.words);
  } else {
    model.add(vectorize.ngrams);
  }
  model.add(std::move(body));
  return model;
}

/// Tries learning rates and numbers of epochs while time remains; returns the best ones on the validation file.
Arguments tuned(Arguments arguments, const Vectorizer& vectorize, NumberedTexts& texts, const Labels& labels) {
  const auto start = Clock::now();
  Arguments best = arguments;
  double best_accuracy = -1.0, seconds_an_epoch = 0.0;
  for (const std::int64_t epochs : {1, 2, 3, 5, 8, 12, 20, 30, 50}) {
    for (const double rate : {0.01, 0.003, 0.03}) {
      if (best_accuracy >= 0.0 &&
          seconds_since(start) + seconds_an_epoch * static_cast<double>(epochs) > arguments.autotune) {
        return best;
      }
      arguments.epochs = epochs;
      arguments.learning_rate = rate;
      const auto trial = Clock::now();
      const Sequential model =
          joined(vectorize, fit(arguments, texts, vectorize.num_ids(), std::ssize(labels.names())));
      const double accuracy = accuracy_of(model, labels, arguments.validation);
      seconds_an_epoch = seconds_since(trial) / static_cast<double>(epochs);
      std::cout << "tried " << epochs << " epochs, learning rate " << rate << ": accuracy " << accuracy << std::endl;
      if (accuracy > best_accuracy) best_accuracy = accuracy, best = arguments;
    }
  }
  return best;
}

void train(Arguments arguments) {
  if (arguments.model != "bag" && (arguments.word_ngrams > 1 || arguments.max_n > 0)) {
    throw std::runtime_error("--model " + arguments.model +
                             " with n-grams; expected --model bag, since ids of n-grams have no order.");
  }
  if ((arguments.autotune > 0.0) != !arguments.validation.empty()) {
    throw std::runtime_error("--autotune and --validation belong together; expected both or none.");
  }
  const auto start = Clock::now();
  Labels labels;
  Vectorizer vectorize(arguments);
  vectorize.adapt(arguments, labels);
  if (labels.size() < 2)
    throw std::runtime_error(arguments.file + ": has fewer than two labels; expected two or more.");
  NumberedTexts texts(arguments.batch_size, std::ssize(labels.names()), arguments.loss == "ova",
                      static_cast<std::uint64_t>(arguments.seed));
  each_batch(arguments.file, [&](const LabelledLines& lines) {
    texts.add(vectorize(lines.texts), numbers_of(lines, labels, arguments.loss == "ova"));
  });
  std::cout << texts.size() << " texts, " << texts.words() << " words and n-grams, " << labels.size() << " labels, "
            << vectorize.num_ids() << " ids; read in " << seconds_since(start) << " s" << std::endl;
  if (arguments.autotune > 0.0) arguments = tuned(arguments, vectorize, texts, labels);
  const auto began = Clock::now();
  Sequential body = fit(arguments, texts, vectorize.num_ids(), std::ssize(labels.names()));
  const double seconds = seconds_since(began);
  std::cout << "trained in " << seconds << " s, "
            << static_cast<double>(texts.words()) * static_cast<double>(arguments.epochs) / seconds / 1e6
            << " million words a second" << std::endl;
  joined(vectorize, std::move(body))
      .save(arguments.output, {.include_optimizer = false, .metadata = {{"labels", to_value(labels.names())}}});
}

// [load]
Labels labels_of(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& [key, value] : load_metadata(path)) {
    if (key == "labels") from_value(value, names, "labels");
  }
  if (names.empty()) throw std::runtime_error(path + ": has no labels; expected a model of `train`.");
  return Labels(std::move(names));
}
// [load]

void test(const Arguments& arguments) {
  const Sequential model = load_model(arguments.output);
  std::printf("accuracy %.4f\n", accuracy_of(model, labels_of(arguments.output), arguments.file));
}

void predict(const Arguments& arguments) {
  const Sequential model = load_model(arguments.output);
  const Labels labels = labels_of(arguments.output);
  const auto top = static_cast<std::size_t>(std::min<std::int64_t>(arguments.top, std::ssize(labels.names())));
  std::vector<std::size_t> ranking(labels.size());
  for (std::string line; std::getline(std::cin, line);) {
    const Tensor p = model.predict({line});
    std::iota(ranking.begin(), ranking.end(), std::size_t{0});
    std::partial_sort(ranking.begin(), ranking.begin() + static_cast<std::ptrdiff_t>(top), ranking.end(),
                      [&](std::size_t a, std::size_t b) { return p.data()[a] > p.data()[b]; });
    for (std::size_t i = 0; i < top; ++i) {
      std::printf("%s\t%.6g\n", labels.names()[ranking[i]].c_str(), static_cast<double>(p.data()[ranking[i]]));
    }
    std::fflush(stdout);
  }
}

void add_commands(CLI::App& app, Arguments& a) {
  app.require_subcommand(1);
  CLI::App& train_command = *app.add_subcommand("train", "Trains a model on a file of labelled lines");
  train_command.add_option("file", a.file, "Lines of label<TAB>text, or of __label__x text, in UTF-8")->required();
  train_command.add_option("--output", a.output, "The file of the model, MODEL.keras")->required();
  const auto option = [&](const char* name, auto& value, const char* about) {
    return train_command.add_option(name, value, about)->capture_default_str();
  };
  option("--model", a.model, "What reads the words")->check(CLI::IsMember({"bag", "cnn", "lstm", "gru"}));
  option("--loss", a.loss, "softmax: one label for each line; ova: several, each with a probability of its own")
      ->check(CLI::IsMember({"softmax", "ova"}));
  option("--dim", a.dim, "Size of the vectors of words")->check(CLI::PositiveNumber);
  option("--epochs", a.epochs, "How often to go through the file")->check(CLI::PositiveNumber);
  option("--lr", a.learning_rate, "Learning rate, which falls to a hundredth")->check(CLI::PositiveNumber);
  option("--word-ngrams", a.word_ngrams, "Join up to so many words")->check(CLI::Range(1, 16));
  option("--min-n", a.min_n, "Shortest n-grams of characters")->check(CLI::NonNegativeNumber);
  option("--max-n", a.max_n, "Longest n-grams of characters; 0: none")->check(CLI::NonNegativeNumber);
  option("--buckets", a.buckets, "Number of vectors that n-grams share")->check(CLI::PositiveNumber);
  option("--min-count", a.min_count, "Leave out words that occur less often")->check(CLI::PositiveNumber);
  option("--length", a.length, "Words of a text that cnn, lstm and gru read")->check(CLI::PositiveNumber);
  option("--batch-size", a.batch_size, "Texts of a training step")->check(CLI::PositiveNumber);
  option("--seed", a.seed, "For the same numbers again, with any number of threads");
  option("--autotune", a.autotune, "Seconds to look for the best --epochs and --lr")->check(CLI::NonNegativeNumber);
  option("--validation", a.validation, "The file with which --autotune compares");
  CLI::App& test_command = *app.add_subcommand("test", "Prints the accuracy of a model on a file");
  test_command.add_option("model", a.output, "The file of the model")->required();
  test_command.add_option("file", a.file, "Labelled lines")->required();
  CLI::App& predict_command = *app.add_subcommand("predict", "Prints label<TAB>probability for each line of input");
  predict_command.add_option("model", a.output, "The file of the model")->required();
  predict_command.add_option("--top", a.top, "Labels for each line")->capture_default_str()->check(CLI::PositiveNumber);
  for (CLI::App* command : {&train_command, &test_command, &predict_command}) {
    command->add_option("--threads", a.threads, "0: all processors")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
  }
  train_command.callback([&a] { train(a); });
  test_command.callback([&a] { test(a); });
  predict_command.callback([&a] { predict(a); });
  app.parse_complete_callback([&a] {
    if (a.threads > 0) set_num_threads(a.threads);
  });
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("Classifies texts");
  Arguments arguments;
  add_commands(app, arguments);
  CLI11_PARSE(app, argc, argv);
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return EXIT_FAILURE;
}
