#pragma once

#include <functional>
#include <vector>

#include "xeras/xeras.hpp"

// Texts of few words, for layers that do their work once for each distinct word.
namespace xeras::testing {

// Texts that end after different lengths, up to this one; one is empty.
constexpr std::size_t time_steps = 24;
xt::xtensor<int, 2> some_texts();
layers::Embedding some_words(layers::EmbeddingOptions options = {});
// A copy of the input, behind which nobody knows that rows are alike.
layers::Lambda copying(bool masked);

struct TrainedOnWords {
  std::vector<Tensor> weights;
  Tensor predictions;
};
using AddLayers = std::function<void(Sequential&)>;
// What some steps leave, by words, or with a copy behind the Embedding.
TrainedOnWords train_on_words(const layers::Embedding& embedding, bool by_word, const AddLayers& add_layers,
                              int threads);
// Both ways give the same numbers, whatever the number of threads.
void check_by_word(const layers::Embedding& embedding, const AddLayers& add_layers);

}  // namespace xeras::testing
