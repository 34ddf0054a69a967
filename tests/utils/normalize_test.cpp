// The numbers are those of keras.utils.normalize, Keras 3.15.
#include "xeras/utils/normalize.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/close.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using utils::normalize;

namespace {

const Tensor x{{3, 4, 0}, {1, -2, 2}, {0, 0, 0}};

void check(const Tensor& result, const std::vector<float>& expected) {
  REQUIRE(result.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(result.data()[i] - expected[i]) < 1e-6f);
}

}  // namespace

TEST_CASE("normalize divides by the norm of any order; zeros remain") {
  check(normalize(x), {0.6f, 0.8f, 0, 0.333333f, -0.666667f, 0.666667f, 0, 0, 0});
  check(normalize(x, {.order = 1}), {0.428571f, 0.571429f, 0, 0.2f, -0.4f, 0.4f, 0, 0, 0});
  check(normalize(x, {.order = 3}), {0.666972f, 0.889296f, 0, 0.388911f, -0.777822f, 0.777822f, 0, 0, 0});
  check(normalize(x, {.order = INFINITY}), {0.75f, 1, 0, 0.5f, -1, 1, 0, 0, 0});
  check(normalize(x, {.order = -INFINITY}), {3, 4, 0, 1, -2, 2, 0, 0, 0});
  check(normalize(x, {.order = 0}), {1.5f, 2, 0, 0.333333f, -0.666667f, 0.666667f, 0, 0, 0});
  check(normalize(x, {.order = 0.5}), {0.21539f, 0.287187f, 0, 0.068227f, -0.136455f, 0.136455f, 0, 0, 0});
}

TEST_CASE("normalize takes any axis") {
  const std::vector<float> columns{0.948683f, 0.894427f, 0, 0.316228f, -0.447214f, 1, 0, 0, 0};
  check(normalize(xt::xarray<float>(xt::expand_dims(x, 0)), {.axis = 1}), columns);
  check(normalize(x, {.axis = 0}), columns);
  check(normalize({3, 4}), {0.6f, 0.8f});
}

TEST_CASE("normalize refuses an axis that is not there and an order that is no number") {
  CHECK(message_of<InvalidArgument>([] { normalize(x, {.axis = 2}); }) ==
        "normalize: axis is 2 of an array of shape (3, 3); expected one in [-2, 2).");
  CHECK(message_of<InvalidArgument>([] { normalize(x, {.order = NAN}); }) ==
        "normalize: order is nan; expected a number. 2 is usual.");
}
