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
#include <filesystem>
#include <iostream>
#include <memory>
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
  std::string file, output, model = "bag", loss = "softmax", optimizer, validation;
  std::int64_t dim = 100, epochs = 5, word_ngrams = 1, min_n = 0, max_n = 0, buckets = 2'000'000, min_count = 1;
  std::int64_t length = 200, batch_size = 64, top = 1, seed = 1, memory = 2000;
  double learning_rate = 0.0, autotune = 0.0;
  int threads = 0;

  bool several_labels() const { return loss == "ova"; }
  /// The default follows the model: the plain steps of fastText suffice for a bag of words.
  bool uses_adam() const { return optimizer.empty() ? model != "bag" : optimizer == "adam"; }
  double rate() const { return learning_rate > 0.0 ? learning_rate : uses_adam() ? 0.003 : 0.2; }
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

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

  /// Learns the words of a file and adds its labels. Returns the number of lines.
  std::int64_t adapt(const Arguments& arguments, Labels& labels) {
    data::TextLines lines(arguments.file, {.batch_size = 4096, .has_labels = false});
    std::int64_t number = 1;
    ngrams.adapt(data::map(lines, [&](const data::Batch& batch) -> data::Batch {
      const LabelledLines parsed = parse_lines(batch, arguments.file, arguments.several_labels(), number);
      number += batch.x.length();
      for (const auto& of_line : parsed.labels) {
        for (const std::string_view label : of_line) labels.add(label);
      }
      return {parsed.texts};
    }));
    const std::int64_t count = number - 1;
    if (arguments.model == "bag" && (arguments.word_ngrams > 1 || arguments.max_n > 0)) return count;
    TextVectorizationOptions options{.standardize = "none", .vocabulary = ngrams.get_vocabulary()};
    if (arguments.model != "bag") options.output_sequence_length = arguments.length;
    words.emplace(std::move(options));
    return count;
  }
  std::int64_t num_ids() const { return words ? words->vocabulary_size() : ngrams.num_ids(); }
  text::Array<int> operator()(const Input& texts) const { return words ? (*words)(texts) : ngrams(texts); }
};
// [vectorize]

// [models]
/// Ids become vectors, a layer makes one vector of them, a Dense looks at that.
Sequential make_model(const Arguments& arguments, std::int64_t ids, std::size_t labels) {
  Sequential model;
  const double start = 1.0 / static_cast<double>(arguments.dim);
  // A convolution sees its neighbours, padding too, and takes no mask.
  model.add(Embedding(
      ids, arguments.dim,
      {.embeddings_initializer = initializers::RandomUniform(-start, start), .mask_zero = arguments.model != "cnn"}));
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
  model.add(Dense(labels, {.activation = arguments.several_labels() ? "sigmoid" : "softmax"}));
  return model;
}
// [models]

/// The texts of a training file as ids.
struct Texts {
  std::unique_ptr<data::Dataset> batches;
  bool kept;  // in memory
  std::int64_t lines;
  std::size_t labels;
  std::int64_t ids;
};

/// Returns texts in memory, 4 bytes for each id.
Texts kept_texts(const Arguments& arguments, const Vectorizer& vectorize, const Labels& labels) {
  auto texts = std::make_unique<NumberedTexts>(arguments.batch_size, labels.size(), arguments.several_labels(),
                                               static_cast<std::uint64_t>(arguments.seed));
  each_lines(arguments.file, arguments.several_labels(),
             [&](const LabelledLines& lines) { texts->add(vectorize(lines.texts), numbers_of(lines, labels)); });
  const std::int64_t lines = texts->size();
  return {std::move(texts), true, lines, labels.size(), vectorize.num_ids()};
}

// [stream]
/// Returns texts that are read and numbered again in each epoch, in an order that is mixed among 100,000 lines.
Texts streamed_texts(const Arguments& arguments, const Vectorizer& vectorize, const Labels& labels,
                     std::int64_t lines) {
  data::TextLines file(arguments.file, {.batch_size = arguments.batch_size,
                                        .shuffle_buffer = 100'000,
                                        .seed = static_cast<std::uint64_t>(arguments.seed),
                                        .has_labels = false});
  const auto numbered = [&](const data::Batch& batch) -> data::Batch {
    const LabelledLines parsed = parse_lines(batch, arguments.file, arguments.several_labels());
    const std::vector<std::vector<int>> numbers = numbers_of(parsed, labels);
    return {vectorize(parsed.texts), targets_of(numbers.size(), labels.size(), arguments.several_labels(),
                                                [&](std::size_t i) { return std::span(numbers[i]); })};
  };
  return {std::make_unique<data::Mapped>(data::map(std::move(file), numbered)), false, lines, labels.size(),
          vectorize.num_ids()};
}
// [stream]

