#include "xeras/data/map.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/data/from_generator.hpp"

using namespace xeras;

namespace {

data::Batch doubled(data::Batch batch) { return {Tensor(batch.x.to_tensor() * 2.0f), batch.y}; }

struct Pair final : data::Dataset {
  std::int64_t num_batches() const override { return 2; }
  data::Batch get_batch(std::int64_t index) override { return {{static_cast<float>(index + 1)}, {7}}; }
  void set_epoch(std::int64_t epoch) override { last_epoch = epoch; }
  void on_epoch_begin() override { ++hooks; }
  void on_epoch_end() override { ++hooks; }
  std::int64_t last_epoch = -1;
  int hooks = 0;
};

}  // namespace

TEST_CASE("map changes batches, also those of another map, and passes the hooks on") {
  Pair pair;
  data::Mapped mapped = data::map(data::map(pair, doubled), doubled);
  CHECK(mapped.num_batches() == 2);
  CHECK_FALSE(mapped.in_order());
  CHECK(mapped.may_shuffle());
  CHECK(mapped.get_batch(1).x.to_tensor()(0) == 8);
  CHECK(mapped.get_batch(1).y.to_tensor()(0) == 7);
  CHECK(mapped.peek().x.to_tensor()(0) == 4);
  mapped.set_epoch(3);
  mapped.on_epoch_begin();
  mapped.on_epoch_end();
  CHECK((pair.last_epoch == 3 && pair.hooks == 2));
}

TEST_CASE("map of a generator peeks without a loss, and ends with it") {
  int calls = 0;
  auto mapped = data::map(data::from_generator([&]() -> std::optional<data::Batch> {
                            if (++calls > 1) return {};
                            return data::Batch{{3.0f}};
                          }),
                          doubled);
  CHECK(mapped.in_order());
  CHECK(mapped.peek().x.to_tensor()(0) == 6);
  CHECK(mapped.get_batch(0).x.to_tensor()(0) == 6);
  CHECK_FALSE(mapped.get_batch(1).x);
}

TEST_CASE("map without a dataset or a function, or to a batch without samples, raises") {
  CHECK(message_of<InvalidArgument>([] { data::map(std::shared_ptr<Pair>(), doubled); }) ==
        "map: the dataset is null; expected a dataset. Give an object, or a pointer to one.");
  CHECK(message_of<InvalidArgument>([] { data::map(Pair(), {}); }) ==
        "map: the function is empty; expected one that returns a batch for a batch. Give a lambda.");
  CHECK(message_of<InvalidInput>([] { data::map(Pair(), [](data::Batch) { return data::Batch(); }).get_batch(0); }) ==
        "map: the function returned a batch without x; expected samples. Return at least {x}.");
}
