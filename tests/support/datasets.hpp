#pragma once

#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "xeras/xeras.hpp"

// Datasets and models for tests of training on datasets.
namespace xeras::testing {

inline constexpr std::int64_t batch_size = 4;

// The batches of arrays.
struct Slices final : data::Dataset {
  Slices(Tensor of_x, Tensor of_y) : x(std::move(of_x)), y(std::move(of_y)) {}
  std::int64_t num_batches() const override { return (rows() + batch_size - 1) / batch_size; }
  data::Batch get_batch(std::int64_t index) override {
    if (index == slow) std::this_thread::sleep_for(std::chrono::milliseconds(3));
    {
      const std::lock_guard lock(mutex);
      indices.push_back(index);
      threads.insert(std::this_thread::get_id());
    }
    if (index == broken) throw std::domain_error("the disk is full");
    const std::int64_t first = index * batch_size, count = std::min(batch_size, rows() - first);
    return {Input(x).samples(first, count), Input(y).samples(first, count)};
  }
  void set_epoch(std::int64_t epoch) override { epochs.push_back(epoch); }
  void on_epoch_begin() override { ++begun; }
  void on_epoch_end() override { ++ended; }
  std::int64_t rows() const { return static_cast<std::int64_t>(x.shape()[0]); }

  Tensor x, y;
  std::int64_t broken = -1, slow = 0;
  std::mutex mutex;
  std::vector<std::int64_t> indices, epochs;
  std::set<std::thread::id> threads;
  int begun = 0, ended = 0;
};

inline Tensor some(std::vector<std::size_t> shape, std::uint64_t seed) {
  Tensor tensor(shape);
  const RandomStream stream(seed);
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<float>(stream.normal(i));
  return tensor;
}

inline Sequential noisy_model() {
  set_random_seed(7);
  Sequential model{layers::Dense(8, {.activation = "relu", .input_shape = Shape{3}}), layers::Dropout(0.3),
                   layers::Dense(1)};
  model.compile("adam", "mse", "mae");
  return model;
}

inline std::vector<float> weights_of(const Sequential& model) {
  std::vector<float> all;
  for (const Tensor& weight : model.get_weights()) all.insert(all.end(), weight.begin(), weight.end());
  return all;
}

// y = x, which does not learn: the loss of a sample is its square.
inline Sequential identity() {
  Sequential model{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse");
  return model;
}

// Batches of the one sample {i}, i = 1, 2 ... to `last`.
inline data::Generator counting(int last) {
  return data::from_generator([i = 0, last]() mutable -> std::optional<data::Batch> {
    if (i == last) return {};
    return data::Batch{{{static_cast<float>(++i)}}, {{0.0f}}};
  });
}

// The batch that a function makes.
struct One final : data::Dataset {
  explicit One(std::function<data::Batch(std::int64_t)> f, std::int64_t batches = 3)
      : make(std::move(f)), size(batches) {}
  std::int64_t num_batches() const override { return size; }
  data::Batch get_batch(std::int64_t index) override { return make(index); }
  std::function<data::Batch(std::int64_t)> make;
  std::int64_t size;
};

}  // namespace xeras::testing
