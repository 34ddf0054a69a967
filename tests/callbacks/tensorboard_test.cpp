#include "xeras/callbacks/tensorboard.hpp"

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "support/event_records.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::events_of;
using xeras::testing::TemporaryFolder;

namespace {

const xt::xarray<int> ids{{1, 2}, {3, 0}, {2, 2}, {1, 0}, {3, 3}};
const xt::xtensor<float, 2> targets{{0}, {1}, {1}, {0}, {1}};

Sequential make_model() {
  set_random_seed(3);
  Sequential model({.name = "texts"});
  model.add(Embedding(4, 2, {.input_length = 2, .name = "words"}));
  model.add(Flatten());
  model.add(Dense(1, {.name = "out"}));
  model.compile(optimizers::SGD(0.5), "mse", "mae");
  return model;
}

// "tag step" of each summary.
std::vector<std::string> tags_of(const std::string& folder) {
  std::vector<std::string> tags;
  for (const tensorboard::Event& event : events_of(folder)) {
    for (const auto& value : event.summary().value()) tags.push_back(value.tag() + " " + std::to_string(event.step()));
  }
  return tags;
}

}  // namespace

TEST_CASE("TensorBoard writes the scores of epochs, with Keras's tags, and the layers") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  const History history = model.fit(ids, targets,
                                    {.batch_size = 2,
                                     .epochs = 2,
                                     .verbose = 0,
                                     .callbacks = callbacks::TensorBoard({.log_dir = folder / "logs"}),
                                     .validation_data = {ids, targets}});
  CHECK(tags_of(folder / "logs/train") == std::vector<std::string>{"keras 0", "epoch_loss 0", "epoch_mae 0",
                                                                   "epoch_learning_rate 0", "epoch_loss 1",
                                                                   "epoch_mae 1", "epoch_learning_rate 1"});
  CHECK(tags_of(folder / "logs/validation") ==
        std::vector<std::string>{"evaluation_loss_vs_iterations 3", "evaluation_mae_vs_iterations 3", "epoch_loss 0",
                                 "epoch_mae 0", "evaluation_loss_vs_iterations 6", "evaluation_mae_vs_iterations 6",
                                 "epoch_loss 1", "epoch_mae 1"});
  const auto value = [](const tensorboard::Event& event) { return event.summary().value(0).tensor().float_val(0); };
  const auto train = events_of(folder / "logs/train");
  CHECK(train[2].summary().value(0).tensor().string_val(0) == model.to_json());
  CHECK(value(train[3]) == static_cast<float>(history["loss"][0]));
  CHECK(value(train[5]) == 0.5f);
  CHECK(value(events_of(folder / "logs/validation")[7]) == static_cast<float>(history["val_loss"][1]));
  CHECK_FALSE(std::filesystem::exists(folder / "logs/projector_config.pbtxt"));
}

TEST_CASE("TensorBoard writes the graph of the layers, with those of nested models") {
  const TemporaryFolder folder;
  Sequential model({.name = "texts"});
  model.add(Embedding(4, 2, {.input_length = 2, .name = "words"}));
  Sequential inner({.name = "inner"});
  inner.add(Flatten({.name = "flat"}));
  model.add(std::move(inner));
  model.add(Dense(1, {.name = "out"}));
  model.compile("sgd", "mse");
  model.fit(ids, targets, {.verbose = 0, .callbacks = callbacks::TensorBoard({.log_dir = folder / "logs"})});
  tensorboard::Graph graph;
  REQUIRE(graph.ParseFromString(events_of(folder / "logs/train")[1].graph_def()));
  std::vector<std::string> nodes;
  for (const auto& node : graph.node()) {
    nodes.push_back(node.name() + " " + node.op() + (node.input_size() == 0 ? "" : " of " + node.input(0)));
  }
  CHECK(nodes == std::vector<std::string>{"words Embedding", "inner/flat Flatten of words", "out Dense of inner/flat"});
}

TEST_CASE("TensorBoard writes every update_freq-th batch of a training, counted over its epochs") {
  const TemporaryFolder folder;
  make_model().fit(
      ids, targets,
      {.batch_size = 2,
       .epochs = 2,
       .verbose = 0,
       .callbacks = callbacks::TensorBoard(
           {.log_dir = folder / "logs", .write_graph = false, .write_steps_per_second = true, .update_freq = 2})});
  CHECK(tags_of(folder / "logs/train") ==
        std::vector<std::string>{"batch_steps_per_second 2", "batch_loss 2", "batch_mae 2", "epoch_loss 0",
                                 "epoch_mae 0", "epoch_learning_rate 0", "epoch_steps_per_second 0",
                                 "batch_steps_per_second 4", "batch_loss 4", "batch_mae 4", "batch_steps_per_second 6",
                                 "batch_loss 6", "batch_mae 6", "epoch_loss 1", "epoch_mae 1", "epoch_learning_rate 1",
                                 "epoch_steps_per_second 1"});
  CHECK_FALSE(std::filesystem::exists(folder / "logs/validation"));
}