/// Trains a model on ids; returns it.
Sequential fit(const Arguments& arguments, const Texts& texts) {
  set_random_seed(static_cast<std::uint64_t>(arguments.seed));
  Sequential model = make_model(arguments, texts.ids, texts.labels);
  // As in fastText, the rate of SGD is that of a single text; a step uses the mean over its batch.
  const double rate = arguments.rate() * (arguments.uses_adam() ? 1.0 : static_cast<double>(arguments.batch_size));
  const std::int64_t steps_an_epoch = (texts.lines + arguments.batch_size - 1) / arguments.batch_size;
  const schedules::PolynomialDecay falling({.initial_learning_rate = rate,
                                            .decay_steps = std::max<std::int64_t>(1, arguments.epochs * steps_an_epoch),
                                            .end_learning_rate = rate / 100.0});
  OptimizerArgument optimizer = optimizers::SGD({.learning_rate = falling});
  if (arguments.uses_adam()) optimizer = optimizers::Adam({.learning_rate = falling});
  model.compile(optimizer, arguments.several_labels() ? "binary_crossentropy" : "sparse_categorical_crossentropy");
  // The steps of a bag are too short to share: many threads read texts, one trains.
  const int threads = num_threads();
  if (arguments.model == "bag") set_num_threads(1);
  model.fit(*texts.batches, {.epochs = arguments.epochs, .verbose = 0, .workers = texts.kept ? 1 : threads});
  set_num_threads(threads);
  return model;
}

/// Returns the share of lines whose most probable label is one of theirs.
double accuracy_of(const Sequential& model, const Labels& labels, const std::string& file) {
  std::int64_t right = 0, all = 0;
  each_lines(file, true, [&](const LabelledLines& lines) {
    const std::vector<std::vector<int>> expected = numbers_of(lines, labels);
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

/// Tries optimizers, rates and numbers of epochs while time remains; returns those that are best on the validation
/// file.
Arguments tuned(const Arguments& given, const Vectorizer& vectorize, const Texts& texts, const Labels& labels) {
  const auto start = Clock::now();
  Arguments best = given;
  double best_accuracy = -1.0, seconds_an_epoch = 0.0;
  const std::vector<std::pair<const char*, double>> rules =
      given.model == "bag"
          ? std::vector<std::pair<const char*, double>>{{"sgd", 0.2}, {"adam", 0.003}, {"adam", 0.01}, {"sgd", 0.5}}
          : std::vector<std::pair<const char*, double>>{{"adam", 0.003}, {"adam", 0.001}};
  for (const std::int64_t epochs : {1, 2, 3, 5, 8, 12, 20, 30, 50}) {
    for (const auto& [optimizer, rate] : rules) {
      Arguments trial = given;
      trial.epochs = epochs;
      trial.optimizer = optimizer;
      trial.learning_rate = rate;
      const double expected = seconds_an_epoch * static_cast<double>(epochs);
      if (best_accuracy >= 0.0 && seconds_since(start) + expected > given.autotune) return best;
      const auto began = Clock::now();
      const double accuracy = accuracy_of(joined(vectorize, fit(trial, texts)), labels, given.validation);
      seconds_an_epoch = std::max(seconds_an_epoch, seconds_since(began) / static_cast<double>(epochs));
      std::cout << "tried --epochs " << epochs << " --optimizer " << optimizer << " --lr " << rate << ": accuracy "
                << accuracy << std::endl;
      if (accuracy > best_accuracy) best_accuracy = accuracy, best = trial;
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
  const std::int64_t lines = vectorize.adapt(arguments, labels);
  if (labels.size() < 2) {
    throw std::runtime_error(arguments.file + ": has fewer than two labels; expected two or more.");
  }
  constexpr std::int64_t mebibyte = 1 << 20;
  const bool fits =
      static_cast<std::int64_t>(std::filesystem::file_size(arguments.file)) <= arguments.memory * mebibyte;
  const Texts texts =
      fits ? kept_texts(arguments, vectorize, labels) : streamed_texts(arguments, vectorize, labels, lines);
  std::cout << texts.lines << " texts, " << labels.size() << " labels, " << texts.ids << " words and buckets; read in "
            << seconds_since(start) << " s" << (fits ? "" : ", and again in each epoch") << std::endl;
  if (arguments.autotune > 0.0) arguments = tuned(arguments, vectorize, texts, labels);
  const auto began = Clock::now();
  Sequential body = fit(arguments, texts);
  std::cout << "trained in " << seconds_since(began) << " s" << std::endl;
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
  option("--optimizer", a.optimizer, "sgd, the default of bag, or adam, that of the others")
      ->check(CLI::IsMember({"sgd", "adam"}));
  option("--lr", a.learning_rate, "Learning rate, which falls to a hundredth; 0: 0.2 with sgd, 0.003 with adam")
      ->check(CLI::NonNegativeNumber);
  option("--word-ngrams", a.word_ngrams, "Join up to so many words")->check(CLI::Range(1, 16));
  option("--min-n", a.min_n, "Shortest n-grams of characters")->check(CLI::NonNegativeNumber);
  option("--max-n", a.max_n, "Longest n-grams of characters; 0: none")->check(CLI::NonNegativeNumber);
  option("--buckets", a.buckets, "Number of vectors that n-grams share")->check(CLI::PositiveNumber);
  option("--min-count", a.min_count, "Leave out words that occur less often")->check(CLI::PositiveNumber);
  option("--length", a.length, "Words of a text that cnn, lstm and gru read")->check(CLI::PositiveNumber);
  option("--batch-size", a.batch_size, "Texts of a training step")->check(CLI::PositiveNumber);
  option("--memory", a.memory, "Files of more MiB are read again in each epoch")->check(CLI::NonNegativeNumber);
  option("--seed", a.seed, "For the same numbers again, with any number of threads");
  option("--autotune", a.autotune, "Seconds to look for the best --epochs, --optimizer and --lr")
      ->check(CLI::NonNegativeNumber);
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
