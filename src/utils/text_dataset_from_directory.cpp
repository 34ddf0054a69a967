#include "xeras/utils/text_dataset_from_directory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <system_error>

#include "core/shown.hpp"
#include "utils/numpy_shuffle.hpp"
#include "xeras/core/error.hpp"

namespace xeras::utils {
namespace {

namespace fs = std::filesystem;

constexpr const char* text_dataset_name = "text_dataset_from_directory";
constexpr std::size_t longest_path = 4096;

[[noreturn]] void refuse(const std::string& message) {
  throw InvalidArgument(fmt::format("{}: {}", text_dataset_name, message));
}

void check(const TextDirectoryOptions& options) {
  const std::string& labels = options.labels.text();
  if (!options.labels.list() && labels != "inferred" && labels != "none") {
    refuse(fmt::format(
        "labels is \"{}\"; expected \"inferred\", \"none\" or a list. \"inferred\" takes those of the folders.",
        shown(labels)));
  }
  constexpr const char* modes[] = {"int", "categorical", "binary", "none"};
  if (std::find(std::begin(modes), std::end(modes), options.label_mode) == std::end(modes)) {
    refuse(fmt::format("label_mode is \"{}\"; expected one of int, categorical, binary, none. \"int\" is usual.",
                       shown(options.label_mode)));
  }
  if (labels != "inferred" && !options.class_names.empty()) {
    refuse(fmt::format("class_names are given and labels is {}; expected one of them. Leave one out.",
                       options.labels.list() ? "a list" : "\"none\""));
  }
  if (options.batch_size <= 0) {
    refuse(
        fmt::format("batch_size is {}; expected a positive integer. 32 is usual.", std::int64_t{options.batch_size}));
  }
  if (options.max_length && *options.max_length <= 0) {
    refuse(fmt::format("max_length is {}; expected a positive number of bytes. Leave it out for whole texts.",
                       *options.max_length));
  }
  const double split = options.validation_split;
  if (!(split >= 0.0 && split < 1.0)) {
    refuse(fmt::format("validation_split is {}; expected a fraction in [0, 1). 0.2 holds a fifth out.", split));
  }
  if (!options.subset.empty() && options.subset != "training" && options.subset != "validation" &&
      options.subset != "both") {
    refuse(
        fmt::format("subset is \"{}\"; expected \"training\", \"validation\" or \"both\". Leave it out for all files.",
                    shown(options.subset)));
  }
  if ((split > 0.0) != !options.subset.empty()) {
    refuse(fmt::format("validation_split is {} and subset is \"{}\"; expected both or none. Set the other one, too.",
                       split, options.subset));
  }
  if (split > 0.0 && options.shuffle && !options.seed) {
    refuse(
        "validation_split and shuffle are set without a seed; expected one, so that the subsets do not overlap. Give "
        "both subsets the same seed.");
  }
  if (options.seed && *options.seed > 0xffffffffu) {
    refuse(fmt::format("seed is {}; expected less than 2^32, as in NumPy.", *options.seed));
  }
}

bool is_text(const std::string& name) {
  if (name.size() < 4) return false;
  std::string end = name.substr(name.size() - 4);
  for (char& c : end) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return end == ".txt";
}

// Returns the paths of the texts below a folder: folder by folder, sorted.
std::vector<std::string> texts_below(const fs::path& folder, bool follow_links) {
  auto options = fs::directory_options::skip_permission_denied;
  if (follow_links) options |= fs::directory_options::follow_directory_symlink;
  std::vector<std::pair<std::string, std::string>> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, options)) {
    std::string name = entry.path().filename().string();
    if (is_text(name) && !entry.is_directory()) {
      found.emplace_back(entry.path().parent_path().string(), std::move(name));
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> paths;
  for (const auto& [parent, name] : found) paths.push_back((fs::path(parent) / name).string());
  return paths;
}

std::vector<std::string> folders_in(const fs::path& directory) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
    std::string name = entry.path().filename().string();
    if (entry.is_directory() && !name.starts_with('.')) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string content_of(const std::string& path, const std::optional<std::int64_t>& max_length) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (max_length) {
    // One byte more tells whether a character ends there.
    const auto length = static_cast<std::size_t>(*max_length);
    text.resize(std::min(length + 1, static_cast<std::size_t>(fs::file_size(path))));
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    text.resize(whole_characters(text, length).size());
  } else if (file) {
    text.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (file.is_open() && !file.bad()) return text;
  throw FileError(fmt::format("{}: {}: {}; expected a file that can be read. Check its permissions.", text_dataset_name,
                              shown(path, longest_path), std::generic_category().message(errno)));
}

// Runs work on files; what the file system reports becomes a FileError.
template <class Work>
auto with_files(const std::string& path, const Work& work) {
  try {
    return work();
  } catch (const std::system_error& error) {
    throw FileError(fmt::format("{}: {}: {}; expected a folder that can be read. Check the path.", text_dataset_name,
                                shown(path, longest_path), error.code().message()));
  }
}

}  // namespace

TextDirectory::TextDirectory(const std::string& directory, TextDirectoryOptions options)
    : TextDirectory(std::move(options)) {
  check(options_);
  if (options_.subset == "both") {
    refuse("subset is \"both\"; expected one subset. Call text_datasets_from_directory, which returns two datasets.");
  }
  find(directory);
  split(directory);
  set_epoch(0);
}

std::pair<TextDirectory, TextDirectory> TextDirectory::both(const std::string& directory,
                                                            TextDirectoryOptions options) {
  check(options);
  if (options.subset != "both") {
    refuse(fmt::format("subset is \"{}\"; expected \"both\" for two datasets. Leave it out.", options.subset));
  }
  TextDirectory training(std::move(options));
  training.find(directory);
  TextDirectory validation = training;
  training.options_.subset = "training";
  validation.options_.subset = "validation";
  validation.options_.shuffle = false;
  training.split(directory);
  validation.split(directory);
  training.set_epoch(0);
  return {std::move(training), std::move(validation)};
}

void TextDirectory::find(const std::string& directory) {
  has_labels_ = options_.labels.text() != "none" && options_.label_mode != "none";
  if (options_.shuffle) seed_ = options_.seed ? *options_.seed : next_random_seed() % 1'000'000;
  with_files(directory, [&] { index(directory); });
  if (options_.verbose) {
    std::cout << fmt::format("Found {} files", file_paths_.size())
              << (has_labels_ ? fmt::format(" belonging to {} classes.\n", class_names_.size()) : ".\n");
  }
  if (has_labels_ && options_.label_mode == "binary" && class_names_.size() != 2) {
    refuse(fmt::format("label_mode is \"binary\" with the classes {}; expected two. Use \"int\" or \"categorical\".",
                       fmt::join(class_names_, ", ")));
  }
}

void TextDirectory::index(const std::string& directory) {
  const std::optional<std::vector<std::int32_t>>& given = options_.labels.list();
  if (!has_labels_ || given) {
    file_paths_ = texts_below(directory, options_.follow_links);
    if (has_labels_) {
      if (given->size() != file_paths_.size()) {
        refuse(
            fmt::format("labels has {} entries, and {} has {} text files; expected one for each. They belong to the "
                        "files folder by folder, sorted.",
                        given->size(), shown(directory, longest_path), file_paths_.size()));
      }
      labels_ = *given;
      const std::set<std::int32_t> different(labels_.begin(), labels_.end());
      for (const std::int32_t label : different) class_names_.push_back(std::to_string(label));
      // One-hot rows have one column for each class.
      const auto end = static_cast<std::int32_t>(different.size());
      if (options_.label_mode == "categorical" && (*different.begin() < 0 || *different.rbegin() >= end)) {
        refuse(
            fmt::format("label_mode is \"categorical\" with the labels {}; expected 0 to {}, one for each class. "
                        "Number them so, or use \"int\".",
                        fmt::join(class_names_, ", "), end - 1));
      }
    }
  } else {
    class_names_ = folders_in(directory);
    if (!options_.class_names.empty()) {
      for (const std::string& name : options_.class_names) {
        if (std::find(class_names_.begin(), class_names_.end(), name) == class_names_.end()) {
          refuse(unknown_name("class", name, class_names_));
        }
      }
      class_names_ = options_.class_names;
    }
    for (std::size_t label = 0; label < class_names_.size(); ++label) {
      for (std::string& path : texts_below(fs::path(directory) / class_names_[label], options_.follow_links)) {
        file_paths_.push_back(std::move(path));
        labels_.push_back(static_cast<std::int32_t>(label));
      }
    }
  }
  if (!options_.shuffle) return;
  numpy_shuffle(static_cast<std::uint32_t>(seed_), file_paths_);
  numpy_shuffle(static_cast<std::uint32_t>(seed_), labels_);
}

void TextDirectory::split(const std::string& directory) {
  if (options_.validation_split > 0.0) {
    const auto held_out =
        static_cast<std::ptrdiff_t>(options_.validation_split * static_cast<double>(file_paths_.size()));
    const auto keep = [&](auto& items) {
      if (items.empty()) return;
      if (options_.subset == "training")
        items.erase(items.end() - held_out, items.end());
      else
        items.erase(items.begin(), items.end() - held_out);
    };
    keep(file_paths_);
    keep(labels_);
    if (options_.verbose) {
      std::cout << fmt::format("Using {} files for {}.\n", file_paths_.size(), options_.subset);
    }
  }
  if (!file_paths_.empty()) return;
  throw FileError(
      fmt::format("{}: {}: no text files{}; expected at least one. Their names end in .txt{}.", text_dataset_name,
                  shown(directory, longest_path), options_.subset.empty() ? "" : " for " + options_.subset,
                  has_labels_ && !options_.labels.list() ? ", and they are in folders, one for each class" : ""));
}

std::int64_t TextDirectory::num_batches() const {
  const auto files = static_cast<std::int64_t>(file_paths_.size());
  return files / options_.batch_size + (files % options_.batch_size != 0 ? 1 : 0);
}

void TextDirectory::set_epoch(std::int64_t epoch) {
  if (options_.shuffle) {
    shuffled_order(file_paths_.size(), RandomStream(seed_, static_cast<std::uint64_t>(epoch)), order_);
  }
}

data::Batch TextDirectory::get_batch(std::int64_t index) {
  if (index < 0 || index >= num_batches()) {
    refuse(fmt::format("batch {} is asked for; expected 0 to {}.", index, num_batches() - 1));
  }
  const std::int64_t size = std::min<std::int64_t>(options_.batch_size, static_cast<std::int64_t>(file_paths_.size()));
  const std::int64_t end = std::min((index + 1) * size, static_cast<std::int64_t>(file_paths_.size()));
  std::vector<std::string> texts;
  std::vector<std::int32_t> labels;
  for (std::int64_t i = index * size; i < end; ++i) {
    const auto at = static_cast<std::size_t>(order_.empty() ? i : order_[static_cast<std::size_t>(i)]);
    const std::string& path = file_paths_[at];
    texts.push_back(with_files(path, [&] { return content_of(path, options_.max_length); }));
    if (has_labels_) labels.push_back(labels_[at]);
  }
  data::Batch batch{std::move(texts)};
  if (!has_labels_) return batch;
  if (options_.label_mode == "int") {
    batch.y = std::move(labels);
    return batch;
  }
  const bool binary = options_.label_mode == "binary";
  const std::size_t columns = binary ? 1 : class_names_.size();
  xt::xtensor<float, 2> y = xt::xtensor<float, 2>::from_shape({labels.size(), columns});
  std::fill(y.begin(), y.end(), 0.0f);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(labels[i]);
    if (binary)
      y(i, 0) = static_cast<float>(label);
    else
      y(i, label) = 1.0f;
  }
  batch.y = std::move(y);
  return batch;
}

std::pair<TextDirectory, TextDirectory> text_datasets_from_directory(const std::string& directory,
                                                                     TextDirectoryOptions options) {
  if (options.subset.empty()) options.subset = "both";
  return TextDirectory::both(directory, std::move(options));
}

TextDirectory text_dataset_from_directory(const std::string& directory, TextDirectoryOptions options) {
  return {directory, std::move(options)};
}

}  // namespace xeras::utils
