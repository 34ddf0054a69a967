#include "text/md5.hpp"

#include <fmt/format.h>

#include <string>

#include "catch.hpp"

using namespace xeras::text;

namespace {

std::string hexadecimal(std::string_view bytes) {
  std::string result;
  for (const std::uint8_t byte : md5(bytes)) result += fmt::format("{:02x}", byte);
  return result;
}

}  // namespace

// Expected: hashlib.md5 of Python 3.11.
TEST_CASE("md5 digests texts of every length around a block") {
  const auto letters = [](std::size_t count) { return hexadecimal(std::string(count, 'a')); };
  CHECK(letters(0) == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(letters(1) == "0cc175b9c0f1b6a831c399e269772661");
  CHECK(letters(55) == "ef1772b6dff9a122358552954ad0df65");
  CHECK(letters(56) == "3b0c8ac703f828b04c6c197006d17218");
  CHECK(letters(57) == "652b906d60af96844ebd21b674f35e93");
  CHECK(letters(63) == "b06521f39153d618550606be297466d5");
  CHECK(letters(64) == "014842d480b571495a4a0363793f7367");
  CHECK(letters(65) == "c743a45e0d2e6a95cb859adae0248435");
  CHECK(letters(119) == "8a7bd0732ed6a28ce75f6dabc90e1613");
  CHECK(letters(120) == "5f61c0ccad4cac44c75ff505e1f1e537");
  CHECK(letters(200) == "887f30b43b2867f4a9accceee7d16e6c");
}
