#include "core/id_advice.hpp"

#include "catch.hpp"

using namespace xeras;

TEST_CASE("advice_for_id tells a negative id, the forgotten + 1 and a larger one apart") {
  CHECK(advice_for_id(-1, 10, "input_dim") == "Ids count from 0; is a missing word encoded as a negative number?");
  CHECK(advice_for_id(10, 10, "input_dim") == "A Tokenizer counts its words from 1: input_dim is their number + 1.");
  CHECK(advice_for_id(11, 10, "input_dim") == "Was the tokenizer limited with num_words = 10?");
  CHECK(advice_for_id(std::uint64_t{1} << 63, 10, "input_dim") == "Was the tokenizer limited with num_words = 10?");
}
