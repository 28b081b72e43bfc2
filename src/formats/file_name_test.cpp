#include <rubricon/formats/file_name.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(FileName, is_the_title_where_it_can_be) {
  EXPECT_EQ(file_name("八年級議論文評分規準", "xlsx"), "八年級議論文評分規準.xlsx");
  EXPECT_EQ(file_name("Essay, grade 8", "csv"), "Essay, grade 8.csv");
}

// S21
TEST(FileName, is_safe_on_every_system) {
  EXPECT_EQ(file_name("../../etc/passwd", "csv"), "_.._etc_passwd.csv");
  EXPECT_EQ(file_name("a\\b:c*d?e\"f<g>h|i%j\nk", "csv"), "a_b_c_d_e_f_g_h_i_j_k.csv");
  EXPECT_EQ(file_name("CON", "csv"), "_CON.csv");
  EXPECT_EQ(file_name("con.x", "csv"), "_con.x.csv");
  EXPECT_EQ(file_name("LPT1", "csv"), "_LPT1.csv");
  EXPECT_EQ(file_name("\u202egpj.exe\x01", "csv"), "gpj.exe.csv");
  EXPECT_EQ(file_name(".hidden. ", "csv"), "hidden.csv");
  for (const char* nothing : {"", "...", " ", "///", "\u200b"}) {
    EXPECT_EQ(file_name(nothing, "csv"), "rubric.csv") << nothing;
  }
}

TEST(FileName, is_bounded_on_whole_characters) {
  std::string long_title;
  for (int i = 0; i < 500; ++i) long_title += "論";
  EXPECT_EQ(file_name(long_title, "csv"), long_title.substr(0, 180) + ".csv");
  EXPECT_EQ(file_name(std::string(4'096, 'a'), "csv").size(), 84u);
}

TEST(FileName, goes_into_the_header_in_both_ways) {
  EXPECT_EQ(content_disposition("essay.csv"),
            "attachment; filename=\"essay.csv\"; filename*=UTF-8''essay.csv");
  EXPECT_EQ(content_disposition("作文 8.xlsx"),
            "attachment; filename=\"__ 8.xlsx\"; "
            "filename*=UTF-8''%E4%BD%9C%E6%96%87%208.xlsx");
  EXPECT_EQ(content_disposition("作文.csv"),
            "attachment; filename=\"rubric.csv\"; filename*=UTF-8''%E4%BD%9C%E6%96%87.csv");
}

TEST(FileName, cannot_break_out_of_the_header) {
  const auto header = content_disposition(file_name("x\"; filename=\"evil.exe\r\nX: y", "csv"));
  EXPECT_EQ(header.find('\r'), std::string::npos);
  EXPECT_EQ(header.find("\"evil"), std::string::npos);
}

}  // namespace
}  // namespace rubricon::formats
