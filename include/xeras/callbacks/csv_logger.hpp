#pragma once

#include <string>
#include <vector>

#include "xeras/callbacks/callback.hpp"

namespace xeras::callbacks {

struct CSVLoggerOptions {
  std::string separator = ",";  ///< one character
  bool append = false;          ///< false replaces an existing file
};

/// Writes the logs of each epoch as a row of a CSV file, which is complete after each epoch. The columns are the epoch,
/// from 0, and the names of the first epoch in alphabetical order; if that did not validate, also those names with
/// "val_". A missing score is NA.
///
///   model.fit(x, y, {.epochs = 10, .callbacks = callbacks::CSVLogger("training.csv")});
///
/// Throws  InvalidArgument for an empty filename, and a separator of other than one character; FileError for a file
///         that cannot be written
/// Source  keras.callbacks.CSVLogger
class XERAS_API CSVLogger final : public Callback {
 public:
  explicit CSVLogger(std::string filename, CSVLoggerOptions options = {});

  void on_train_begin() override;
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override;

 private:
  void write(const std::string& text, bool append) const;

  std::string filename_;
  CSVLoggerOptions options_;
  std::vector<std::string> columns_;  // without the epoch; empty before the first epoch
  bool writes_header_ = true;
};

}  // namespace xeras::callbacks
