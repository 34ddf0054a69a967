#include "data/prefetch.hpp"

#include <atomic>
#include <set>
#include <stdexcept>

#include "catch.hpp"
#include "xeras/data/from_generator.hpp"
#include "xeras/data/map.hpp"

using namespace xeras;
using data::Prefetch;

namespace {

// Batch i is {i}, up to `size`; batch `broken` throws. Early batches take longer than late ones.
struct Slow final : data::Dataset {
  std::int64_t num_batches() const override { return data::unknown; }
  data::Batch get_batch(std::int64_t index) override {
    const int now = ++running;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::sleep_for(std::chrono::microseconds(index % 4 == 0 ? 2000 : 200));
    --running;
    ++made;
    if (index == broken) throw std::runtime_error("broken");
    if (index >= size) return {};
    return {{static_cast<float>(index)}};
  }
  std::int64_t size = 20, broken = -1;
  std::atomic<int> running{0}, most{0}, made{0};
};

std::vector<float> rest_of(Prefetch& prefetch) {
  std::vector<float> values;
  for (data::Batch batch = prefetch.next(); batch.x; batch = prefetch.next()) {
    values.push_back(batch.x.to_tensor()(0));
  }
  return values;
}

std::vector<float> numbers(int first, int end) {
  std::vector<float> values;
  for (int i = first; i < end; ++i) values.push_back(static_cast<float>(i));
  return values;
}

}  // namespace

TEST_CASE("Prefetch gives the batches in their order with any number of threads") {
  for (const std::int64_t workers : {0, 1, 2, 5}) {
    for (const std::int64_t queue : {1, 2, 10}) {
      Slow slow;
      Prefetch prefetch(slow, {.workers = workers, .max_queue_size = queue});
      CHECK(rest_of(prefetch) == numbers(0, 20));
      CHECK_FALSE(prefetch.next().x);
      CHECK(slow.most <= std::max<std::int64_t>(1, std::min(workers, queue)));
    }
  }
}

TEST_CASE("Prefetch takes a part of the positions, in the order that it is given") {
  const std::vector<std::int64_t> order{3, 0, 2, 1};
  for (const std::int64_t workers : {1, 3}) {
    Slow slow;
    Prefetch prefetch(slow, {.first = 1, .end = 3, .order = &order, .workers = workers});
    CHECK(rest_of(prefetch) == std::vector<float>{0, 2});
    CHECK(slow.made == 2);
  }
}

TEST_CASE("Prefetch makes no more batches ahead than its queue holds") {
  Slow slow;
  Prefetch prefetch(slow, {.workers = 4, .max_queue_size = 3});
  prefetch.next();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(slow.made <= 4);
}

TEST_CASE("Prefetch rethrows an exception behind the batches before it") {
  for (const std::int64_t workers : {1, 2, 4}) {
    Slow slow;
    slow.broken = 5;
    Prefetch prefetch(slow, {.workers = workers});
    for (int i = 0; i < 5; ++i) CHECK(prefetch.next().x.to_tensor()(0) == static_cast<float>(i));
    CHECK_THROWS_AS(prefetch.next(), std::runtime_error);
    CHECK_FALSE(prefetch.next().x);
  }
}

TEST_CASE("Prefetch reads a source in order, and finishes its batches in any thread") {
  for (const std::int64_t workers : {1, 2, 4}) {
    int calls = 0;  // no atomic: one thread at a time
    std::atomic<int> running{0}, most{0};
    auto dataset = data::map(data::from_generator([&]() -> std::optional<data::Batch> {
                               if (calls == 12) return {};
                               return data::Batch{{static_cast<float>(calls++)}};
                             }),
                             [&](data::Batch batch) {
                               const int now = ++running;
                               for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
                               }
                               std::this_thread::sleep_for(std::chrono::milliseconds(1));
                               --running;
                               return batch;
                             });
    Prefetch prefetch(dataset, {.workers = workers});
    CHECK(rest_of(prefetch) == numbers(0, 12));
    CHECK(most <= workers);
  }
}

TEST_CASE("Prefetch of a source in order ends at an exception, and reads no further") {
  for (const std::int64_t workers : {1, 4}) {
    int calls = 0;
    auto dataset = data::from_generator([&]() -> std::optional<data::Batch> {
      if (++calls == 3) throw std::runtime_error("broken");
      return data::Batch{{1.0f}};
    });
    Prefetch prefetch(dataset, {.workers = workers});
    prefetch.next();
    prefetch.next();
    CHECK_THROWS_AS(prefetch.next(), std::runtime_error);
    CHECK(calls == 3);
  }
}

TEST_CASE("Prefetch may end at any time") {
  for (int taken = 0; taken < 6; ++taken) {
    Slow slow;
    Prefetch prefetch(slow, {.workers = 3, .max_queue_size = 2});
    for (int i = 0; i < taken; ++i) prefetch.next();
  }
}
