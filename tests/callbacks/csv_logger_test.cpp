// tests/io/callbacks_golden_test.cpp compares its files with Keras.
#include "xeras/callbacks/csv_logger.hpp"

#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using callbacks::CSVLogger;
using xeras::testing::TemporaryFolder;

TEST_CASE("CSVLogger writes a row after each epoch, and begins again or appends with the next fit") {
  const TemporaryFolder folder;
  const std::string path = folder / "log.csv";
  const auto lines = [&] {
    std::ifstream file(path);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  };
  Sequential model{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(optimizers::SGD(0.0), "mse", "mae");
  const auto fit = [&](const CSVLogger& log) {
    model.fit({{2.0}}, {0.0}, {.epochs = 2, .verbose = 0, .callbacks = log, .validation_data = {{{1.5}}, {0.0}}});
  };
  const std::string rest = ",4.0,2.0,2.25,1.5\r";
  const auto check = [&](std::size_t rows) {
    REQUIRE(lines().size() == 1 + rows);
    CHECK(lines()[0] == "epoch,loss,mae,val_loss,val_mae\r");
    for (std::size_t i = 0; i < rows; ++i) CHECK(lines()[1 + i] == std::to_string(i % 2) + rest);
  };
  fit(CSVLogger(path));
  check(2);
  fit(CSVLogger(path, {.append = true}));
  check(4);
  fit(CSVLogger(path));
  check(2);
}

TEST_CASE("CSVLogger refuses a separator and a file that cannot be") {
  const auto separator = [](std::string text) {
    return message_of<InvalidArgument>([&] { CSVLogger("a.csv", {.separator = text}); });
  };
  CHECK(
      separator("") ==
      "CSVLogger: separator is \"\"; expected one character other than a quote or the end of a line. \",\" is usual.");
  CHECK(separator("::").starts_with("CSVLogger: separator is \"::\";"));
  CHECK(separator("\n").starts_with("CSVLogger: separator is "));
  CHECK(separator(std::string(1, '\0')).starts_with("CSVLogger: separator is "));
  CHECK(message_of<InvalidArgument>([] { CSVLogger(""); }) ==
        "CSVLogger: filename is \"\"; expected the name of a file, such as training.csv.");
  Sequential model{layers::Dense(1, {.input_shape = Shape{1}})};
  model.compile("sgd", "mse");
  CHECK(message_of<FileError>([&] {
          model.fit({{1.0}}, {0.0}, {.verbose = 0, .callbacks = CSVLogger("/nowhere/a.csv")});
        }) == "CSVLogger: /nowhere/a.csv: No such file or directory; expected a file that can be written.");
}
