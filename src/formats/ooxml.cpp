#include <rubricon/formats/ooxml.hpp>

#include <fmt/format.h>

namespace rubricon::formats {

std::string ooxml_part(std::string_view xml) {
  return std::string("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n").append(xml);
}

std::string ooxml_content_types(const std::vector<OoxmlPart>& parts) {
  std::string types =
      R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
      R"(<Default Extension="rels" )"
      R"(ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
      R"(<Default Extension="xml" ContentType="application/xml"/>)";
  for (const auto& part : parts) {
    types += fmt::format(R"(<Override PartName="{}" )"
                         R"(ContentType="application/vnd.openxmlformats-officedocument.{}+xml"/>)",
                         part.name, part.type);
  }
  return ooxml_part(types + "</Types>");
}

std::string ooxml_relations(const std::vector<OoxmlRelation>& relations) {
  std::string out =
      R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)";
  for (int id = 0; const auto& relation : relations) {
    out += fmt::format(
        R"(<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/)"
        R"(relationships/{}" Target="{}"/>)",
        ++id, relation.type, relation.target);
  }
  return ooxml_part(out + "</Relationships>");
}

}  // namespace rubricon::formats
