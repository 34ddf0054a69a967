#include "data/shared_prefetch.hpp"

#include <atomic>
#include <mutex>

#include "catch.hpp"
#include "support/thread_processes.hpp"
#include "xeras/data/from_generator.hpp"
#include "xeras/data/map.hpp"

using namespace xeras;
using data::SharedPrefetch;
using testing::ThreadProcesses;

namespace {

// Batch i is {i}.
struct Counting final : data::Dataset {
  explicit Counting(std::int64_t batches, bool tells = true) : size(batches), tells_size(tells) {}
  std::int64_t num_batches() const override { return tells_size ? size : data::unknown; }
  data::Batch get_batch(std::int64_t index) override {
    if (index >= size) return {};
    const std::lock_guard lock(mutex);
    made.push_back(index);
    return {{static_cast<float>(index)}};
  }
  std::int64_t size;
  bool tells_size;
  std::mutex mutex;
  std::vector<std::int64_t> made;
};

std::vector<float> rest_of(SharedPrefetch& prefetch) {
  std::vector<float> values;
  for (data::Batch batch = prefetch.next(); batch.x; batch = prefetch.next()) {
    values.push_back(batch.x.to_tensor()(0));
  }
  return values;
}

std::vector<float> numbers(std::int64_t first, std::int64_t end) {
  std::vector<float> values;
  for (std::int64_t i = first; i < end; ++i) values.push_back(static_cast<float>(i));
  return values;
}

}  // namespace

TEST_CASE("Processes make each batch once, and all get all of them in order") {
  for (const int count : {1, 2, 3}) {
    for (const std::int64_t workers : {1, 3}) {
      for (const std::int64_t size : {0, 1, 2, 3, 7, 9}) {
        std::vector<std::vector<float>> got(static_cast<std::size_t>(count));
        std::atomic<std::size_t> made = 0;
        ThreadProcesses(count, [&](Processes& processes) {
          Counting counting(size);
          SharedPrefetch prefetch(counting, {.end = size, .workers = workers}, &processes);
          got[static_cast<std::size_t>(processes.id())] = rest_of(prefetch);
          made += counting.made.size();
          for (const std::int64_t index : counting.made) made += index % count == processes.id() ? 0 : 1000;
        });
        for (const std::vector<float>& values : got) CHECK(values == numbers(0, size));
        CHECK(made == static_cast<std::size_t>(size));
      }
    }
  }
}

TEST_CASE("Processes begin anywhere, follow an order, and find the end of data of unknown size") {
  const std::vector<std::int64_t> order{3, 0, 2, 1, 4};
  std::vector<std::vector<float>> ordered(2), open(2);
  ThreadProcesses(2, [&](Processes& processes) {
    const auto id = static_cast<std::size_t>(processes.id());
    Counting counting(5);
    SharedPrefetch some(counting, {.first = 1, .end = 4, .order = &order}, &processes);
    ordered[id] = rest_of(some);
    Counting of_unknown_size(6, false);
    SharedPrefetch all(of_unknown_size, {.first = 1, .workers = 2}, &processes);
    open[id] = rest_of(all);
    if (all.next().x) open[id].clear();
  });
  CHECK((ordered[0] == std::vector<float>{0, 2, 1} && ordered[1] == ordered[0]));
  CHECK((open[0] == numbers(1, 6) && open[1] == open[0]));
}

TEST_CASE("Every process reads a source in order whole, up to the end of its positions, and finishes its own batches") {
  for (const std::int64_t workers : {1, 3}) {
    for (const std::int64_t size : {1, 4, 5, 6}) {
      std::vector<std::vector<float>> got(3);
      std::atomic<int> finished = 0, reads = 0;
      ThreadProcesses(3, [&](Processes& processes) {
        int calls = 0;
        auto dataset = data::map(data::from_generator([&]() -> std::optional<data::Batch> {
                                   return data::Batch{{static_cast<float>(calls++)}};
                                 }),
                                 [&](data::Batch batch) {
                                   ++finished;
                                   return batch;
                                 });
        SharedPrefetch prefetch(dataset, {.end = size, .workers = workers}, &processes);
        got[static_cast<std::size_t>(processes.id())] = rest_of(prefetch);
        reads += calls;
      });
      for (const std::vector<float>& values : got) CHECK(values == numbers(0, size));
      CHECK(finished == size);
      CHECK(reads == 3 * size);
    }
  }
}
