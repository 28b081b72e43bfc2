#include <rubricon/formats/markup.hpp>

#include <rubricon/formats/plain_text.hpp>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <cstring>
#include <memory>

namespace rubricon::formats {
namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

/// What the callbacks of the parser get as their context.
struct Reading {
  MarkupEvents& events;
  xmlParserCtxtPtr parser = nullptr;
  std::size_t depth = 0;
  MarkupOutcome outcome = MarkupOutcome::whole;
  bool stopped = false;

  void stop(MarkupOutcome why) {
    if (stopped) return;
    stopped = true;
    outcome = why;
    xmlStopParser(parser);
  }
  void start(std::string_view name, const Attributes& attributes) {
    if (stopped) return;
    if (++depth > markup_depth_max) return stop(MarkupOutcome::too_deep);
    events.start(name, attributes);
    if (events.done()) stop(MarkupOutcome::whole);
  }
  void end(std::string_view name) {
    if (stopped) return;
    if (depth > 0) --depth;
    events.end(name);
    if (events.done()) stop(MarkupOutcome::whole);
  }
};

Reading& reading(void* context) {
  return *static_cast<Reading*>(context);
}

void on_characters(void* context, const xmlChar* text, int length) {
  auto& self = reading(context);
  if (!self.stopped) {
    self.events.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
  }
}

void on_document_type(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  reading(context).stop(MarkupOutcome::document_type);
}

void on_xml_start(void* context, const xmlChar* name, const xmlChar*, const xmlChar*, int,
                  const xmlChar**, int count, int, const xmlChar** values) {
  Attributes attributes;
  for (int i = 0; i < count; ++i) {
    const auto** value = values + static_cast<std::ptrdiff_t>(i) * 5;
    attributes.emplace_back(view(value[0]), std::string(reinterpret_cast<const char*>(value[3]),
                                                        reinterpret_cast<const char*>(value[4])));
  }
  reading(context).start(view(name), attributes);
}

void on_xml_end(void* context, const xmlChar* name, const xmlChar*, const xmlChar*) {
  reading(context).end(view(name));
}

void on_html_start(void* context, const xmlChar* name, const xmlChar** values) {
  Attributes attributes;
  for (; values != nullptr && values[0] != nullptr; values += 2) {
    attributes.emplace_back(view(values[0]), view(values[1]));
  }
  reading(context).start(folded(view(name)), attributes);
}

void on_html_end(void* context, const xmlChar* name) {
  reading(context).end(folded(view(name)));
}

void silent(void*, const char*, ...) {}

struct XmlFree {
  void operator()(xmlParserCtxtPtr parser) const {
    if (parser == nullptr) return;
    if (parser->myDoc != nullptr) xmlFreeDoc(parser->myDoc);
    parser->myDoc = nullptr;
    xmlFreeParserCtxt(parser);
  }
};

struct HtmlFree {
  void operator()(htmlParserCtxtPtr parser) const { htmlFreeParserCtxt(parser); }
};

void prepare_library() {
  static const bool ready = (xmlInitParser(), true);
  static_cast<void>(ready);
}

/// Names and texts that a parser made of broken input may be no UTF-8; nobody behind it minds.
bool is_empty(std::string_view text) {
  return trimmed(text).empty();
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto c = next_code_point(text);
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: {
        const bool allowed = (c >= 0x20 || c == '\n' || c == '\t') && c != 0xfffe && c != 0xffff;
        append_code_point(out, allowed ? c : U'\uFFFD');
      }
    }
  }
  return out;
}

std::string_view attribute(const Attributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes) {
    if (key == name) return value;
  }
  return {};
}

MarkupOutcome read_xml(std::string_view utf8, MarkupEvents& events) {
  prepare_library();
  if (is_empty(utf8)) return MarkupOutcome::malformed;
  const std::unique_ptr<xmlParserCtxt, XmlFree> parser(
      xmlCreateMemoryParserCtxt(utf8.data(), static_cast<int>(utf8.size())));
  if (!parser) return MarkupOutcome::malformed;
  xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  Reading state{.events = events, .parser = parser.get()};
  xmlSAXHandler& sax = *parser->sax;
  std::memset(&sax, 0, sizeof(sax));
  sax.initialized = XML_SAX2_MAGIC;
  sax.internalSubset = on_document_type;
  sax.startElementNs = on_xml_start;
  sax.endElementNs = on_xml_end;
  sax.characters = on_characters;
  sax.ignorableWhitespace = on_characters;
  sax.cdataBlock = on_characters;
  parser->userData = &state;
  const bool parsed = xmlParseDocument(parser.get()) == 0 && parser->wellFormed != 0;
  if (!state.stopped && !parsed) state.outcome = MarkupOutcome::malformed;
  return state.outcome;
}

MarkupOutcome read_html(std::string_view utf8, MarkupEvents& events) {
  prepare_library();
  if (is_empty(utf8)) return MarkupOutcome::whole;
  const std::unique_ptr<htmlParserCtxt, HtmlFree> parser(
      htmlCreateMemoryParserCtxt(utf8.data(), static_cast<int>(utf8.size())));
  if (!parser) return MarkupOutcome::whole;
  htmlCtxtUseOptions(parser.get(), HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                       HTML_PARSE_RECOVER | HTML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding(parser.get(), XML_CHAR_ENCODING_UTF8);
  Reading state{.events = events, .parser = parser.get()};
  xmlSAXHandler& sax = *parser->sax;
  std::memset(&sax, 0, sizeof(sax));
  sax.startElement = on_html_start;
  sax.endElement = on_html_end;
  sax.characters = on_characters;
  sax.ignorableWhitespace = on_characters;
  sax.cdataBlock = on_characters;
  sax.warning = silent;
  sax.error = silent;
  parser->userData = &state;
  htmlParseDocument(parser.get());
  return state.outcome;
}

}  // namespace rubricon::formats
