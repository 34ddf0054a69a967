#pragma once

#include <cstdint>
#include <string_view>

namespace xeras::text {

// Returns FarmHash's Fingerprint64, the same on every machine. TensorFlow's to_hash_bucket_fast is this modulo the
// number of buckets.
std::uint64_t farm_fingerprint(std::string_view text);

}  // namespace xeras::text
