#include "core/parallel.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/threads.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::testing;

TEST_CASE("Tasks run once each, with any number of threads") {
  for (const int n : {1, 2, 8}) {
    const Threads threads(n);
    for (const std::size_t count : {0u, 1u, 2u, 1000u, 70'000u}) {
      std::vector<std::atomic<int>> runs(count);
      parallel_tasks(count, [&](std::size_t i) { ++runs[i]; });
      CHECK(std::all_of(runs.begin(), runs.end(), [](const std::atomic<int>& n_runs) { return n_runs == 1; }));
    }
  }
}

TEST_CASE("Ranges cover all items, and little work stays in one piece") {
  const Threads threads(4);
  std::vector<int> covered(100'000);
  std::atomic<int> ranges{0};
  const auto cover = [&](std::size_t begin, std::size_t end) {
    ++ranges;
    for (std::size_t i = begin; i < end; ++i) ++covered[i];
  };
  parallel_for(covered.size(), 10, cover);
  CHECK(std::accumulate(covered.begin(), covered.end(), 0) == 100'000);
  CHECK(ranges > 1);
  ranges = 0;
  parallel_for(1000, 1, cover);
  CHECK(ranges == 1);
  parallel_for(0, 1'000'000, [](std::size_t, std::size_t) { FAIL("a range of nothing"); });
}

TEST_CASE("Tasks within a task run in its thread") {
  const Threads threads(4);
  std::atomic<int> strangers{0};
  parallel_tasks(8, [&](std::size_t) {
    const std::thread::id here = std::this_thread::get_id();
    parallel_tasks(8, [&](std::size_t) { strangers += std::this_thread::get_id() != here; });
  });
  CHECK(strangers == 0);
}

TEST_CASE("Threads that meet do their own work, and none of it is lost") {
  const Threads threads(3);
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int k = 0; k < 200; ++k) parallel_tasks(5, [&](std::size_t) { ++done; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(done == 4 * 200 * 5);
}

TEST_CASE("Tasks: what one throws comes out when all are done, and later ones run") {
  for (const int n : {1, 4}) {
    const Threads threads(n);
    std::atomic<int> done{0};
    CHECK_THROWS_AS(parallel_tasks(100,
                                   [&](std::size_t i) {
                                     if (i == 3) throw InvalidArgument("three");
                                     ++done;
                                   }),
                    InvalidArgument);
    if (n > 1) CHECK(done == 99);
    parallel_tasks(10, [&](std::size_t) { ++done; });
    CHECK(done >= 10);
  }
}

TEST_CASE("Scratch memory is a thread's own, and stays where it is") {
  float* const mine = scratch_of_thread();
  float* other = nullptr;
  std::thread([&] { other = scratch_of_thread(); }).join();
  CHECK(mine == scratch_of_thread());
  CHECK(mine != other);
  float* const more = more_scratch_of_thread(100);
  CHECK(more == more_scratch_of_thread(50));
  CHECK(more != mine);
}

TEST_CASE("Tasks run in the child of a fork, where no worker is left") {
  const Threads threads(2);
  parallel_tasks(4, [](std::size_t) {});
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<int> done{0};
    parallel_tasks(4, [&](std::size_t) { ++done; });
    _exit(done == 4 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(status == 0);
}

TEST_CASE("FlushDenormals lasts as long as it lives") {
  volatile float tiny = 1e-38f;
  const auto smaller = [&] { return tiny * 0.01f; };
#if defined(__SSE2__)
  {
    const FlushDenormals flush;
    CHECK(smaller() == 0.0f);
  }
#endif
  CHECK(smaller() > 0.0f);
}

TEST_CASE("Numbers below the normal ones are 0 in all work, so that they are the same with any number of threads") {
#if defined(__SSE2__)
  for (const int n : {1, 2, 8}) {
    const Threads threads(n);
    for (const std::size_t work : {1u, 1'000'000u}) {
      volatile float tiny = 1e-38f;
      std::vector<float> products(64, -1.0f);
      parallel_for(products.size(), work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) products[i] = tiny * 0.01f;
      });
      CHECK(products == std::vector<float>(64, 0.0f));
      CHECK(tiny * 0.01f > 0.0f);
    }
  }
#endif
}

TEST_CASE("set_num_threads refuses what cannot be") {
  CHECK(message_of<InvalidArgument>([] { set_num_threads(0); }) ==
        "set_num_threads: n is 0; expected a positive integer. 1 keeps all work in the caller's thread.");
}
