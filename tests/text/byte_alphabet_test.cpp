#include "text/byte_alphabet.hpp"

#include "catch.hpp"

using namespace xeras::text;

// Expected: bytes_to_unicode of GPT-2's encoder.py.
TEST_CASE("spell_byte and spelled_bytes are GPT-2's alphabet") {
  CHECK(spell_byte('!') == "!");
  CHECK(spell_byte(' ') == "\u0120");
  CHECK(spell_byte(0) == "\u0100");
  CHECK(spell_byte('\n') == "\u010a");
  CHECK(spell_byte(0x7F) == "\u0121");
  CHECK(spell_byte(0xA0) == "\u0142");
  CHECK(spell_byte(0xAD) == "\u0143");
  CHECK(spell_byte(0xAE) == "\u00ae");
  CHECK(spell_byte(0xFF) == "\u00ff");
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto one = static_cast<unsigned char>(byte);
    CHECK(spelled_bytes(spell_byte(one)) == std::string(1, static_cast<char>(one)));
  }
  CHECK(spelled_bytes("\u0120the") == " the");
  CHECK(!spelled_bytes("a b"));
  CHECK(!spelled_bytes("\u2581a"));
}
