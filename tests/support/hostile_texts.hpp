#pragma once

#include <string>
#include <vector>

namespace xeras::testing {

// Bytes that are not UTF-8, and the same with U+FFFD in place of each maximal subpart.
struct HostileText {
  const char* kind;
  std::string bytes;
  std::string replaced;
};

// Expected: bytes.decode("utf-8", "replace") of Python 3.11.
inline std::vector<HostileText> hostile_texts() {
  const std::string bad = "\uFFFD";
  return {
      {"a byte that never occurs",
       "a \xFF"
       "b \xFE",
       "a " + bad + "b " + bad},
      {"a continuation byte alone",
       "\x80 a\xBF"
       "b",
       bad + " a" + bad + "b"},
      {"two bytes cut at the end", "a b\xC3", "a b" + bad},
      {"two bytes cut by a space", "a\xC3 b", "a" + bad + " b"},
      {"three bytes cut after one", "a\xE6 b", "a" + bad + " b"},
      {"three bytes cut after two", "\xE6\x97 a \xE6\x97", bad + " a " + bad},
      {"four bytes cut after three", "a\xF0\x9F\x98 \xF0\x9F\x98", "a" + bad + " " + bad},
      {"four bytes cut by four bytes", "\xF0\x9F\xF0\x9F\x98\x80", bad + "\U0001F600"},
      {"an overlong slash of two bytes",
       "a\xC0\xAF"
       "b",
       "a" + bad + bad + "b"},
      {"an overlong slash of three bytes", "a \xE0\x80\xAF", "a " + bad + bad + bad},
      {"an overlong slash of four bytes", "\xF0\x80\x80\xAF a", bad + bad + bad + bad + " a"},
      {"an overlong NUL", "a\xC0\x80 b", "a" + bad + bad + " b"},
      {"an overlong DEL", "\xC1\xBF", bad + bad},
      {"a high surrogate", "a \xED\xA0\x80", "a " + bad + bad + bad},
      {"a low surrogate",
       "\xED\xBF\xBF"
       "a",
       bad + bad + bad + "a"},
      {"an emoji as two surrogates", "\xED\xA0\xBD\xED\xB8\x80", bad + bad + bad + bad + bad + bad},
      {"above U+10FFFF", "\xF4\x90\x80\x80 a", bad + bad + bad + bad + " a"},
      {"the five bytes of old UTF-8", "\xF8\x88\x80\x80\x80", bad + bad + bad + bad + bad},
      {"UTF-16 with its mark",
       {"\xFF\xFE"
        "a\0b\0",
        6},
       bad + bad + std::string("a\0b\0", 4)},
      {"Latin-1",
       "gr\xFC\xDF"
       "e",
       "gr" + bad + bad + "e"},
      {"a NUL before a wrong byte", {"a\0\xFF b", 5}, std::string("a\0", 2) + bad + " b"},
  };
}

// Valid UTF-8 whose characters are rare: each is a text that nothing may replace.
inline std::vector<std::string> strange_texts() {
  return {
      "",
      {"\0", 1},
      {"a\0b \0 c\0", 8},
      "\uFEFFa b",                    // a byte order mark
      "\uFFFD \uFFFE \uFFFF",         // the replacement character and what is no character
      "\U0010FFFF \U000F0000",        // the last code point, private use
      "e\u0301 \u200D\u200B \u202E",  // marks, joiners, the direction of writing
      "\uD7FF \uE000",                // around the surrogates
      "\x7F \x01\x1F",
      "\u00A0\u2003\u3000\u2028 a",  // spaces of other scripts
      "\U0001F469\u200D\U0001F4BB",
      std::string(300, ' ') + "\n\r\t\v\f",
  };
}

}  // namespace xeras::testing
