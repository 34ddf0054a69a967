#pragma once

/// Marks what a shared build of the library shows to its users; everything else stays hidden.
#define XERAS_API __attribute__((visibility("default")))
