#include "support/xml.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "text/utf8.hpp"

namespace xeras::testing {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view document) : rest_(document) {}

  std::vector<XmlElement> parse() {
    while (!rest_.empty()) {
      if (rest_.starts_with("</")) {
        end_tag();
      } else if (rest_.starts_with("<")) {
        start_tag();
      } else {
        const std::string text = unescaped(take_until("<"));
        if (!open_.empty()) {
          elements_[open_.back()].text += text;
        } else if (text.find_first_not_of('\n') != text.npos) {
          fail("text outside the root");
        }
      }
    }
    if (!open_.empty()) fail("an element without an end");
    if (elements_.empty()) fail("no element");
    return elements_;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("not XML: " + what + " before \"" + std::string(rest_.substr(0, 40)) + "\"");
  }
  bool skip(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  std::string_view take_until(std::string_view stops) {
    const std::string_view taken = rest_.substr(0, rest_.find_first_of(stops));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::string name() {
    const std::string_view taken =
        rest_.substr(0, rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"));
    if (taken.empty()) fail("a missing name");
    rest_.remove_prefix(taken.size());
    return std::string(taken);
  }
  std::string unescaped(std::string_view text) const {
    if (text::find_invalid(text) != text.npos) fail("bytes that are not UTF-8");
    std::string result;
    while (!text.empty()) {
      const auto byte = static_cast<unsigned char>(text[0]);
      if (text[0] == '<' || text[0] == '>' || (byte < 0x20 && byte != '\n')) fail("a character that needs an escape");
      if (text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF")) fail("a character that XML lacks");
      if (text[0] != '&') {
        result += text[0];
        text.remove_prefix(1);
        continue;
      }
      static const std::map<std::string_view, char> known{
          {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
      const auto entity = known.find(text.substr(0, text.find(';') + 1));
      if (entity == known.end()) fail("an unknown entity");
      result += entity->second;
      text.remove_prefix(entity->first.size());
    }
    return result;
  }
  void start_tag() {
    skip("<");
    XmlElement element{name(), {}, "", open_.size()};
    if (open_.empty() && !elements_.empty()) fail("a second root");
    while (skip(" ")) {
      const std::string key = name();
      if (!skip("=\"")) fail("an attribute without a value");
      const std::string value = unescaped(take_until("\""));
      if (!skip("\"")) fail("an attribute without an end");
      if (!element.attributes.emplace(key, value).second) fail("an attribute twice");
    }
    const bool is_empty = skip("/");
    if (!skip(">")) fail("a tag without an end");
    if (!is_empty) open_.push_back(elements_.size());
    elements_.push_back(std::move(element));
  }
  void end_tag() {
    skip("</");
    if (open_.empty() || name() != elements_[open_.back()].name || !skip(">")) fail("a wrong end");
    open_.pop_back();
  }

  std::string_view rest_;
  std::vector<XmlElement> elements_;
  std::vector<std::size_t> open_;
};

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no file " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::vector<XmlElement> parse_xml(std::string_view document) { return Parser(document).parse(); }

Picture::Picture(const std::string& path) {
  const std::string text = content(path);
  size_ = text.size();
  elements_ = parse_xml(text);
  if (elements_[0].name != "svg") throw std::runtime_error("no SVG");
}

std::vector<XmlElement> Picture::all(std::string_view name) const {
  std::vector<XmlElement> found;
  std::copy_if(elements_.begin(), elements_.end(), std::back_inserter(found),
               [&](const XmlElement& element) { return element.name == name; });
  return found;
}

std::vector<std::string> Picture::texts() const {
  std::vector<std::string> texts;
  for (const XmlElement& element : all("text")) texts.push_back(element.text);
  return texts;
}

bool Picture::has_text(std::string_view text) const {
  const std::vector<std::string> drawn = texts();
  return std::find(drawn.begin(), drawn.end(), text) != drawn.end();
}

XmlElement Picture::text(std::string_view text) const {
  for (const XmlElement& element : all("text")) {
    if (element.text == text) return element;
  }
  throw std::runtime_error("no text " + std::string(text));
}

std::vector<std::string> Picture::titles() const {
  std::vector<std::string> titles;
  for (const XmlElement& element : all("title")) {
    if (element.depth > 1) titles.push_back(element.text);
  }
  return titles;
}

std::string Picture::description() const { return all("desc").at(0).text; }

}  // namespace xeras::testing
