#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "xeras/callbacks/callback.hpp"

namespace xeras {

namespace tensorboard {
class EventFile;
}

namespace callbacks {

struct TensorBoardOptions {
  std::string log_dir = "logs";
  std::int64_t histogram_freq = 0;  ///< write histograms of the weights every so many epochs; 0: never
  bool write_graph = true;          ///< write the model's layers
  bool write_images = false;        ///< only false
  bool write_steps_per_second = false;
  std::optional<std::int64_t> update_freq = {};     ///< also write the scores of every so many batches
  std::int64_t profile_batch = 0;                   ///< only 0
  std::int64_t embeddings_freq = 0;                 ///< write the tables of Embeddings every so many epochs; 0: never
  std::string embeddings_metadata = {};             ///< a file of labels for their rows, relative to log_dir
  std::vector<std::string> embeddings_labels = {};  ///< or the labels themselves, from id 0 on
};

/// Writes the training for TensorBoard: scores, learning rate, histograms of the weights, the layers of the model, and
/// the tables of Embeddings for the projector. Every fit adds to the folder.
///
///   model.fit(x, y, {.callbacks = callbacks::TensorBoard({.log_dir = "logs/run1", .histogram_freq = 1})});
///   // tensorboard --logdir logs
///
/// Scores of epochs are "epoch_loss" in the runs "train" and "validation"; those of batches "batch_loss"; those of
/// evaluate "evaluation_loss_vs_iterations". Histograms leave out NaN and infinite weights.
///
/// Throws  InvalidArgument for invalid options; FileError for a folder that cannot be written, and in a build with
///         XERAS_TENSORBOARD=OFF
/// Source  keras.callbacks.TensorBoard
class XERAS_API TensorBoard final : public Callback {
 public:
  explicit TensorBoard(TensorBoardOptions options = {});

  void on_train_begin() override;
  void on_train_end(const Scores& logs) override;
  void on_epoch_begin(std::int64_t epoch) override;
  void on_epoch_end(std::int64_t epoch, const Scores& logs) override;
  void on_train_batch_begin(std::int64_t batch) override;
  void on_train_batch_end(std::int64_t batch, const Scores& logs) override;
  void on_test_end(const Scores& logs) override;

 private:
  using Clock = std::chrono::steady_clock;
  using File = std::shared_ptr<tensorboard::EventFile>;

  tensorboard::EventFile& file(File& which, const char* run) const;
  void write_epoch(std::int64_t epoch, const Scores& logs);
  void write_weights(std::int64_t epoch);
  void prepare_projector();
  void write_embeddings() const;

  TensorBoardOptions options_;
  File train_, validation_;
  std::int64_t batches_ = 0;  // of this training
  std::int64_t iterations_before_epoch_ = 0;
  Clock::time_point epoch_began_, batch_began_;
};

}  // namespace callbacks
}  // namespace xeras
