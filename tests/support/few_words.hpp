#pragma once

#include <functional>
#include <vector>

#include "xeras/xeras.hpp"

// Texts of few words, for layers that do their work once per distinct word.
namespace xeras::testing {

// The size of the array of texts, which end after different numbers of ids; one is empty.
constexpr std::size_t time_steps = 24;
xt::xtensor<int, 2> some_texts();
layers::Embedding some_words(layers::EmbeddingOptions options = {});
// Returns a layer that copies its input, so that the layers after it do not know which rows are alike.
layers::Lambda copying(bool masked);

struct TrainedOnWords {
  std::vector<Tensor> weights;
  Tensor predictions;
};
using AddLayers = std::function<void(Sequential&)>;
// Trains some steps, by word or with a copy after the Embedding, and returns the result.
TrainedOnWords train_on_words(const layers::Embedding& embedding, bool by_word, const AddLayers& add_layers,
                              int threads);
// Checks that both ways give the same numbers for any number of threads.
void check_by_word(const layers::Embedding& embedding, const AddLayers& add_layers);

}  // namespace xeras::testing
