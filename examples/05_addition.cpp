// Learns to add from examples alone, character by character: "535+61" in, "596" out. One LSTM reads the question, its
// last output is repeated for each character of the answer, and a second LSTM writes the answer. This is Keras's
// classic sequence-to-sequence example with the same numbers: reversed questions, 45,000 to train on, 5,000 to test on.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <stdexcept>

using namespace xeras;
using namespace xeras::layers;

namespace {

constexpr std::size_t digits = 3;
constexpr std::size_t samples = 50'000;
constexpr std::size_t question_length = 2 * digits + 1;
constexpr std::size_t answer_length = digits + 1;
constexpr std::string_view characters = " +0123456789";
constexpr std::size_t classes = characters.size();
constexpr double goal = 0.99;

struct Sum {
  std::string question;  // "535+61 ", padded with spaces
  std::string answer;    // "596 "
};

std::string padded(std::string text, std::size_t length) {
  text.resize(length, ' ');
  return text;
}

// Makes sums of numbers with 1 to 3 digits, each length equally likely. No question occurs twice, not even as b + a.
std::vector<Sum> make_sums(const RandomStream& random) {
  std::uint64_t draw = 0;
  const auto number = [&] {
    int value = 0;
    for (std::uint64_t left = 1 + random.below(draw++, digits); left > 0; --left) {
      value = 10 * value + static_cast<int>(random.below(draw++, 10));
    }
    return value;
  };
  std::vector<Sum> sums;
  std::set<std::pair<int, int>> seen;
  while (sums.size() < samples) {
    const int a = number(), b = number();
    if (!seen.insert(std::minmax(a, b)).second) continue;
    sums.push_back({padded(std::to_string(a) + '+' + std::to_string(b), question_length),
                    padded(std::to_string(a + b), answer_length)});
  }
  return sums;
}

// Returns (sums, length, classes): a 1 at the class of each character. In reversed questions, the digits to add first
// come last.
Tensor one_hot(const std::vector<Sum>& sums, std::string Sum::*field, std::size_t length, bool reversed) {
  xt::xtensor<int, 2> ids = xt::zeros<int>({sums.size(), length});
  for (std::size_t i = 0; i < sums.size(); ++i) {
    for (std::size_t t = 0; t < length; ++t) {
      ids(i, t) = static_cast<int>(characters.find((sums[i].*field)[reversed ? length - 1 - t : t]));
    }
  }
  return utils::to_categorical(ids, classes);
}

std::string decode(const Tensor& probabilities, std::size_t row) {
  std::string text;
  for (std::size_t t = 0; t < answer_length; ++t) {
    const float* first = &probabilities(row, t, 0);
    text += characters[static_cast<std::size_t>(std::max_element(first, first + classes) - first)];
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc > 2 || (argc == 2 && std::atoi(argv[1]) <= 0)) {
    std::cerr << "usage: " << argv[0] << " [EPOCHS]\n"
              << "Learns to add numbers of three digits; stops after EPOCHS (default 50), or when 99 % of all\n"
              << "characters of held-out answers are right.\n";
    return EXIT_FAILURE;
  }
  const int epochs = argc == 2 ? std::atoi(argv[1]) : 50;

  set_random_seed(1);
  const std::vector<Sum> sums = make_sums(RandomStream(1));
  const auto x = one_hot(sums, &Sum::question, question_length, true);
  const auto y = one_hot(sums, &Sum::answer, answer_length, false);

  // [model]
  Sequential model{LSTM(128, {.input_shape = {question_length, classes}}), RepeatVector(answer_length),
                   LSTM(128, {.return_sequences = true}), TimeDistributed(Dense(classes, {.activation = "softmax"}))};
  model.summary();
  model.compile("adam", "categorical_crossentropy", {"accuracy"});
  // [model]
  // After each epoch, shows the model's answers to some held-out questions; stops when the model is good enough.
  const auto show = [&](std::int64_t, const Scores& logs) {
    const std::vector<Sum> shown(sums.end() - 5, sums.end());
    const Tensor answers = model.predict(one_hot(shown, &Sum::question, question_length, true));
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::string answer = decode(answers, i);
      std::cout << "  " << shown[i].question << " = " << answer
                << (answer == shown[i].answer ? "" : " wrong: " + shown[i].answer) << '\n';
    }
    if (logs["val_accuracy"] >= goal) model.stop_training();
  };
  const History history = model.fit(x, y,
                                    {.batch_size = 32,
                                     .epochs = epochs,
                                     .callbacks = callbacks::LambdaCallback({.on_epoch_end = show}),
                                     .validation_split = 0.1});
  const double accuracy = history["val_accuracy"].back();
  std::cout << "validation accuracy " << accuracy << (accuracy >= goal ? "" : ", not there yet") << '\n';
  return accuracy >= goal ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return EXIT_FAILURE;
}
