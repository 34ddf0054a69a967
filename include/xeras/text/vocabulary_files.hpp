#pragma once

#include <string>
#include <utility>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras::text {

/// Reads a file with one token per line, such as BERT's vocab.txt; the id of a token is its line, from 0. Spaces at the
/// end of a line do not count.
///
/// Throws  FileError for a file that cannot be read, is not UTF-8, or repeats a token
XERAS_API std::vector<std::string> read_vocabulary(const std::string& path);

/// Reads a dictionary from tokens to ids in JSON, such as vocab.json of GPT-2.
///
/// Throws  FileError for a file that cannot be read or contains anything else
XERAS_API std::vector<std::pair<std::string, int>> read_vocabulary_json(const std::string& path);

/// Reads merge rules, two tokens per line with a space between them, such as merges.txt of GPT-2. A first line that
/// begins with #version, and empty lines, are skipped.
///
/// Throws  FileError for a file that cannot be read, is not UTF-8, or has a line of another form
XERAS_API std::vector<std::string> read_merges(const std::string& path);

/// Returns the content of a file, such as a .model of SentencePiece.
///
/// Throws  FileError for a file that cannot be read
XERAS_API std::string read_vocabulary_bytes(const std::string& path);

}  // namespace xeras::text
