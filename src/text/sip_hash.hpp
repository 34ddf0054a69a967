#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace xeras::text {

// Returns SipHash-2-4 of a text. TensorFlow's to_hash_bucket_strong is this modulo the number of buckets.
std::uint64_t sip_hash(std::string_view text, const std::array<std::uint64_t, 2>& key);

}  // namespace xeras::text
