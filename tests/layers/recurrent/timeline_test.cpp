#include "layers/recurrent/timeline.hpp"

#include "catch.hpp"
#include "support/layer_probe.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::LayerProbe;

namespace {

struct WatchConfig {
  bool go_backwards = false;
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(WatchConfig, go_backwards, name, trainable)

// A layer that only looks at its timeline.
class Watch final : public LayerWith<WatchConfig> {
 public:
  using LayerWith::LayerWith;
  Spec build(const Spec& input, Builder& builder) override {
    Timeline::declare(builder, input, handles_);
    builder.uses_mask();
    return {input.shape, DType::float32, input.masked};
  }
  void forward(const Call& call) const override {
    const Timeline timeline(call, handles_, config().go_backwards);
    timeline.begin();
    sequences.clear();
    steps.assign(timeline.steps(), {});
    for (std::size_t p = 0; p < static_cast<std::size_t>(call.input().extents[0]); ++p) {
      sequences.push_back(timeline.sequence(p));
      for (std::size_t s = 0; s < timeline.length(p); ++s) steps[s].push_back(timeline.source(timeline.row(s, p)));
    }
    rows = timeline.rows();
  }

  mutable std::vector<std::size_t> sequences;           // by position
  mutable std::vector<std::vector<std::size_t>> steps;  // the sources of each step, by position
  mutable std::size_t rows = 0;

 private:
  RecurrentHandles handles_;
};

using Sizes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("Timeline without a mask takes all steps of all sequences") {
  Watch watch;
  LayerProbe probe(watch, {2, 3, 1});
  probe.forward(std::vector<float>(6));
  CHECK(watch.sequences == Sizes{0, 1});
  CHECK(watch.steps == std::vector<Sizes>{{0, 3}, {1, 4}, {2, 5}});
  CHECK(watch.rows == 6);
}

TEST_CASE("Timeline leaves masked steps out, wherever they are, and begins with the longest sequence") {
  // One step, three with a hole, none, two behind padding.
  const std::vector<std::uint8_t> mask = {1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1};
  Watch ahead;
  LayerProbe probe(ahead, {4, 4, 1}, true);
  probe.forward(std::vector<float>(16), mask);
  CHECK(ahead.sequences == Sizes{1, 3, 0, 2});
  CHECK(ahead.steps == std::vector<Sizes>{{4, 14, 0}, {6, 15}, {7}});
  CHECK(ahead.rows == 6);

  Watch back({.go_backwards = true});
  LayerProbe back_probe(back, {4, 4, 1}, true);
  back_probe.forward(std::vector<float>(16), mask);
  CHECK(back.sequences == Sizes{1, 3, 0, 2});
  CHECK(back.steps == std::vector<Sizes>{{7, 15, 0}, {6, 14}, {4}});
}

TEST_CASE("Timeline of sequences of one length keeps their order") {
  Watch watch;
  LayerProbe probe(watch, {3, 2, 1}, true);
  probe.forward(std::vector<float>(6), {1, 0, 1, 1, 0, 1});
  CHECK(watch.sequences == Sizes{1, 0, 2});
}

TEST_CASE("Timeline of nothing has no steps") {
  Watch watch;
  LayerProbe masked(watch, {2, 3, 1}, true);
  masked.forward(std::vector<float>(6), {0, 0, 0, 0, 0, 0});
  CHECK(watch.steps.empty());
  CHECK(watch.rows == 0);
  LayerProbe no_steps(watch, {2, 0, 1});
  no_steps.forward({});
  CHECK(watch.sequences == Sizes{0, 1});
  LayerProbe nobody(watch, {0, 3, 1});
  nobody.forward({});
  CHECK(watch.sequences.empty());
  CHECK(watch.rows == 0);
}
