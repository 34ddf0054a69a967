#include "core/shown.hpp"

#include "catch.hpp"

using xeras::shown;

TEST_CASE("shown leaves a name of a line as it is") {
  CHECK(shown("größe") == "größe");
  CHECK(shown(std::string(100, 'a')) == std::string(100, 'a'));
}

TEST_CASE("shown cuts a longer name between two characters") {
  CHECK(shown(std::string(99, 'a') + "üb") == std::string(99, 'a') + "...");
  CHECK(shown(std::string(98, 'a') + "üb") == std::string(98, 'a') + "ü...");
}

TEST_CASE("shown makes one line of several") { CHECK(shown("a\nb\tc") == "a b c"); }

TEST_CASE("ends_of keeps the two ends of a long message") {
  CHECK(xeras::ends_of("short") == "short");
  CHECK(xeras::ends_of(std::string(5000, 'a') + "\xC3\xBC" + std::string(799, 'b')) ==
        std::string(800, 'a') + "..." + std::string(799, 'b'));
}
