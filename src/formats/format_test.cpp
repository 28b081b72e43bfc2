#include <rubricon/formats/format.hpp>

#include <gtest/gtest.h>

#include <set>

namespace rubricon::formats {
namespace {

TEST(Format, every_one_is_found_by_its_name_and_named_in_both_languages) {
  std::set<std::string_view> names;
  for (const auto& format : all_formats()) {
    EXPECT_TRUE(names.insert(format.name).second) << format.name;
    EXPECT_EQ(find_format(format.name), &format);
    EXPECT_EQ(&format_of(format.id), &format);
    EXPECT_FALSE(format.label.en.empty());
    EXPECT_FALSE(format.label.zh_tw.empty());
    EXPECT_TRUE(format.can_export || format.can_import);
  }
  EXPECT_EQ(find_format("pdf"), nullptr);
}

}  // namespace
}  // namespace rubricon::formats
