// tests: command.cpp digest.cpp
#include <rubricon/redis/reply_reader.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/redis/command.hpp>
#include <rubricon/redis/digest.hpp>

#include <gtest/gtest.h>

namespace rubricon::redis {
namespace {

TEST(ReplyReader, reads_every_kind_of_reply) {
  ReplyReader reader;
  reader.feed("+OK\r\n:-7\r\n$3\r\na\r\n\r\n$-1\r\n-ERR no such thing\r\n");
  EXPECT_EQ(*reader.next()->text(), "OK");
  EXPECT_EQ(*reader.next()->integer(), -7);
  EXPECT_EQ(*reader.next()->text(), "a\r\n");
  EXPECT_TRUE(reader.next()->nil());
  const auto error = reader.next();
  ASSERT_TRUE(error->error());
  EXPECT_EQ(error->error()->code(), "ERR");
  EXPECT_FALSE(reader.next());
}

TEST(ReplyReader, reads_lists_in_lists_however_they_arrive) {
  ReplyReader reader;
  const std::string_view bytes = "*3\r\n*2\r\n:1\r\n$1\r\na\r\n*0\r\n*-1\r\n";
  for (const char byte : bytes.substr(0, bytes.size() - 1)) {
    reader.feed({&byte, 1});
    EXPECT_FALSE(reader.next());
  }
  reader.feed(bytes.substr(bytes.size() - 1));
  const auto reply = reader.next();
  const auto* list = reply->list();
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3u);
  EXPECT_EQ(*(*(*list)[0].list())[0].integer(), 1);
  EXPECT_EQ(*(*(*list)[0].list())[1].text(), "a");
  EXPECT_TRUE((*list)[1].list()->empty());
  EXPECT_TRUE((*list)[2].nil());
}

TEST(ReplyReader, refuses_what_is_no_reply) {
  for (const auto* bytes : {"HTTP/1.1 400\r\n", "$x\r\n", "*1\r\nx", ":1x\r\n", "$-2\r\n"}) {
    ReplyReader reader;
    const auto read = [&] {
      reader.feed(bytes);
      reader.next();
    };
    EXPECT_THROW(read(), base::Unavailable) << bytes;
  }
}

TEST(ReplyReader, refuses_what_is_too_much) {
  ReplyReader reader({.bytes = 100, .items = 3});
  reader.feed("*4\r\n");
  EXPECT_THROW(reader.next(), base::Unavailable);

  ReplyReader longer({.bytes = 100, .items = 3});
  longer.feed("$1000\r\n");
  EXPECT_FALSE(longer.next());
  EXPECT_THROW(longer.feed(std::string(100, 'a')), base::Unavailable);

  ReplyReader deeper;
  deeper.feed("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n");
  EXPECT_THROW(deeper.next(), base::Unavailable);
}

TEST(ReplyReader, gives_back_the_memory_of_a_reply_that_never_ends) {
  ReplyReader reader;
  reader.feed("*3\r\n$5\r\nabcde\r\n*2\r\n:1\r\n");
  EXPECT_FALSE(reader.next());  // the address sanitizer sees the rest
}

TEST(RedisCommand, any_bytes_may_be_a_word) {
  Command command{"SET", "評"};
  command.add(std::string_view("\r\n\0", 3)).add(-7).add("");
  EXPECT_EQ(
      command.bytes(),
      std::string("*5\r\n$3\r\nSET\r\n$3\r\n評\r\n$3\r\n\r\n\0\r\n$2\r\n-7\r\n$0\r\n\r\n", 45));
}

TEST(RedisDigest, is_that_of_the_standard) {
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace rubricon::redis
