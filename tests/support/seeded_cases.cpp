#include "xeras/core/random.hpp"

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#else
// Listeners need more of Catch2 2.x than tests do.
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>
#endif

namespace {

#if __has_include(<catch2/catch_test_macros.hpp>)
using Listener = Catch::EventListenerBase;
#else
using Listener = Catch::TestEventListenerBase;
#endif

// Seeds every test case, so that random weights are the same whichever cases run.
class SeededCases final : public Listener {
 public:
  using Listener::Listener;
  void testCaseStarting(const Catch::TestCaseInfo&) override { xeras::set_random_seed(1); }
};

}  // namespace

CATCH_REGISTER_LISTENER(SeededCases)
