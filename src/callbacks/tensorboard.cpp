#include "xeras/callbacks/tensorboard.hpp"

#include <fmt/format.h>

#include "io/weight_places.hpp"
#include "tensorboard/event_file.hpp"
#include "tensorboard/projector.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/core/embedding.hpp"

namespace xeras::callbacks {
namespace {

constexpr std::string_view validation_prefix = "val_";

void check_count(const char* option, std::int64_t value, std::int64_t least, const char* expected) {
  if (value >= least) return;
  throw InvalidArgument(fmt::format("TensorBoard: {} is {}; expected {}.", option, value, expected));
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Calls body(layer, name) for each Embedding of the model, with those in nested models.
template <class Body>
void for_each_embedding(std::span<const AnyLayer> layers, const std::string& prefix, const Body& body) {
  for (const AnyLayer& layer : layers) {
    const std::string name = prefix + layer->name();
    if (const auto* embedding = dynamic_cast<const layers::Embedding*>(&*layer)) body(*embedding, name);
    if (auto* nested = dynamic_cast<Sequential*>(&*layer)) for_each_embedding(nested->layers(), name + "_", body);
  }
}

// Adds a node for each layer, those of nested models one by one. Each takes the output of the one before it.
void add_nodes(std::span<const AnyLayer> layers, const std::string& prefix, tensorboard::Graph& graph) {
  for (const AnyLayer& layer : layers) {
    const std::string name = prefix + layer->name();
    if (auto* nested = dynamic_cast<Sequential*>(&*layer)) {
      add_nodes(nested->layers(), name + "/", graph);
      continue;
    }
    const std::string before = graph.node_size() == 0 ? std::string() : graph.node(graph.node_size() - 1).name();
    tensorboard::Graph::Node& node = *graph.add_node();
    node.set_name(name);
    node.set_op(layer->class_name());
    if (!before.empty()) node.add_input(before);
  }
}

// A layer's name may contain "/".
std::string table_path(std::string layer) {
  std::replace(layer.begin(), layer.end(), '/', '_');
  return layer + ".embeddings.tsv";
}

constexpr const char* labels_path = "embeddings.labels.tsv";

}  // namespace

TensorBoard::TensorBoard(TensorBoardOptions options) : options_(std::move(options)) {
  if (options_.log_dir.empty() || options_.log_dir.find('\0') != std::string::npos) {
    throw InvalidArgument("TensorBoard: log_dir is empty or contains a NUL; expected the name of a folder.");
  }
  check_count("histogram_freq", options_.histogram_freq, 0, "a number of epochs, or 0 for no histograms");
  check_count("embeddings_freq", options_.embeddings_freq, 0, "a number of epochs, or 0 for no embeddings");
  check_count("update_freq", options_.update_freq.value_or(1), 1,
              "a positive number of batches. Leave it out to write after each epoch only");
  if (options_.write_images) {
    throw InvalidArgument(
        "TensorBoard: write_images is true; expected false. Weights are not written as images; use histogram_freq.");
  }
  if (options_.profile_batch != 0) {
    throw InvalidArgument(
        fmt::format("TensorBoard: profile_batch is {}; expected 0. TensorBoard's profiler is not supported; use a "
                    "profiler for C++ such as perf.",
                    options_.profile_batch));
  }
  if (!options_.embeddings_metadata.empty() && !options_.embeddings_labels.empty()) {
    throw InvalidArgument(
        "TensorBoard: embeddings_metadata and embeddings_labels are both given; expected at most one of them.");
  }
}

tensorboard::EventFile& TensorBoard::file(File& which, const char* run) const {
  if (which == nullptr) which = std::make_shared<tensorboard::EventFile>(options_.log_dir + "/" + run);
  return *which;
}

void TensorBoard::on_train_begin() {
  batches_ = 0;
  train_.reset();
  validation_.reset();
  if (options_.write_graph) {
    tensorboard::EventFile& train = file(train_, "train");
    tensorboard::Graph graph;
    add_nodes(model().layers(), "", graph);
    train.model(model().to_json(), graph);
    train.flush();
  }
  if (options_.embeddings_freq > 0) prepare_projector();
}

void TensorBoard::on_train_end(const Scores&) {
  train_.reset();
  validation_.reset();
}

void TensorBoard::on_epoch_begin(std::int64_t) {
  iterations_before_epoch_ = model().optimizer().iterations();
  epoch_began_ = Clock::now();
}

void TensorBoard::on_train_batch_begin(std::int64_t) {
  ++batches_;
  batch_began_ = Clock::now();
}

void TensorBoard::on_train_batch_end(std::int64_t, const Scores& logs) {
  if (!options_.update_freq || batches_ % *options_.update_freq != 0) return;
  tensorboard::EventFile& train = file(train_, "train");
  if (options_.write_steps_per_second) {
    train.scalar("batch_steps_per_second", 1.0 / seconds_since(batch_began_), batches_);
  }
  for (std::size_t i = 0; i < logs.size(); ++i) train.scalar("batch_" + logs.name(i), logs.value(i), batches_);
}

void TensorBoard::on_test_end(const Scores& logs) {
  tensorboard::EventFile& validation = file(validation_, "validation");
  for (std::size_t i = 0; i < logs.size(); ++i) {
    validation.scalar(fmt::format("evaluation_{}_vs_iterations", logs.name(i)), logs.value(i),
                      model().optimizer().iterations());
  }
  validation.flush();
}

void TensorBoard::on_epoch_end(std::int64_t epoch, const Scores& logs) {
  write_epoch(epoch, logs);
  if (options_.histogram_freq > 0 && epoch % options_.histogram_freq == 0) write_weights(epoch);
  if (options_.embeddings_freq > 0 && epoch % options_.embeddings_freq == 0) write_embeddings();
  if (train_ != nullptr) train_->flush();
  if (validation_ != nullptr) validation_->flush();
}

void TensorBoard::write_epoch(std::int64_t epoch, const Scores& logs) {
  tensorboard::EventFile& train = file(train_, "train");
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const std::string& name = logs.name(i);
    if (name.starts_with(validation_prefix)) {
      file(validation_, "validation").scalar("epoch_" + name.substr(validation_prefix.size()), logs.value(i), epoch);
    } else if (name != "learning_rate") {
      train.scalar("epoch_" + name, logs.value(i), epoch);
    }
  }
  train.scalar("epoch_learning_rate", model().optimizer().learning_rate(), epoch);
  if (options_.write_steps_per_second) {
    const auto steps = static_cast<double>(model().optimizer().iterations() - iterations_before_epoch_);
    train.scalar("epoch_steps_per_second", steps / seconds_since(epoch_began_), epoch);
  }
}

void TensorBoard::write_weights(std::int64_t epoch) {
  for (const io::NamedVariable& weight : io::legacy_order(model())) {
    const Tensor& value = weight.variable->value();
    file(train_, "train")
        .histogram(io::keras_path(model(), weight) + "/histogram", {value.data(), value.size()}, epoch);
  }
}

void TensorBoard::prepare_projector() {
  std::vector<tensorboard::ProjectedTable> tables;
  const bool has_labels = !options_.embeddings_labels.empty();
  for_each_embedding(model().layers(), "", [&](const layers::Embedding& layer, const std::string& name) {
    if (has_labels && std::ssize(options_.embeddings_labels) != layer.config().input_dim) {
      throw InvalidArgument(
          fmt::format("TensorBoard: embeddings_labels has {} labels; expected {}, one for each id of {}.",
                      options_.embeddings_labels.size(), layer.config().input_dim, layer.name()));
    }
    tables.push_back({name + "/embeddings", table_path(name), has_labels ? labels_path : options_.embeddings_metadata});
  });
  if (tables.empty()) {
    throw InvalidArgument(
        fmt::format("TensorBoard: embeddings_freq is {}, but the model has no Embedding; expected one. Leave "
                    "embeddings_freq out.",
                    options_.embeddings_freq));
  }
  if (has_labels) tensorboard::write_labels(options_.log_dir + "/" + labels_path, options_.embeddings_labels);
  tensorboard::write_projector_config(options_.log_dir, tables);
}

void TensorBoard::write_embeddings() const {
  for_each_embedding(model().layers(), "", [&](const layers::Embedding& layer, const std::string& name) {
    const Tensor table = layer.get_weights().front();
    tensorboard::write_table(options_.log_dir + "/" + table_path(name), table.data(),
                             static_cast<std::int64_t>(table.shape()[0]), static_cast<std::int64_t>(table.shape()[1]));
  });
}

}  // namespace xeras::callbacks