TEST_CASE("TensorBoard writes histograms of all weights under Keras's paths") {
  const TemporaryFolder folder;
  make_model().fit(
      ids, targets,
      {.epochs = 3,
       .verbose = 0,
       .callbacks = callbacks::TensorBoard({.log_dir = folder / "logs", .histogram_freq = 2, .write_graph = false})});
  CHECK(tags_of(folder / "logs/train") ==
        std::vector<std::string>{
            "epoch_loss 0", "epoch_mae 0", "epoch_learning_rate 0", "texts/words/embeddings/histogram 0",
            "texts/out/kernel/histogram 0", "texts/out/bias/histogram 0", "epoch_loss 1", "epoch_mae 1",
            "epoch_learning_rate 1", "epoch_loss 2", "epoch_mae 2", "epoch_learning_rate 2",
            "texts/words/embeddings/histogram 2", "texts/out/kernel/histogram 2", "texts/out/bias/histogram 2"});
}

TEST_CASE("TensorBoard calls a model without a name sequential, as Keras does") {
  const TemporaryFolder folder;
  Sequential model{Dense(1, {.use_bias = false, .input_shape = {2}})};
  model.compile("sgd", "mse");
  model.fit(
      {{1.0f, 2.0f}}, {{1.0f}},
      {.verbose = 0,
       .callbacks = callbacks::TensorBoard({.log_dir = folder / "logs", .histogram_freq = 1, .write_graph = false})});
  CHECK(tags_of(folder / "logs/train") ==
        std::vector<std::string>{"epoch_loss 0", "epoch_learning_rate 0", "sequential/dense/kernel/histogram 0"});
}

TEST_CASE("TensorBoard writes the tables of Embeddings with labels for the projector") {
  const TemporaryFolder folder;
  Sequential model = make_model();
  const std::vector<std::string> words{"", "a", "b", "c"};
  model.fit(ids, targets,
            {.verbose = 0,
             .callbacks = callbacks::TensorBoard(
                 {.log_dir = folder / "logs", .embeddings_freq = 1, .embeddings_labels = words})});
  const auto lines = [&](const char* name) {
    std::ifstream in(folder / (std::string("logs/") + name));
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  };
  CHECK(lines("projector_config.pbtxt") == std::vector<std::string>{"embeddings {",
                                                                    "  tensor_name: \"words/embeddings\"",
                                                                    "  tensor_path: \"words.embeddings.tsv\"",
                                                                    "  metadata_path: \"embeddings.labels.tsv\"", "}"});
  CHECK(lines("embeddings.labels.tsv") == words);
  const std::vector<std::string> rows = lines("words.embeddings.tsv");
  REQUIRE(rows.size() == 4);
  const Tensor table = model.get_layer("words").get_weights()[0];
  CHECK(std::stof(rows[3]) == table(3, 0));
  CHECK(std::stof(rows[3].substr(rows[3].find('\t'))) == table(3, 1));
}

TEST_CASE("TensorBoard refuses what it cannot write before training begins") {
  using callbacks::TensorBoard;
  CHECK(message_of<InvalidArgument>([] { TensorBoard({.log_dir = ""}); }) ==
        "TensorBoard: log_dir is empty or contains a NUL; expected the name of a folder.");
  CHECK(message_of<InvalidArgument>([] { TensorBoard({.histogram_freq = -1}); }) ==
        "TensorBoard: histogram_freq is -1; expected a number of epochs, or 0 for no histograms.");
  CHECK(message_of<InvalidArgument>([] { TensorBoard({.update_freq = 0}); }) ==
        "TensorBoard: update_freq is 0; expected a positive number of batches. Leave it out to write after each epoch "
        "only.");
  CHECK(message_of<InvalidArgument>([] { TensorBoard({.write_images = true}); }) ==
        "TensorBoard: write_images is true; expected false. Weights are not written as images; use histogram_freq.");
  CHECK(message_of<InvalidArgument>([] { TensorBoard({.profile_batch = 2}); }) ==
        "TensorBoard: profile_batch is 2; expected 0. TensorBoard's profiler is not supported; use a profiler for C++ "
        "such as perf.");
  CHECK(message_of<InvalidArgument>([] {
          TensorBoard({.embeddings_metadata = "words.tsv", .embeddings_labels = {"a"}});
        }) == "TensorBoard: embeddings_metadata and embeddings_labels are both given; expected at most one of them.");

  const TemporaryFolder folder;
  Sequential model = make_model();
  const auto fit = [&](callbacks::TensorBoardOptions options) {
    options.log_dir = folder / "logs";
    return message_of<InvalidArgument>(
        [&] { model.fit(ids, targets, {.verbose = 0, .callbacks = TensorBoard(options)}); });
  };
  CHECK(fit({.embeddings_freq = 1, .embeddings_labels = {"a", "b"}}) ==
        "TensorBoard: embeddings_labels has 2 labels; expected 4, one for each id of words.");
  Sequential dense{Dense(1, {.input_shape = {2}})};
  dense.compile("sgd", "mse");
  CHECK(message_of<InvalidArgument>([&] {
          dense.fit({{1.0f, 2.0f}}, {{1.0f}},
                    {.verbose = 0, .callbacks = TensorBoard({.log_dir = folder / "logs", .embeddings_freq = 1})});
        }) ==
        "TensorBoard: embeddings_freq is 1, but the model has no Embedding; expected one. Leave embeddings_freq out.");
}
