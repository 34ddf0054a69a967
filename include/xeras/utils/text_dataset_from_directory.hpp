#pragma once

#include <initializer_list>
#include <optional>
#include <utility>

#include "xeras/core/fields.hpp"
#include "xeras/data/dataset.hpp"

namespace xeras::utils {

/// The option `labels`: "inferred", "none", or a list of integers, one for each file.
class XERAS_API DirectoryLabels {
 public:
  DirectoryLabels(const char* text) : text_(text) {}
  DirectoryLabels(std::string text) : text_(std::move(text)) {}
  DirectoryLabels(std::vector<std::int32_t> list) : list_(std::move(list)) {}
  DirectoryLabels(std::initializer_list<std::int32_t> list) : list_(list) {}

  const std::optional<std::vector<std::int32_t>>& list() const { return list_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::optional<std::vector<std::int32_t>> list_;
};

struct TextDirectoryOptions {
  /// "inferred": from the folders. "none": no labels. A list, such as {0, 0, 1}: one for each file below the directory,
  /// folder by folder, sorted.
  DirectoryLabels labels = "inferred";
  std::string label_mode = "int";             ///< "int", "categorical", "binary" or "none"
  std::vector<std::string> class_names = {};  ///< the folders to use, in this order; default: all, sorted
  Count batch_size = 32;
  std::optional<std::int64_t> max_length = {};  ///< cuts texts to so many bytes, and not within a character
  bool shuffle = true;                          ///< false: sorted
  std::optional<std::uint64_t> seed = {};       ///< below 2^32; default: the next of the process-wide sequence
  double validation_split = 0.0;                ///< the share of the files for validation
  std::string subset = {};                      ///< "training", "validation" or "both", with validation_split
  bool follow_links = false;                    ///< into folders
  bool verbose = true;                          ///< prints how many files there are
};

/// The text files of a folder in batches. Made by text_dataset_from_directory.
class XERAS_API TextDirectory final : public data::Dataset {
 public:
  TextDirectory(const std::string& directory, TextDirectoryOptions options);
  /// Returns the subsets of text_datasets_from_directory.
  static std::pair<TextDirectory, TextDirectory> both(const std::string& directory, TextDirectoryOptions options);

  std::int64_t num_batches() const override;
  data::Batch get_batch(std::int64_t index) override;
  void set_epoch(std::int64_t epoch) override;
  bool may_shuffle() const override { return false; }

  const std::vector<std::string>& class_names() const { return class_names_; }
  /// The files and the numbers of their classes, in the order of the first epoch.
  const std::vector<std::string>& file_paths() const { return file_paths_; }
  const std::vector<std::int32_t>& labels() const { return labels_; }

 private:
  explicit TextDirectory(TextDirectoryOptions options) : options_(std::move(options)) {}
  // Finds all files and their labels.
  void find(const std::string& directory);
  void index(const std::string& directory);
  // Keeps the files of the subset.
  void split(const std::string& directory);

  TextDirectoryOptions options_;
  bool has_labels_ = true;
  std::uint64_t seed_ = 0;
  std::vector<std::string> class_names_;
  std::vector<std::string> file_paths_;
  std::vector<std::int32_t> labels_;
  std::vector<std::int64_t> order_;  // of the files in this epoch
};

/// Returns the .txt files in the folders of a directory, one for each class, as a dataset: x is a vector of texts, y
/// the numbers of their classes. A batch's files are read when it is made.
///
///   auto train = text_dataset_from_directory(
///       "aclImdb/train", {.seed = 1337, .validation_split = 0.2, .subset = "training"});
///
/// The files are those of Keras, in its order; with shuffle, split as in Keras for the same seed. label_mode "int"
/// gives integers (batch), "binary" floats (batch, 1), "categorical" one-hot rows. With a list of labels, the folders
/// do not matter; class_names() are then the different labels, sorted.
///
/// Throws  InvalidArgument for options, FileError for a folder or file that cannot be read
/// Source  keras.utils.text_dataset_from_directory
XERAS_API TextDirectory text_dataset_from_directory(const std::string& directory, TextDirectoryOptions options = {});

/// Returns the datasets for training and for validation, Keras's subset = "both". As there, only the first one is
/// shuffled in each epoch.
///
///   auto [train, held_out] = text_datasets_from_directory("aclImdb/train", {.seed = 1337, .validation_split = 0.2});
///
/// Throws  InvalidArgument for options, FileError for a folder or file that cannot be read or for an empty subset
/// Source  keras.utils.text_dataset_from_directory
XERAS_API std::pair<TextDirectory, TextDirectory> text_datasets_from_directory(const std::string& directory,
                                                                               TextDirectoryOptions options);

}  // namespace xeras::utils
