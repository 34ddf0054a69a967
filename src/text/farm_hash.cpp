// The algorithm of Fingerprint64 (farmhashna::Hash64) is that of FarmHash 1.1:
//
// Copyright (c) 2014 Google, Inc.
//
// Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
// documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
// rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to
// permit persons to whom the Software is furnished to do so, subject to the following conditions:
//
// The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
// Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
// WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
// COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
// OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
//
// FarmHash, by Geoff Pike
#include "text/farm_hash.hpp"

#include <bit>
#include <utility>

namespace xeras::text {
namespace {

using U64 = std::uint64_t;

constexpr U64 k0 = 0xc3a5c85c97cb3127u, k1 = 0xb492b66fbe98f273u, k2 = 0x9ae16a3b2f90404fu;

// Little endian on every machine.
U64 fetch(const char* from, int bytes) {
  U64 value = 0;
  for (int i = 0; i < bytes; ++i) value |= U64{static_cast<unsigned char>(from[i])} << (8 * i);
  return value;
}
U64 fetch64(const char* from) { return fetch(from, 8); }
U64 fetch32(const char* from) { return fetch(from, 4); }
U64 rotate(U64 value, int shift) { return std::rotr(value, shift); }
U64 shift_mix(U64 value) { return value ^ (value >> 47); }

U64 hash_pair(U64 u, U64 v, U64 factor) {
  const U64 a = shift_mix((u ^ v) * factor);
  return shift_mix((v ^ a) * factor) * factor;
}

U64 hash_up_to_16(const char* s, std::size_t length) {
  if (length >= 8) {
    const U64 factor = k2 + length * 2;
    const U64 a = fetch64(s) + k2, b = fetch64(s + length - 8);
    const U64 c = rotate(b, 37) * factor + a;
    const U64 d = (rotate(a, 25) + b) * factor;
    return hash_pair(c, d, factor);
  }
  if (length >= 4) {
    const U64 factor = k2 + length * 2;
    return hash_pair(length + (fetch32(s) << 3), fetch32(s + length - 4), factor);
  }
  if (length > 0) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(s[i])); };
    const std::uint32_t y = byte(0) + (byte(length >> 1) << 8);
    const std::uint32_t z = static_cast<std::uint32_t>(length) + (byte(length - 1) << 2);
    return shift_mix(y * k2 ^ z * k0) * k2;
  }
  return k2;
}

U64 hash_up_to_32(const char* s, std::size_t length) {
  const U64 factor = k2 + length * 2;
  const U64 a = fetch64(s) * k1, b = fetch64(s + 8);
  const U64 c = fetch64(s + length - 8) * factor, d = fetch64(s + length - 16) * k2;
  return hash_pair(rotate(a + b, 43) + rotate(c, 30) + d, a + rotate(b + k2, 18) + c, factor);
}

U64 hash_up_to_64(const char* s, std::size_t length) {
  const U64 factor = k2 + length * 2;
  const U64 a = fetch64(s) * k2, b = fetch64(s + 8);
  const U64 c = fetch64(s + length - 8) * factor, d = fetch64(s + length - 16) * k2;
  const U64 y = rotate(a + b, 43) + rotate(c, 30) + d;
  const U64 z = hash_pair(y, a + rotate(b + k2, 18) + c, factor);
  const U64 e = fetch64(s + 16) * factor, f = fetch64(s + 24);
  const U64 g = (y + fetch64(s + length - 32)) * factor, h = (z + fetch64(s + length - 24)) * factor;
  return hash_pair(rotate(e + f, 43) + rotate(g, 30) + h, e + rotate(f + a, 18) + g, factor);
}

using HashPair = std::pair<U64, U64>;

HashPair weak_hash(const char* s, U64 a, U64 b) {
  const U64 w = fetch64(s), x = fetch64(s + 8), y = fetch64(s + 16), z = fetch64(s + 24);
  a += w;
  b = rotate(b + a + z, 21);
  const U64 c = a;
  a += x + y;
  b += rotate(a, 44);
  return {a + z, b + c};
}

}  // namespace

std::uint64_t farm_fingerprint(std::string_view text) {
  const char* s = text.data();
  const std::size_t length = text.size();
  if (length <= 16) return hash_up_to_16(s, length);
  if (length <= 32) return hash_up_to_32(s, length);
  if (length <= 64) return hash_up_to_64(s, length);

  // A state of 56 bytes.
  constexpr U64 seed = 81;
  U64 x = seed, y = seed * k1 + 113, z = shift_mix(y * k2 + 113) * k2;
  HashPair v{0, 0}, w{0, 0};
  x = x * k2 + fetch64(s);
  const char* const end = s + (length - 1) / 64 * 64;
  const std::size_t rest = (length - 1) & 63;
  const char* const last64 = end + rest - 63;
  do {
    x = rotate(x + y + v.first + fetch64(s + 8), 37) * k1;
    y = rotate(y + v.second + fetch64(s + 48), 42) * k1;
    x ^= w.second;
    y += v.first + fetch64(s + 40);
    z = rotate(z + w.first, 33) * k1;
    v = weak_hash(s, v.second * k1, x + w.first);
    w = weak_hash(s + 32, z + w.second, y + fetch64(s + 16));
    std::swap(z, x);
    s += 64;
  } while (s != end);
  const U64 factor = k1 + ((z & 0xff) << 1);
  s = last64;
  w.first += rest;
  v.first += w.first;
  w.first += v.first;
  x = rotate(x + y + v.first + fetch64(s + 8), 37) * factor;
  y = rotate(y + v.second + fetch64(s + 48), 42) * factor;
  x ^= w.second * 9;
  y += v.first * 9 + fetch64(s + 40);
  z = rotate(z + w.first, 33) * factor;
  v = weak_hash(s, v.second * factor, x + w.first);
  w = weak_hash(s + 32, z + w.second, y + fetch64(s + 16));
  std::swap(z, x);
  return hash_pair(hash_pair(v.first, w.first, factor) + shift_mix(y) * k0 + z,
                   hash_pair(v.second, w.second, factor) + x, factor);
}

}  // namespace xeras::text
