#include "text/sip_hash.hpp"

#include <string>

#include "catch.hpp"

using xeras::text::sip_hash;

TEST_CASE("sip_hash gives the values of its authors") {
  // The key 00 01 .. 0f, and texts of the bytes 00 01 .. of several lengths: vectors_sip64 of the reference code.
  const std::array<std::uint64_t, 2> key{0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
  std::string text;
  CHECK(sip_hash(text, key) == 0x726fdb47dd0e0e31u);
  text += '\0';
  CHECK(sip_hash(text, key) == 0x74f839c593dc67fdu);
  for (char c = 1; c < 15; ++c) text += c;
  CHECK(sip_hash(text, key) == 0xa129ca6149be45e5u);
}

TEST_CASE("sip_hash gives the buckets of TensorFlow") {
  // tf.strings.to_hash_bucket_strong(["hello"], 1000003, [133, 137]) of TensorFlow 2.21.
  CHECK(sip_hash("hello", {133, 137}) % 1000003 == 73327);
}
