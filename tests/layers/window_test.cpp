#include "layers/window.hpp"

#include "catch.hpp"

using xeras::layers::Window;

// Keras 3.15's formulas: valid floor((n - span) / s) + 1, same and causal ceil(n / s); the zeros of "same" are
// max((out - 1) s + span - n, 0), of which the smaller half stands in front.

TEST_CASE("Window without padding has places where it fits as a whole") {
  const Window window{.size = 3, .stride = 2};
  CHECK(window.span() == 3);
  CHECK_FALSE(window.fits(2));
  CHECK(window.fits(3));
  CHECK(window.steps_out(3) == 1);
  CHECK(window.steps_out(4) == 1);
  CHECK(window.steps_out(5) == 2);
  CHECK(window.before(5) == 0);
  const Window dilated{.size = 3, .dilation = 4};
  CHECK(dilated.span() == 9);
  CHECK_FALSE(dilated.fits(8));
  CHECK(dilated.steps_out(10) == 2);
}

TEST_CASE("Window with same padding has a place for every stride, and the smaller half of the zeros in front") {
  const Window even{.size = 4, .padding = "same"};
  CHECK(even.steps_out(5) == 5);
  CHECK(even.before(5) == 1);
  const Window strided{.size = 3, .stride = 2, .padding = "same"};
  CHECK(strided.steps_out(5) == 3);
  CHECK(strided.before(5) == 1);
  CHECK(strided.before(4) == 0);
  CHECK(strided.before(1) == 1);
  const Window sparse{.size = 1, .stride = 3, .padding = "same"};
  CHECK(sparse.steps_out(5) == 2);
  CHECK(sparse.before(5) == 0);
  CHECK(strided.fits(0));
  CHECK(strided.steps_out(0) == 0);
  CHECK(strided.before(0) == 0);
}

TEST_CASE("Window with causal padding has all zeros in front") {
  const Window window{.size = 3, .dilation = 2, .padding = "causal"};
  CHECK(window.steps_out(1) == 1);
  CHECK(window.before(1) == 4);
  CHECK(Window{.size = 3, .stride = 2, .padding = "causal"}.steps_out(5) == 3);
}
