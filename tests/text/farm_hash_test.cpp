#include "text/farm_hash.hpp"

#include <string>

#include "catch.hpp"

using xeras::text::farm_fingerprint;

TEST_CASE("farm_fingerprint gives what TensorFlow's fingerprint gives") {
  // tf.fingerprint(data, method="farmhash64") of TensorFlow 2.21, for each length that has its own formula.
  const auto repeated = [](const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
  };
  CHECK(farm_fingerprint("") == 11160318154034397263u);
  CHECK(farm_fingerprint("a") == 12917804110809363939u);
  CHECK(farm_fingerprint("abcd") == 1897425971756105985u);
  CHECK(farm_fingerprint("hello world") == 6381520714923946011u);
  CHECK(farm_fingerprint(std::string(17, 'x')) == 11306081951414300581u);
  CHECK(farm_fingerprint(repeated("0123456789", 4)) == 8835108245187232700u);
  CHECK(farm_fingerprint(repeated("0123456789", 6) + "abcd") == 15478263449166225087u);
  CHECK(farm_fingerprint(repeated("0123456789", 10)) == 5075634454939960746u);
  CHECK(farm_fingerprint(repeated("ab", 500)) == 6115196579277400674u);
}
