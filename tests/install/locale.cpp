// A program whose locales write 0,5 and 1.000: what the library writes and reads must not depend on them.
#include <xeras/xeras.hpp>

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <locale>
#include <sstream>
#include <string>

using namespace xeras;
using namespace xeras::layers;

namespace {

// So that no locale of the system is needed.
class German : public std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

int failures = 0;

void check(bool is_right, const std::string& what) {
  if (is_right) return;
  std::cerr << "locale: " << what << '\n';
  ++failures;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

int main() {
  std::setlocale(LC_ALL, "de_DE.UTF-8");  // where it exists
  std::locale::global(std::locale(std::locale::classic(), new German));
  std::ostringstream proof;
  proof << 1000.5;
  check(proof.str() == "1.000,5", "the program's own streams write " + proof.str() + " for 1000.5");

  Sequential model{Embedding(3000, 4, {.input_length = 2}), Flatten(), Dropout(0.25), Dense(1)};
  model.compile(optimizers::RMSprop({.learning_rate = 0.125}), "mse");
  const std::string json = model.to_json();
  check(has(json, "\"rate\":0.25") && has(json, "\"input_dim\":3000"), "to_json writes " + json);
  check(model_from_json(json).to_json() == json, "model_from_json reads another model");

  std::ostringstream summary;
  model.summary(summary);
  check(has(summary.str(), "12,009"), "summary writes " + summary.str());

  try {
    Dropout(1.5);
    check(false, "Dropout(1.5) raises nothing");
  } catch (const Error& error) {
    check(has(error.what(), "1.5"), error.what());
  }
  try {
    Embedding(3000, -1000);
    check(false, "Embedding(3000, -1000) raises nothing");
  } catch (const Error& error) {
    check(has(error.what(), "-1000"), error.what());
  }

  const auto file = std::filesystem::temp_directory_path() / "xeras_locale_test.keras";
  model.fit({{1, 2}}, {0.5}, {.verbose = 0});
  model.save(file.string());
  const Sequential same = load_model(file.string());
  check(same.to_json() == json && same.predict({{1, 2}}) == model.predict({{1, 2}}), "load_model reads another model");
  std::filesystem::remove(file);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
