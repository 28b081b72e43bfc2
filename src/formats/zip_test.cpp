// S20: what an archive may not be, seen before anything of it is expanded.
#include <rubricon/formats/zip.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

std::string refusal(const std::string& bytes) {
  Notes notes;
  const auto archive = ZipArchive::open(bytes, notes);
  EXPECT_NE(archive.has_value(), notes.failed());
  return archive ? "" : notes.list().at(0).code;
}

std::uint32_t number_at(const std::string& bytes, std::size_t at, std::size_t length) {
  std::uint32_t out = 0;
  for (std::size_t i = length; i-- > 0;) {
    out = out << 8u | static_cast<unsigned char>(bytes[at + i]);
  }
  return out;
}

void put(std::string& bytes, std::size_t at, std::uint32_t value, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

TEST(Zip, gives_back_what_was_put_in) {
  const auto bytes = write_zip({{"a.xml", "<a/>"}, {"x/中.xml", std::string(5'000, 'x')}});
  Notes notes;
  auto archive = ZipArchive::open(bytes, notes);
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->read("a.xml"), "<a/>");
  EXPECT_EQ(archive->read("x/中.xml"), std::string(5'000, 'x'));
  EXPECT_EQ(archive->read("b.xml"), std::nullopt);
}

TEST(Zip, equal_contents_are_equal_files) {
  EXPECT_EQ(write_zip({{"a", "1"}}), write_zip({{"a", "1"}}));
}

TEST(Zip, bombs_are_refused) {
  EXPECT_EQ(refusal(write_zip({{"a", std::string(17 * 1024 * 1024, ' ')}})), "zip_too_large");
  EXPECT_EQ(refusal(write_zip({{"a", std::string(1024 * 1024, ' ')}})), "zip_too_large")
      << "a thousandfold";
  std::vector<ZipEntry> many;
  for (int i = 0; i < 1'001; ++i) many.push_back({std::to_string(i), ""});
  EXPECT_EQ(refusal(write_zip(many)), "zip_entries");
}

TEST(Zip, archives_inside_are_refused) {
  EXPECT_EQ(refusal(write_zip({{"a.zip", "x"}})), "zip_nested");
  EXPECT_EQ(refusal(write_zip({{"xl/embeddings/B.XLSX", "x"}})), "zip_nested");
}

TEST(Zip, names_that_leave_the_folder_are_refused) {
  for (const char* name : {"../a", "a/../../b", "/etc/passwd", "a\\b", "C:x"}) {
    EXPECT_EQ(refusal(write_zip({{name, "x"}})), "zip_path") << name;
  }
  EXPECT_EQ(refusal(write_zip({{"a/..b/c", "x"}})), "");
}

TEST(Zip, parts_that_overlap_are_refused) {
  // The second of two entries of the table of contents is made to name the bytes of the first.
  std::string body;
  for (int i = 0; i < 3'000; ++i) body += static_cast<char>(i * i * 31 >> 3);
  auto bytes = write_zip({{"a", body}, {"b", body}});
  const auto end = bytes.rfind("PK\x05\x06");
  const auto first = number_at(bytes, end + 16, 4);
  const auto second = bytes.find("PK\x01\x02", first + 4);
  ASSERT_NE(second, std::string::npos);
  put(bytes, second + 42, 0, 4);
  EXPECT_NE(refusal(bytes), "");
}

TEST(Zip, a_size_that_is_a_lie_gives_nothing) {
  auto bytes = write_zip({{"a", std::string(3'000, 'a') + "b"}});
  const auto central = bytes.find("PK\x01\x02");
  put(bytes, 22, 10, 4);
  put(bytes, central + 24, 10, 4);
  Notes notes;
  auto archive = ZipArchive::open(bytes, notes);
  if (archive) EXPECT_EQ(archive->read("a"), std::nullopt);
}

TEST(Zip, what_is_cut_or_no_archive_is_refused) {
  const auto bytes = write_zip({{"a", "hello"}});
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    EXPECT_EQ(refusal(bytes.substr(0, length)), "zip_damaged") << length;
  }
}

}  // namespace
}  // namespace rubricon::formats
