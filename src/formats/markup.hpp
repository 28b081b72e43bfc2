/// XML and HTML: escaped on the way out; on the way in read as a stream of events, so that depth
/// and size are bounded and no document type or entity is ever looked at.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rubricon::formats {

/// For text and for attributes in double quotes. What XML 1.0 cannot have becomes U+FFFD.
std::string escape_markup(std::string_view text);

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// The value, or empty.
std::string_view attribute(const Attributes& attributes, std::string_view name);

class MarkupEvents {
 public:
  virtual ~MarkupEvents() = default;

  /// Names are local, without prefix; of HTML in lower case.
  virtual void start(std::string_view name, const Attributes& attributes) = 0;
  virtual void text(std::string_view utf8) = 0;
  virtual void end(std::string_view name) = 0;
  /// Whether the reader may stop: asked after each event.
  virtual bool done() const { return false; }
};

inline constexpr std::size_t attributes_max = 64;  ///< of an element; more are left out

enum class XmlOutcome { whole, malformed, document_type, too_deep };

inline constexpr std::size_t xml_depth_max = 256;

/// Stops at a DOCTYPE. The five entities of XML and characters by number are all that is known.
XmlOutcome read_xml(std::string_view utf8, MarkupEvents& events);

/// Any HTML, however broken, as a browser takes it apart: in time that grows with its length alone,
/// which the parsers of Debian 12 do not promise (they compare each attribute of a tag with all
/// before it). Nothing is added: an element that is never closed has no `end`. What is in scripts,
/// styles and titles is left out.
void read_html(std::string_view utf8, MarkupEvents& events);

}  // namespace rubricon::formats
