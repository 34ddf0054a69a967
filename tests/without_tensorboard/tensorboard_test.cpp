// A library that was built without protobuf.
#include "xeras/callbacks/tensorboard.hpp"
#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

TEST_CASE("TensorBoard raises FileError in a library without it") {
  CHECK(message_of<xeras::FileError>([] { xeras::callbacks::TensorBoard(); }) ==
        "TensorBoard: xeras was built without it; expected a build with it. Configure it with -D XERAS_TENSORBOARD=ON, "
        "which needs protobuf and XERAS_FILES=ON.");
}
