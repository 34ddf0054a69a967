// Learns which of eight languages a word is from, by its spelling, from word lists with the Embedding layer and little
// else: every word is a bag of hashed letter groups, which become vectors, whose mean a softmax looks at.
#include <unistd.h>
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <numeric>

#include "support/text.hpp"
#include "support/word_lists.hpp"

using namespace xeras;
using namespace xeras::layers;
using namespace example;

namespace {

constexpr int vocabulary = 65'536;  // ids of letter groups; 0 is padding
constexpr std::size_t longest_group = 4;

// 1..65535, by the FNV-1a hash: no dictionary to build or to save, and a rare collision does little harm.
int id_of(std::string_view group) {
  std::uint32_t hash = 2166136261u;
  for (const char byte : group) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return 1 + static_cast<int>(hash % (vocabulary - 1));
}

// The ids of all groups of 1 to 4 neighbouring letters. The marks around the word make its beginning and its end,
// which tell most about a language, groups of their own.
std::vector<int> letter_groups(const std::string& word) {
  const std::string text = "<" + word + ">";
  std::vector<std::size_t> letters;  // where each one starts: they are one byte or two
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

// (words, groups of the longest word): what the Embedding takes.
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
  std::cout << "Words            to learn from  to test with\n";
  for (std::size_t i = 0; i < word_lists.size(); ++i) {
    const auto count = [i](const std::vector<int>& all) { return std::count(all.begin(), all.end(), static_cast<int>(i)); };
    std::cout << std::left << std::setw(16) << word_lists[i].language << std::right << std::setw(14)
              << count(train.languages) << std::setw(14) << count(test.languages) << '\n';
  }
  std::cout << '\n';
}

void print_confusion_table(const Tensor& probabilities, const std::vector<int>& languages) {
  const auto guesses = xt::eval(xt::argmax(probabilities, 1));
  xt::xtensor<int, 2> counts = xt::zeros<int>({word_lists.size(), word_lists.size()});
  for (std::size_t i = 0; i < languages.size(); ++i) ++counts(languages[i], guesses(i));

  std::cout << "\nWhat the held-out words are (rows) and were taken for (columns)\n" << std::setw(10) << "";
  for (const WordList& list : word_lists) std::cout << std::setw(11) << list.language;
  for (std::size_t row = 0; row < word_lists.size(); ++row) {
    std::cout << '\n' << std::left << std::setw(10) << word_lists[row].language << std::right;
    for (std::size_t column = 0; column < word_lists.size(); ++column) std::cout << std::setw(11) << counts(row, column);
  }
  std::cout << "\n\n";
}

// Schmetterling     German 98.2 %, Swedish 1.0 %, Dutch 0.5 %
void print_guess(const Sequential& model, const std::string& word, const std::u32string& characters) {
  const Tensor probabilities = model.predict(encode({to_utf8(lower_case(characters))}));
  std::vector<std::size_t> ranking(word_lists.size());
  std::iota(ranking.begin(), ranking.end(), 0);
  std::sort(ranking.begin(), ranking.end(), [&](auto a, auto b) { return probabilities(0, a) > probabilities(0, b); });

  // setw counts bytes, not characters.
  std::cout << word << std::string(18 - std::min<std::size_t>(characters.size(), 17), ' ');
  for (std::size_t i = 0; i < 3; ++i) {
    std::cout << (i > 0 ? ", " : "") << word_lists[ranking[i]].language << ' ' << std::fixed << std::setprecision(1)
              << 100.0 * probabilities(0, ranking[i]) << " %";
  }
  std::cout << std::endl;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && (words[0] == "--help" || words[0] == "-h")) {
    std::cout << "usage: " << argv[0] << " [WORD...]\n"
              << "Learns from the word lists in /usr/share/dict what words of eight languages look like, tests itself, and\n"
              << "guesses the language of each WORD, or without any, of the words on standard input.\n";
    return EXIT_SUCCESS;
  }
  for (const std::string& word : words) {
    if (!from_utf8(word)) throw std::runtime_error("the word \"" + word + "\" is not valid UTF-8; expected a UTF-8 terminal");
  }

  // [train]
  const auto [train, test] = load_words({.words_per_language = 20'000, .held_out = 0.1, .seed = 1});
  print_word_counts(train, test);

  set_random_seed(1);
  Sequential model{Embedding(vocabulary, 16, {.mask_zero = true}),
                   GlobalAveragePooling1D(),
                   Dense(8, {.activation = "softmax"})};
  model.summary();

  model.compile(optimizers::Adam({.learning_rate = 0.005}), "sparse_categorical_crossentropy", {"accuracy"});
  model.fit(encode(train.words), xt::adapt(train.languages), {.batch_size = 64, .epochs = 2});

  const auto x_test = encode(test.words);
  const auto scores = model.evaluate(x_test, xt::adapt(test.languages), {.verbose = 0});
  std::cout << "\nHeld-out accuracy " << scores["accuracy"] << '\n';
  // [train]
  print_confusion_table(model.predict(x_test), test.languages);

  for (const std::string& word : words) print_guess(model, word, *from_utf8(word));
  if (!words.empty()) return EXIT_SUCCESS;

  if (isatty(STDIN_FILENO)) std::cout << "Words, please; Ctrl-D ends.\n";
  for (std::string word; std::cin >> word;) {
    if (const auto characters = from_utf8(word)) print_guess(model, word, *characters);
    else std::cerr << "not valid UTF-8: " << word << '\n';
  }
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return EXIT_FAILURE;
}
