#include "xeras/data/from_generator.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;

TEST_CASE("A generator gives what its function returns, and is not called after its end") {
  int calls = 0;
  auto dataset = data::from_generator([&]() -> std::optional<data::Batch> {
    if (++calls > 2) return {};
    return data::Batch{{static_cast<float>(calls)}};
  });
  CHECK(dataset.num_batches() == data::unknown);
  CHECK(dataset.in_order());
  CHECK(dataset.peek().x.to_tensor()(0) == 1);
  CHECK(dataset.get_batch(0).x.to_tensor()(0) == 1);  // peek loses none
  CHECK(dataset.get_batch(1).x.to_tensor()(0) == 2);
  CHECK_FALSE(dataset.get_batch(2).x);
  CHECK_FALSE(dataset.get_batch(0).x);
  CHECK(calls == 3);
}

TEST_CASE("A generator without a function, or of a batch without samples, raises") {
  CHECK(message_of<InvalidArgument>([] { data::from_generator({}); }) ==
        "from_generator: the function is empty; expected one that returns the next batch. Give a lambda.");
  CHECK(message_of<InvalidInput>([] {
          data::from_generator([]() -> std::optional<data::Batch> { return data::Batch(); }).get_batch(0);
        }) == "from_generator: the function returned a batch without x; expected samples, or std::nullopt at the end.");
}
