// tests: sha256.cpp
#include <rubricon/postgres/archive_file.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace rubricon::postgres {
namespace {

class ArchiveFile : public testing::Test {
 protected:
  ArchiveFile() {
    std::string folder = testing::TempDir() + "archive-XXXXXX";
    file = std::filesystem::path(::mkdtemp(folder.data())) / "rubricon-2025q4.archive";
  }
  ~ArchiveFile() override { std::filesystem::remove_all(file.parent_path()); }

  ArchiveSummary write() {
    ArchiveWriter writer(file, quarter);
    writer.begin_table("messages", "chat_id,content");
    writer.row("1\t評分\n");
    writer.row("1\ttable events a,b\n");  // what a person wrote may look like ours
    writer.row("2\t\\\\.\n");
    writer.end_table();
    writer.begin_table("events", "stream,data");
    writer.row(std::string(3'000'000, 'x') + "\n");
    writer.end_table();
    return writer.finish();
  }
  std::string text() const {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void replace(const std::string& with) const {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << with;
  }

  const Quarter quarter = Quarter::parse("2025q4").value();
  std::filesystem::path file;
};

TEST_F(ArchiveFile, is_read_as_it_was_written) {
  const auto written = write();
  EXPECT_EQ(check_archive(file), written);
  EXPECT_THAT(written.tables, testing::ElementsAre(ArchiveTable{"messages", "chat_id,content", 3},
                                                   ArchiveTable{"events", "stream,data", 1}));
  ArchiveReader reader(file);
  EXPECT_EQ(reader.quarter(), quarter);
  ArchiveTable table;
  ASSERT_TRUE(reader.next_table(table));
  EXPECT_EQ(table.name, "messages");
  EXPECT_EQ(reader.rows(), "1\t評分\n1\ttable events a,b\n2\t\\\\.\n");
  EXPECT_EQ(reader.rows(), "");
  ASSERT_TRUE(reader.next_table(table));
  EXPECT_EQ(table.columns, "stream,data");
  EXPECT_FALSE(reader.next_table(table)) << "rows that nobody read are passed over";
  EXPECT_EQ(reader.verify(), written);
}

TEST_F(ArchiveFile, the_same_rows_make_the_same_file) {
  const auto first = write();
  EXPECT_EQ(write().sha256, first.sha256);
}

TEST_F(ArchiveFile, the_checksum_is_the_one_of_sha256sum) {
  const auto sha256 = write().sha256;
  const auto all = text();
  Sha256 digest;
  digest.add(all.substr(0, all.rfind("sha256 ")));
  EXPECT_EQ(digest.hex(), sha256);
  Sha256 known;
  known.add("abc");
  EXPECT_EQ(known.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(ArchiveFile, whatever_is_missing_changed_or_added_is_found) {
  write();
  const auto whole = text();
  for (const auto size :
       {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size() - 70, whole.size() - 1}) {
    replace(whole.substr(0, size));
    EXPECT_THROW(check_archive(file), ArchiveError) << size;
  }
  for (const auto at : {std::size_t{3}, whole.find("2025q4") + 5, whole.find("\t"),
                        whole.find("xxx"), whole.find("rows "), whole.size() - 3}) {
    auto changed = whole;
    changed[at] = changed[at] == '3' ? '4' : '3';
    replace(changed);
    EXPECT_THROW(check_archive(file), ArchiveError) << at;
  }
  replace(whole + "more\n");
  EXPECT_THROW(check_archive(file), ArchiveError);
  replace(whole);
  EXPECT_NO_THROW(check_archive(file));
}

TEST_F(ArchiveFile, what_is_not_finished_is_removed) {
  {
    ArchiveWriter writer(file, quarter);
    writer.begin_table("messages", "a");
    EXPECT_TRUE(std::filesystem::exists(file));
  }
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_THROW(ArchiveWriter("/nowhere/at/all", quarter), ArchiveError);
  EXPECT_THROW(check_archive(file), ArchiveError);
}

}  // namespace
}  // namespace rubricon::postgres
