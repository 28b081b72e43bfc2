/// The parts that every document of Office Open XML has (ECMA-376, part 2): pure text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rubricon::formats {

/// A part and its type, "wordprocessingml.styles" for instance.
struct OoxmlPart {
  std::string_view name;  ///< from the root on: "/word/styles.xml"
  std::string_view type;
};

/// XML text of a part, with its declaration.
std::string ooxml_part(std::string_view xml);
/// `[Content_Types].xml`.
std::string ooxml_content_types(const std::vector<OoxmlPart>& parts);

/// What a part leads to: the last word of the relation's type, and where it is.
struct OoxmlRelation {
  std::string_view type;
  std::string_view target;
};

/// A `.rels` part; the ids are rId1, rId2, …
std::string ooxml_relations(const std::vector<OoxmlRelation>& relations);

}  // namespace rubricon::formats
