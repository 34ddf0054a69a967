// Files that Keras 2 has written: golden/make_keras2_files.py makes them and says which release.
#include "catch.hpp"
#include "support/messages.hpp"
#include "support/model_file.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using xeras::testing::model_file;

namespace {

// Keras itself puts no state of its older optimizers into .keras files: then no training is compared.
void check_file(const std::string& file, const std::string& record, bool has_state = true) {
  INFO(file);
  Sequential model = load_model(model_file("keras2/" + file));
  xeras::testing::check_model(model, "keras2/" + record + ".json", has_state);
}

}  // namespace

TEST_CASE("Files of Keras 2 give Keras's outputs, and training goes on with its losses") {
  const std::string name = GENERATE("lstm", "gru_of_2_0", "bidirectional", "convolution", "nested");
  check_file(name + ".h5", name);
  check_file(name + ".keras", name, name == "lstm");
}

TEST_CASE("Files with the legacy optimizers of tf.keras go on with its losses where their rules are those of today") {
  const std::string name = GENERATE("rule_adagrad", "rule_adadelta", "rule_adamax", "rule_ftrl");
  check_file(name + ".h5", name);
}

TEST_CASE("A file with the legacy Nadam is refused, and loads without it") {
  const std::string path = model_file("keras2/rule_nadam.h5");
  CHECK(message_of<FileError>([&] { load_model(path); }) ==
        path + R"(: training_config.optimizer: {"class_name": "Nadam", "config": {"name": "Nadam", "learning_rate": )"
               "0.009999...; expected one since tf.keras 2.11, whose momentum grows faster. With .compile = false the "
               "model loads without it.");
  Sequential model = load_model(path, {.compile = false});
  xeras::testing::check_model(model, "keras2/rule_nadam.json", false);
}

TEST_CASE("Files of tf.keras 2.12, which names the groups of weights otherwise, load as well") {
  check_file("lstm_2_12.keras", "lstm_2_12");
}

TEST_CASE("Files of Keras before tf.keras load as well") {
  check_file("standalone_2_1_gru.h5", "gru_of_2_0");
  check_file("standalone_2_2_lstm.h5", "lstm");
  CHECK(load_model(model_file("keras2/standalone_2_2_lstm.h5")).optimizer().iterations() == 3);
}

TEST_CASE("Files of Keras until 2.0.5, which trained weights in the order of their names, load with their state") {
  check_file("standalone_2_0_lstm.h5", "lstm");
}
