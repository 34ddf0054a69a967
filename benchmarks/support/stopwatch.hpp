#pragma once

#include <sys/resource.h>
#include <unistd.h>
#include <xeras/xeras.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "peak_memory.hpp"

namespace benchmarks {

// Times steps of work and prints one line of JSON per measurement: medians, the peak memory of this process, and how
// many processors other processes kept busy, which shows how far the figures can be trusted.
class Stopwatch {
 public:
  // on_request: measures once for each line of standard input, so that another program can alternate between two.
  Stopwatch(double seconds, bool on_request) : seconds_(seconds), on_request_(on_request) {}

  // Times `inner` steps at once, for steps shorter than the clock's resolution.
  template <class F>
  void time(const std::string& name, F step, int inner = 1) const {
    std::string request;
    if (!on_request_) measure(name, step, inner);
    while (on_request_ && std::getline(std::cin, request)) measure(name, step, inner);
  }

 private:
  using Clock = std::chrono::steady_clock;

  static double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

  template <class F>
  void measure(const std::string& name, F& step, int inner) const {
    const auto warm = Clock::now();
    do step();
    while (since(warm) < std::min(0.3, seconds_ / 2));
    std::vector<double> times;
    const double busy = busy_seconds_of_others();
    const auto start = Clock::now();
    while (times.size() < 3 || since(start) < seconds_) {
      const auto one = Clock::now();
      for (int i = 0; i < inner; ++i) step();
      times.push_back(since(one) / inner * 1e3);
    }
    const double others = std::max(0.0, (busy_seconds_of_others() - busy) / since(start));
    std::sort(times.begin(), times.end());
    std::printf(R"({"workload": "%s", "library": "xeras", "threads": %d, "ms": %.5f, "ms_min": %.5f, "ms_p90": %.5f, )"
                R"("n": %zu, "steps": %zu, "memory_mib": %.0f, "others": %.2f})"
                "\n",
                name.c_str(), xeras::num_threads(), times[times.size() / 2], times.front(),
                times[times.size() * 9 / 10], times.size(), times.size() * static_cast<std::size_t>(inner), peak_mib(),
                others);
    std::fflush(stdout);
  }

  // Returns the busy seconds of other processes since some time in the past. The first line of /proc/stat counts ticks:
  // user, nice, system, idle, iowait, irq, softirq, steal.
  static double busy_seconds_of_others() {
    std::ifstream file("/proc/stat");
    std::string cpu;
    file >> cpu;
    double busy = 0;
    for (int field = 0; field < 8; ++field) {
      double ticks = 0;
      file >> ticks;
      if (field != 3 && field != 4) busy += ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
    }
    rusage own{};
    getrusage(RUSAGE_SELF, &own);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return busy - seconds(own.ru_utime) - seconds(own.ru_stime);
  }

  double seconds_;
  bool on_request_;
};

}  // namespace benchmarks
