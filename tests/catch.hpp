#pragma once

// Catch2 as the tests see it, from either of its generations: one header in 2.x, many in 3.x.
// Write matchers as Catch::Matchers::WithinAbs and WithinRel, which both have; Approx and Contains differ.
// A comparison of arrays needs a second pair of parentheses, REQUIRE((a == b)): xtensor's operators catch Catch2's own.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
