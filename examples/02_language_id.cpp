// Learns which of eight languages a word is from by its spelling, from word lists, with little more than an Embedding
// layer: each word is a bag of hashed letter groups, whose vectors are averaged and classified by a softmax.
#include <unistd.h>
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "support/text.hpp"
#include "support/word_lists.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

constexpr int vocabulary = 65'536;  // ids of letter groups; 0 is padding
constexpr std::size_t longest_group = 4;

// Returns an id in 1..65535, the FNV-1a hash: there is no dictionary to build or to save, and a rare collision does
// little harm.
int id_of(std::string_view group) {
  std::uint32_t hash = 2166136261u;
  for (const char byte : group) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return 1 + static_cast<int>(hash % (vocabulary - 1));
}

// Returns the ids of all groups of 1 to 4 adjacent letters. Marks around the word turn its beginning and its end, which
// tell most about a language, into separate groups.
std::vector<int> letter_groups(const std::string& word) {
  const std::string text = "<" + word + ">";
  std::vector<std::size_t> letters;  // the start of each letter; a letter is one or two bytes
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xC0) != 0x80) letters.push_back(i);
  }
  letters.push_back(text.size());

  std::vector<int> ids;
  for (std::size_t length = 1; length <= longest_group; ++length) {
    for (std::size_t i = 0; i + length < letters.size(); ++i) {
      ids.push_back(id_of(std::string_view(text).substr(letters[i], letters[i + length] - letters[i])));
    }
  }
  return ids;
}

// Returns the input of the Embedding: (words, groups of the longest word).
xt::xtensor<int, 2> encode(const std::vector<std::string>& words) {
  std::vector<std::vector<int>> rows;
  std::size_t longest = 0;
  for (const std::string& word : words) {
    rows.push_back(letter_groups(word));
    longest = std::max(longest, rows.back().size());
  }
  xt::xtensor<int, 2> ids = xt::zeros<int>({rows.size(), longest});
  for (std::size_t i = 0; i < rows.size(); ++i) std::copy(rows[i].begin(), rows[i].end(), &ids(i, 0));
  return ids;
}

void print_word_counts(const LabelledWords& train, const LabelledWords& test) {
  std::cout << "Words       to learn from  to test with\n";
  for (std::size_t language = 0; language < word_lists.size(); ++language) {
    const auto count = [language](const LabelledWords& part) {
      return std::count(part.languages.begin(), part.languages.end(), static_cast<int>(language));
    };
    std::cout << std::left << std::setw(12) << word_lists[language].name << std::right << std::setw(13) << count(train)
              << std::setw(14) << count(test) << '\n';
  }
  std::cout << '\n';
}

// Prints a line such as: fjäril            Swedish 100.0 %, Spanish 0.0 %, English 0.0 %
void print_guess(const Sequential& model, const std::string& word) {
  const std::optional<std::u32string> letters = from_utf8(word);
  if (!letters) {
    std::cerr << '"' << word << "\" is not UTF-8 text\n";
    return;
  }
  const Tensor probabilities = model.predict(encode({to_utf8(lower_case(*letters))}));

  std::vector<std::size_t> ranking(word_lists.size());
  std::iota(ranking.begin(), ranking.end(), 0);
  std::sort(ranking.begin(), ranking.end(), [&](auto a, auto b) { return probabilities(0, a) > probabilities(0, b); });

  // std::setw would count bytes, not letters.
  std::cout << word << std::string(18 - std::min<std::size_t>(letters->size(), 17), ' ') << std::setprecision(1);
  for (std::size_t i = 0; i < 3; ++i) {
    std::cout << (i > 0 ? ", " : "") << word_lists[ranking[i]].name << ' ' << 100.0 * probabilities(0, ranking[i])
              << " %";
  }
  std::cout << std::endl;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && (words[0] == "--help" || words[0] == "-h")) {
    std::cout << "usage: " << argv[0] << " [WORD...]\n"
              << "Learns from the word lists in /usr/share/dict what words of eight languages look like, tests\n"
              << "itself, and guesses the language of each WORD; without any, of the words on standard input.\n";
    return EXIT_SUCCESS;
  }
  for (const std::string& word : words) {
    if (!from_utf8(word)) throw std::runtime_error("\"" + word + "\" is not UTF-8 text; expected a word in UTF-8");
  }

  // [train]
  const auto [train, test] = load_words({.per_language = 20'000, .held_out = 0.1, .seed = 1});
  print_word_counts(train, test);

  set_random_seed(1);
  Sequential model{Embedding(vocabulary, 16, {.mask_zero = true}), GlobalAveragePooling1D(),
                   Dense(8, {.activation = "softmax"})};
  model.summary();

  model.compile(optimizers::Adam({.learning_rate = 0.005}), "sparse_categorical_crossentropy", {"accuracy"});
  model.fit(encode(train.words), xt::adapt(train.languages), {.batch_size = 64, .epochs = 2});

  const xt::xtensor<int, 2> x_test = encode(test.words);
  const Scores scores = model.evaluate(x_test, xt::adapt(test.languages), {.verbose = 0});
  std::cout << "\nHeld-out accuracy " << std::fixed << std::setprecision(4) << scores["accuracy"] << '\n';
  // [train]
  metrics::F1Score f1;
  f1.update_state(utils::to_categorical(xt::adapt(test.languages)), model.predict(x_test));
  for (std::size_t i = 0; i < word_lists.size(); ++i) {
    std::cout << std::left << std::setw(18) << word_lists[i].name << "F1 " << f1.results()(i) << '\n';
  }
  std::cout << '\n';

  for (const std::string& word : words) print_guess(model, word);
  if (!words.empty()) return EXIT_SUCCESS;
  if (isatty(STDIN_FILENO)) std::cout << "Type words; Ctrl-D ends.\n";
  for (std::string word; std::cin >> word;) print_guess(model, word);
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return EXIT_FAILURE;
}
