#include "layers/build_attempt.hpp"

namespace xeras {
namespace {

void collect_unbuilt(std::span<AnyLayer> layers, std::vector<Layer*>& unbuilt) {
  for (AnyLayer& layer : layers) {
    if (!layer->built()) unbuilt.push_back(layer.get());
    collect_unbuilt(layer->children(), unbuilt);
  }
}

}  // namespace

BuildAttempt::BuildAttempt(std::span<AnyLayer> layers) { collect_unbuilt(layers, unbuilt_); }

BuildAttempt::~BuildAttempt() {
  for (Layer* const layer : unbuilt_) layer->forget_build();
}

}  // namespace xeras
