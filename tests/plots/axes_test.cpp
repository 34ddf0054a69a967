#include "plots/axes.hpp"

#include <cmath>

#include "catch.hpp"

using namespace xeras::plots;

namespace {

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> labels;
  for (const Tick& tick : axis.ticks()) labels.push_back(tick.label);
  return labels;
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("Axis has ticks at 1, 2 or 5 times a power of 10") {
  CHECK(labels(Axis::linear(0.0, 1.0, 6)) == Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(labels(Axis::linear(0.0, 1.0, 12)) ==
        Labels{"0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1.0"});
  CHECK(labels(Axis::linear(-100.0, 90.0, 5)) == Labels{"-100", "-50", "0", "50"});
  CHECK(labels(Axis::linear(0.231, 0.2345, 5)) == Labels{"0.231", "0.232", "0.233", "0.234"});
}

TEST_CASE("Axis leaves a margin of a twentieth at both ends") {
  const Axis axis = Axis::linear(0.0, 10.0, 5);  // from -0.5 to 10.5
  CHECK(std::abs(axis.share(-0.5)) < 1e-12);
  CHECK(std::abs(axis.share(5.0) - 0.5) < 1e-12);
  CHECK(std::abs(axis.share(10.5) - 1.0) < 1e-12);
}

TEST_CASE("Axis widens a range of a single value") {
  CHECK(std::abs(Axis::linear(0.5, 0.5, 5).share(0.5) - 0.5) < 1e-12);
  CHECK(labels(Axis::linear(0.5, 0.5, 5)) == Labels{"0.46", "0.48", "0.50", "0.52", "0.54"});
  CHECK(labels(Axis::linear(0.0, 0.0, 5)) == Labels{"-1.0", "-0.5", "0.0", "0.5", "1.0"});
  CHECK(labels(Axis::linear(1.0, 1.0 + 1e-15, 2)) == Labels{"0.9", "1.0", "1.1"});
  CHECK(labels(Axis::integers(3.0, 3.0, 5)) == Labels{"3"});
  CHECK(std::abs(Axis::logarithmic(1e-3, 1e-3, 5).share(1e-3) - 0.5) < 1e-12);
}

TEST_CASE("Axis writes large and small numbers with an exponent") {
  CHECK(labels(Axis::linear(0.0, 3e8, 4)) == Labels{"0", "1e8", "2e8", "3e8"});
  CHECK(labels(Axis::linear(1e-7, 2.6e-7, 4)) == Labels{"1e-7", "1.5e-7", "2e-7", "2.5e-7"});
  CHECK(labels(Axis::linear(-largest_value, largest_value, 3)) == Labels{"-1e300", "0", "1e300"});
  CHECK(labels(Axis::linear(1e-305, 3e-305, 2)).size() > 1);
}

TEST_CASE("Axis of integers has no fractions") {
  CHECK(labels(Axis::integers(1.0, 3.0, 10)) == Labels{"1", "2", "3"});
  CHECK(labels(Axis::integers(1.0, 10.0, 6)) == Labels{"2", "4", "6", "8", "10"});
  CHECK(labels(Axis::integers(1.0, 1000.0, 5)) == Labels{"200", "400", "600", "800", "1000"});
  CHECK(Axis::integers(1.0, 3.0, 10).share(1.0) == 0.0);
}

TEST_CASE("Axis with logarithms has ticks at powers of 10, and between them if there is room") {
  CHECK(labels(Axis::logarithmic(1e-4, 1.0, 6)) == Labels{"1e-4", "0.001", "0.01", "0.1", "1"});
  CHECK(labels(Axis::logarithmic(1e-3, 1e-2, 6)) == Labels{"0.001", "0.002", "0.005", "0.01"});
  CHECK(labels(Axis::logarithmic(0.2, 0.6, 6)) == Labels{"0.2", "0.3", "0.4", "0.5", "0.6"});
  CHECK(labels(Axis::logarithmic(1e-12, 1.0, 3)).size() <= 4);
  CHECK(std::abs(Axis::logarithmic(1e-4, 1.0, 6).share(1e-2) - 0.5) < 1e-12);
  CHECK(labels(Axis::logarithmic(5e-324, largest_value, 5)).size() > 1);
}

TEST_CASE("Axis::equal gives both axes the same unit") {
  const auto [x, y] = Axis::equal(Axis::linear(0.0, 10.0, 5), 200.0, Axis::linear(0.0, 1.0, 5), 100.0);
  CHECK(std::abs((x.share(1.0) - x.share(0.0)) * 200.0 - (y.share(1.0) - y.share(0.0)) * 100.0) < 1e-12);
  CHECK(std::abs(y.share(0.5) - 0.5) < 1e-12);
  CHECK(std::abs(x.share(5.0) - 0.5) < 1e-12);
}
