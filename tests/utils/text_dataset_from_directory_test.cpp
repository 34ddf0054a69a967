#include "xeras/utils/text_dataset_from_directory.hpp"

#include <fstream>

#include "catch.hpp"
#include "support/captured.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using data::texts_of;
using utils::text_dataset_from_directory;

namespace {

// Folders neg and pos, with files in folders of their own, and files that are no texts.
class Reviews {
 public:
  Reviews() {
    for (const char* name : {"pos/b.txt", "pos/a.txt", "neg/c.TXT", "neg/sub/z.txt", "neg/sub-2/y.txt", "neg/readme.md",
                             ".hidden/h.txt", "top.txt"}) {
      const std::filesystem::path path = folder_.path() / name;
      std::filesystem::create_directories(path.parent_path());
      std::ofstream(path) << "text of " << name;
    }
  }
  const std::string& path() const { return folder_.path().native(); }
  // The paths of files below the folder.
  std::vector<std::string> names(const utils::TextDirectory& dataset) const {
    std::vector<std::string> names;
    for (const std::string& file : dataset.file_paths()) names.push_back(file.substr(path().size() + 1));
    return names;
  }

 private:
  testing::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("Texts of folders come in Keras's order, with the numbers of the folders") {
  const Reviews reviews;
  auto dataset = text_dataset_from_directory(reviews.path(), {.batch_size = 3, .shuffle = false, .verbose = false});
  CHECK(dataset.class_names() == std::vector<std::string>{"neg", "pos"});
  CHECK(reviews.names(dataset) ==
        std::vector<std::string>{"neg/c.TXT", "neg/sub/z.txt", "neg/sub-2/y.txt", "pos/a.txt", "pos/b.txt"});
  CHECK(dataset.num_batches() == 2);
  const data::Batch last = dataset.get_batch(1);
  CHECK(texts_of(last) == std::vector<std::string>{"text of pos/a.txt", "text of pos/b.txt"});
  CHECK((last.y.to_tensor() == Tensor({1, 1})));
  CHECK(last.y.kind() == Input::Kind::i32);
}

TEST_CASE("label_mode gives integers, a column, one-hot rows or no labels") {
  const Reviews reviews;
  const auto batch = [&](utils::TextDirectoryOptions options) {
    options.shuffle = options.verbose = false;
    return text_dataset_from_directory(reviews.path(), options).get_batch(0);
  };
  CHECK((batch({.label_mode = "binary"}).y.to_tensor() == xt::xtensor<float, 2>{{0}, {0}, {0}, {1}, {1}}));
  CHECK((batch({.label_mode = "categorical", .class_names = {"pos", "neg"}}).y.to_tensor() ==
         xt::xtensor<float, 2>{{1, 0}, {1, 0}, {0, 1}, {0, 1}, {0, 1}}));
  CHECK_FALSE(batch({.label_mode = "none"}).y);
  CHECK(batch({.labels = "none"}).x.length() == 7);  // all folders, and the file at the top
  CHECK(texts_of(batch({.class_names = {"pos"}, .max_length = 4})) == std::vector<std::string>{"text", "text"});
}

TEST_CASE("max_length does not cut within a character") {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "a");
  std::ofstream(folder.path() / "a/x.txt") << "a\u00e9\u00e9";
  CHECK(texts_of(text_dataset_from_directory(folder.path(), {.max_length = 4, .verbose = false}).get_batch(0)) ==
        std::vector<std::string>{"a\u00e9"});
}

TEST_CASE("Files are split as in Keras, and printed") {
  const testing::TemporaryFolder folder;
  for (const char* name : {"a", "b"}) {
    std::filesystem::create_directory(folder.path() / name);
    for (int i = 0; i < 5; ++i) std::ofstream(folder.path() / name / (std::to_string(i) + ".txt")) << name << i;
  }
  const testing::Captured captured(std::cout);
  const auto files = [&](const std::string& subset, bool shuffle) {
    const auto dataset = text_dataset_from_directory(
        folder.path(), {.shuffle = shuffle, .seed = 1337, .validation_split = 0.3, .subset = subset});
    std::string all;
    for (const std::string& path : dataset.file_paths()) all += path.substr(path.size() - 7, 3) + ' ';
    for (const std::int32_t label : dataset.labels()) all += std::to_string(label);
    return all;
  };
  // numpy.random.RandomState(1337) shuffles 10 items to 6 3 0 4 5 2 1 9 8 7.
  CHECK(files("training", true) == "b/1 a/3 a/0 a/4 b/0 a/2 a/1 1000100");
  CHECK(files("validation", true) == "b/4 b/3 b/2 111");
  CHECK(files("validation", false) == "b/2 b/3 b/4 111");
  CHECK(captured.text().starts_with("Found 10 files belonging to 2 classes.\nUsing 7 files for training.\n"));
}

// Names and labels of Keras 3.15.1.
TEST_CASE("A list of labels belongs to all files below the directory, in Keras's order") {
  const Reviews reviews;
  const auto dataset = [&](utils::TextDirectoryOptions options) {
    options.labels = {4, 0, 1, 1, 0, 4, 0};
    options.verbose = false;
    return text_dataset_from_directory(reviews.path(), options);
  };
  auto sorted = dataset({.shuffle = false});
  CHECK(reviews.names(sorted) == std::vector<std::string>{"top.txt", ".hidden/h.txt", "neg/c.TXT", "neg/sub/z.txt",
                                                          "neg/sub-2/y.txt", "pos/a.txt", "pos/b.txt"});
  CHECK(sorted.class_names() == std::vector<std::string>{"0", "1", "4"});
  CHECK((sorted.get_batch(0).y.to_tensor() == Tensor({4, 0, 1, 1, 0, 4, 0})));
  const auto shuffled = dataset({.seed = 3});
  CHECK(reviews.names(shuffled) == std::vector<std::string>{"neg/sub-2/y.txt", "pos/b.txt", "pos/a.txt",
                                                            "neg/sub/z.txt", ".hidden/h.txt", "top.txt", "neg/c.TXT"});
  CHECK(shuffled.labels() == std::vector<std::int32_t>{0, 0, 4, 1, 0, 4, 1});
}

TEST_CASE("Both subsets are those of one split, and only the training is shuffled in each epoch") {
  const testing::TemporaryFolder folder;
  for (const char* name : {"a", "b"}) {
    std::filesystem::create_directory(folder.path() / name);
    for (int i = 0; i < 5; ++i) std::ofstream(folder.path() / name / (std::to_string(i) + ".txt")) << name << i;
  }
  testing::Captured captured(std::cout);
  auto [training, validation] =
      utils::text_datasets_from_directory(folder.path(), {.seed = 1337, .validation_split = 0.3, .subset = "both"});
  CHECK(captured.text() ==
        "Found 10 files belonging to 2 classes.\nUsing 7 files for training.\nUsing 3 files for validation.\n");
  CHECK(texts_of(validation.get_batch(0)) == std::vector<std::string>{"b4", "b3", "b2"});
  const auto alone = [&](const std::string& subset) {
    return text_dataset_from_directory(folder.path(),
                                       {.seed = 1337, .validation_split = 0.3, .subset = subset, .verbose = false});
  };
  CHECK(training.file_paths() == alone("training").file_paths());
  CHECK(validation.file_paths() == alone("validation").file_paths());
  CHECK(texts_of(training.get_batch(0)) == texts_of(alone("training").get_batch(0)));
  validation.set_epoch(4);
  CHECK(texts_of(validation.get_batch(0)) == std::vector<std::string>{"b4", "b3", "b2"});
}

TEST_CASE("shuffle gives each epoch an order of its own") {
  const Reviews reviews;
  auto dataset = text_dataset_from_directory(reviews.path(), {.seed = 1, .verbose = false});
  std::vector<std::vector<std::string>> orders;
  for (std::int64_t epoch = 0; epoch < 4; ++epoch) {
    dataset.set_epoch(epoch);
    orders.push_back(texts_of(dataset.get_batch(0)));
  }
  CHECK((orders[0] != orders[1] || orders[1] != orders[2] || orders[2] != orders[3]));
  dataset.set_epoch(0);
  CHECK(texts_of(dataset.get_batch(0)) == orders[0]);
}

TEST_CASE("text_dataset_from_directory refuses wrong options, folders and files") {
  const Reviews reviews;
  const std::string who = "text_dataset_from_directory: ";
  const auto message = [&](utils::TextDirectoryOptions options) {
    options.verbose = false;
    return message_of<InvalidArgument>([&] { text_dataset_from_directory(reviews.path(), options); });
  };
  CHECK(message({.labels = "given"}) ==
        who +
            "labels is \"given\"; expected \"inferred\", \"none\" or a list. \"inferred\" takes those of the folders.");
  CHECK(message({.label_mode = "onehot"}) ==
        who + "label_mode is \"onehot\"; expected one of int, categorical, binary, none. \"int\" is usual.");
  CHECK(message({.label_mode = "binary", .class_names = {"pos"}}) ==
        who + "label_mode is \"binary\" with the classes pos; expected two. Use \"int\" or \"categorical\".");
  CHECK(message({.labels = "none", .class_names = {"pos"}}) ==
        who + "class_names are given and labels is \"none\"; expected one of them. Leave one out.");
  CHECK(message({.class_names = {"psos"}}) ==
        who + "class \"psos\" is unknown; did you mean \"pos\"? Known: neg, pos.");
  CHECK(message({.validation_split = 0.2}) ==
        who + "validation_split is 0.2 and subset is \"\"; expected both or none. Set the other one, too.");
  CHECK(message({.validation_split = 0.2, .subset = "training"}) ==
        who +
            "validation_split and shuffle are set without a seed; expected one, so that the subsets do not overlap. "
            "Give both subsets the same seed.");
  CHECK(message({.seed = 1, .validation_split = 0.2, .subset = "both"}) ==
        who +
            "subset is \"both\"; expected one subset. Call text_datasets_from_directory, which returns two datasets.");
  CHECK(message({.seed = 1, .validation_split = 0.2, .subset = "test"}) ==
        who + "subset is \"test\"; expected \"training\", \"validation\" or \"both\". Leave it out for all files.");
  CHECK(message({.labels = {0, 1}}) ==
        who + "labels has 2 entries, and " + reviews.path() +
            " has 7 text files; expected one for each. They belong to the files folder by folder, sorted.");
  CHECK(message({.labels = {0, 1}, .class_names = {"pos"}}) ==
        who + "class_names are given and labels is a list; expected one of them. Leave one out.");
  CHECK(message({.labels = {5, 5, 5, 5, 5, 5, 0}, .label_mode = "categorical"}) ==
        who +
            "label_mode is \"categorical\" with the labels 0, 5; expected 0 to 1, one for each class. Number them so, "
            "or use \"int\".");
  CHECK(message_of<InvalidArgument>([&] {
          utils::text_datasets_from_directory(reviews.path(),
                                              {.seed = 1, .validation_split = 0.2, .subset = "training"});
        }) == who + "subset is \"training\"; expected \"both\" for two datasets. Leave it out.");
  CHECK(message_of<InvalidArgument>([&] { utils::text_datasets_from_directory(reviews.path(), {}); }) ==
        who + "validation_split is 0 and subset is \"both\"; expected both or none. Set the other one, too.");
  CHECK(message({.seed = std::uint64_t{1} << 32}) == who + "seed is 4294967296; expected less than 2^32, as in NumPy.");
  CHECK(message({.max_length = 0}) ==
        who + "max_length is 0; expected a positive number of bytes. Leave it out for whole texts.");
  CHECK(message_of<FileError>([&] { text_dataset_from_directory(reviews.path() + "/none"); }) ==
        who + reviews.path() + "/none: No such file or directory; expected a folder that can be read. Check the path.");
  CHECK(message_of<FileError>([&] { text_dataset_from_directory(reviews.path() + "/pos", {.verbose = false}); }) ==
        who + reviews.path() +
            "/pos: no text files; expected at least one. Their names end in .txt, and they are in folders, one for "
            "each class.");
  auto dataset = text_dataset_from_directory(reviews.path(), {.shuffle = false, .verbose = false});
  std::filesystem::remove(reviews.path() + "/neg/c.TXT");
  CHECK(message_of<FileError>([&] { dataset.get_batch(0); }) ==
        who + reviews.path() +
            "/neg/c.TXT: No such file or directory; expected a file that can be read. Check its "
            "permissions.");
}
