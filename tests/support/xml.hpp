#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace xeras::testing {

// One element of an XML document. `text` is its own text, without that of inner elements, with entities resolved.
struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;
  std::size_t depth = 0;
};

// Returns the elements of a well-formed document in the order of their start tags. Throws std::runtime_error otherwise.
// Reads what an SVG picture of the library may have: elements, attributes, text, and the five named or decimal
// entities.
std::vector<XmlElement> parse_xml(std::string_view document);

// A picture read from its file.
class Picture {
 public:
  explicit Picture(const std::string& path);

  std::size_t size() const { return size_; }
  const std::vector<XmlElement>& elements() const { return elements_; }
  std::vector<XmlElement> all(std::string_view name) const;
  // Returns the drawn texts in their order.
  std::vector<std::string> texts() const;
  bool has_text(std::string_view text) const;
  // Returns the first drawn element with that text.
  XmlElement text(std::string_view text) const;
  // Returns the titles for a pointer over an element.
  std::vector<std::string> titles() const;
  std::string description() const;

 private:
  std::size_t size_;
  std::vector<XmlElement> elements_;
};

}  // namespace xeras::testing
