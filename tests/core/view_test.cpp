#include "xeras/core/view.hpp"

#include <algorithm>
#include <vector>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;

TEST_CASE("a View is an xtensor expression, as rows or flat") {
  float values[] = {1, 2, 3, 4, 5, 6};
  float gains[] = {10, 100, 1000};
  const View x{values, {1, 2, 3}}, gain{gains, {3}};
  x.matrix() = x.matrix() * gain.flat();
  CHECK(values[5] == 6000.0f);
  gain.flat() += xt::sum(x.matrix(), {0});
  CHECK(gains[0] == 60.0f);
}

TEST_CASE("a View that is assigned to another one of its type copies the numbers") {
  float from[] = {1, 2, 3, 4}, to[] = {0, 0, 0, 0};
  const View x{from, {2, 2}}, y{to, {2, 2}};
  y.flat() = x.flat();
  CHECK(std::equal(from, from + 4, to));
  std::fill_n(to, 4, 0.0f);
  y.matrix() = x.matrix();
  CHECK(std::equal(from, from + 4, to));
  const auto rows = x.matrix();
  std::fill_n(to, 4, 0.0f);
  y.matrix() = rows;
  CHECK(std::equal(from, from + 4, to));
  CHECK(from[3] == 4.0f);
}

TEST_CASE("a View takes no expression of another shape, and says so") {
  float values[] = {1, 2, 3, 4, 5, 6}, gains[] = {10, 100, 1000};
  const View x{values, {2, 3}}, gain{gains, {3}};
  const auto wrong = [](const std::string& to, const std::string& from, const std::string& expected) {
    return "View: an array of shape " + to + " is set by an expression of shape " + from + "; expected " + expected +
           ". matrix() is a matrix over the last axis, flat() has one axis.";
  };
  const std::string same = "one of the same shape", broadcasting = "one that broadcasts to its shape";
  const xt::xarray<float> other = xt::ones<float>({3, 2});
  CHECK(message_of<ShapeError>([&] { x.matrix() = other; }) == wrong("(2, 3)", "(3, 2)", same));
  CHECK(message_of<ShapeError>([&] { x.matrix() = xt::xtensor<float, 2>(other); }) == wrong("(2, 3)", "(3, 2)", same));
  CHECK(message_of<ShapeError>([&] { x.matrix() = 2.0f * gain.flat(); }) == wrong("(2, 3)", "(3,)", same));
  CHECK(message_of<ShapeError>([&] { x.flat() = x.matrix(); }) == wrong("(6,)", "(2, 3)", same));
  CHECK(message_of<ShapeError>([&] { gain.flat() = x.flat(); }) == wrong("(3,)", "(6,)", same));
  CHECK(message_of<ShapeError>([&] { x.matrix() += other; }) == wrong("(2, 3)", "(3, 2)", broadcasting));
  CHECK(message_of<ShapeError>([&] { gain.flat() *= x.matrix(); }) == wrong("(3,)", "(2, 3)", broadcasting));
  CHECK(message_of<ShapeError>([&] { gain.matrix() -= x.matrix(); }) == wrong("(1, 3)", "(2, 3)", broadcasting));
  CHECK(message_of<ShapeError>([&] { gain.matrix() /= x.matrix(); }) == wrong("(1, 3)", "(2, 3)", broadcasting));
  CHECK(values[5] == 6.0f);
  CHECK(gains[2] == 1000.0f);
}

TEST_CASE("a View is changed by numbers and by expressions that broadcast") {
  float values[] = {1, 2, 3, 4, 5, 6}, gains[] = {10, 100, 1000};
  const View x{values, {2, 3}}, gain{gains, {3}};
  x.matrix() *= gain.flat();
  x.matrix() += 1.0f;
  x.matrix() -= xt::ones<float>({2, 1});
  x.flat() /= 2.0f;
  CHECK(std::vector<float>(values, values + 6) == std::vector<float>{5, 100, 1500, 20, 250, 3000});
}
