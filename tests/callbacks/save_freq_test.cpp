#include "xeras/callbacks/save_freq.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using callbacks::SaveFreq;

TEST_CASE("SaveFreq is \"epoch\" or a positive number of batches") {
  CHECK_FALSE(SaveFreq().batches());
  CHECK_FALSE(SaveFreq("epoch").batches());
  CHECK(SaveFreq(7).batches() == 7);
  CHECK(SaveFreq(std::size_t{7}).batches() == 7);
  CHECK(message_of<InvalidArgument>([] { SaveFreq("batch"); }) ==
        "save_freq: \"batch\"; expected \"epoch\" or a number of batches. Write 100 for each hundredth batch.");
  CHECK(message_of<InvalidArgument>([] { SaveFreq(0); }) ==
        "save_freq: 0; expected a positive number of batches. Write \"epoch\" to save after each epoch.");
}
