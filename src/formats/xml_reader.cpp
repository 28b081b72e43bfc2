#include <rubricon/formats/markup.hpp>

#include <expat.h>

#include <memory>
#include <type_traits>

namespace rubricon::formats {
namespace {

/// What the callbacks of the parser get as their context.
struct Reading {
  MarkupEvents& events;
  XML_Parser parser;
  std::size_t depth = 0;
  XmlOutcome outcome = XmlOutcome::whole;
  bool stopped = false;

  void stop(XmlOutcome why) {
    if (stopped) return;
    stopped = true;
    outcome = why;
    XML_StopParser(parser, XML_FALSE);
  }
};

Reading& reading(void* context) {
  return *static_cast<Reading*>(context);
}

std::string_view local_name(std::string_view name) {
  return name.substr(name.rfind(':') + 1);
}

void on_start(void* context, const char* name, const char** values) {
  auto& self = reading(context);
  if (self.stopped) return;
  if (++self.depth > xml_depth_max) return self.stop(XmlOutcome::too_deep);
  Attributes attributes;
  for (; *values != nullptr && attributes.size() < attributes_max; values += 2) {
    const std::string_view attribute_name = values[0];
    if (attribute_name.starts_with("xmlns")) continue;
    attributes.emplace_back(local_name(attribute_name), values[1]);
  }
  self.events.start(local_name(name), attributes);
  if (self.events.done()) self.stop(XmlOutcome::whole);
}

void on_end(void* context, const char* name) {
  auto& self = reading(context);
  if (self.stopped) return;
  --self.depth;
  self.events.end(local_name(name));
  if (self.events.done()) self.stop(XmlOutcome::whole);
}

void on_text(void* context, const char* text, int length) {
  auto& self = reading(context);
  if (!self.stopped) self.events.text({text, static_cast<std::size_t>(length)});
}

void on_document_type(void* context, const char*, const char*, const char*, int) {
  reading(context).stop(XmlOutcome::document_type);
}

struct Free {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

}  // namespace

XmlOutcome read_xml(std::string_view utf8, MarkupEvents& events) {
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser(XML_ParserCreate("UTF-8"));
  Reading state{.events = events, .parser = parser.get()};
  XML_SetUserData(parser.get(), &state);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_document_type);
  const auto status = XML_Parse(parser.get(), utf8.data(), static_cast<int>(utf8.size()), XML_TRUE);
  if (!state.stopped && status != XML_STATUS_OK) return XmlOutcome::malformed;
  return state.outcome;
}

}  // namespace rubricon::formats
