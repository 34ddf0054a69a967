#include "text/unicode.hpp"

#include "catch.hpp"

using namespace xeras::text;

TEST_CASE("class_of knows letters, numbers and spaces of all scripts") {
  for (const char32_t c : {U'a', U'\u00e9', U'\u65e5', U'\u02b0'}) CHECK(class_of(c) == CharacterClass::letter);
  for (const char32_t c : {U'7', U'\u0663', U'\u00bd', U'\u2167'}) CHECK(class_of(c) == CharacterClass::number);
  for (const char32_t c : {U' ', U'\n', U'\u0085', U'\u00a0', U'\u3000'}) CHECK(class_of(c) == CharacterClass::space);
  for (const char32_t c : {U'!', U'\u0301', U'\u200b', U'\x1c', U'\x01'}) CHECK(class_of(c) == CharacterClass::other);
}

TEST_CASE("is_punctuation counts ASCII's symbols, is_control_or_format private characters") {
  for (const char32_t c : {U'$', U'^', U'`', U'~', U'!', U'_', U'\u2014', U'\u3002'}) CHECK(is_punctuation(c));
  for (const char32_t c : {U'a', U'Z', U'0', U' ', U'\x7f', U'\u20ac'}) CHECK(!is_punctuation(c));
  for (const char32_t c : {U'\x07', U'\x7f', U'\u200b', U'\ue000'}) CHECK(is_control_or_format(c));
  CHECK(!is_control_or_format(U'a'));
  CHECK(is_nonspacing_mark(U'\u0301'));
  CHECK(is_cjk_ideograph(U'\u4e2d'));
  CHECK(!is_cjk_ideograph(U'\u3042'));
}

// Expected: unicodedata.normalize("NFD") of Python 3.11.
TEST_CASE("decompose takes letters apart and sorts their marks") {
  const auto parts = [](std::vector<char32_t> points) {
    decompose(points);
    return points;
  };
  using Points = std::vector<char32_t>;
  CHECK(parts({U'a', U'\u00e9'}) == Points{U'a', U'e', U'\u0301'});
  CHECK(parts({U'\u1ed9'}) == Points{U'o', U'\u0323', U'\u0302'});
  CHECK(parts({U'q', U'\u0307', U'\u0323'}) == Points{U'q', U'\u0323', U'\u0307'});
  CHECK(parts({U'\uac01'}) == Points{U'\u1100', U'\u1161', U'\u11a8'});
  CHECK(parts({U'\ufb01', U'\u212b'}) == Points{U'\ufb01', U'A', U'\u030a'});
  CHECK(parts({}) == Points{});
}
