#pragma once

#include <optional>

#include "xeras/core/fields.hpp"
#include "xeras/data/dataset.hpp"

namespace xeras::data {

struct TextLinesOptions {
  Count batch_size = 32;
  Count shuffle_buffer = 0;                 ///< lines to draw from; 0 keeps the order of the file
  std::optional<std::uint64_t> seed = {};   ///< of the shuffling; default: the next of the process-wide sequence
  std::vector<std::string> labels = {};     ///< the label at position i has number i; default: as they come
  bool has_labels = true;                   ///< false: a line is a text
  bool drop_remainder = false;              ///< leaves out a last batch that is smaller
  Count max_line_bytes = 16 * 1024 * 1024;  ///< a longer line is an error
};

/// The lines of a text file, label<TAB>text, in batches: x is a vector of texts, y the numbers of their labels. The
/// file is read as a stream: memory holds a batch and the shuffle buffer, whatever the size of the file.
///
///   data::TextLines lines("train.tsv", {.batch_size = 64, .shuffle_buffer = 10000, .seed = 1});
///   model.fit(data::map(lines, encode), {.epochs = 3, .workers = 2});
///
/// Without `.labels`, a label gets the next number when a pass first meets it, in the order of the file; give those of
/// the training file, lines.labels(), to the files of validation and test. The shuffle buffer draws each next line from
/// that many lines, by the seed and the number of the epoch. A carriage return at the end of a line and a byte order
/// mark are left out.
///
/// Throws  InvalidArgument for options, FileError for a file that cannot be read, InvalidInput for a line without a
///         tab, with an unknown label or a NUL, or longer than max_line_bytes; the message names file and line
/// Source  tf.data.TextLineDataset, tf.data.Dataset.shuffle
class XERAS_API TextLines final : public Dataset {
 public:
  explicit TextLines(std::string path, TextLinesOptions options = {});
  TextLines(TextLines&&) noexcept;
  TextLines& operator=(TextLines&&) noexcept;
  ~TextLines() override;

  std::int64_t num_batches() const override { return unknown; }
  /// Throws InvalidArgument unless index is 0 or the next one.
  Batch get_batch(std::int64_t index) override;
  void set_epoch(std::int64_t epoch) override;
  bool in_order() const override { return true; }

  /// Returns the labels by number: the given ones, or those met so far.
  const std::vector<std::string>& labels() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace xeras::data
