#include <rubricon/ai_http/fence_splitter.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

struct Parts {
  std::string shown;
  std::string document;
  std::size_t blocks = 0;
  bool open = false;

  bool operator==(const Parts&) const = default;
};

Parts split(std::string_view text, std::size_t step = 1'000'000) {
  FenceSplitter splitter;
  Parts parts;
  for (std::size_t at = 0; at < text.size(); at += step) {
    parts.shown += splitter.feed(text.substr(at, step));
    EXPECT_FALSE(parts.shown.contains("```rubric+")) << parts.shown;
  }
  parts.shown += splitter.finish();
  parts.document = splitter.document();
  parts.blocks = splitter.blocks();
  parts.open = splitter.open();
  return parts;
}

TEST(FenceSplitterTest, the_fence_never_flashes_however_the_text_is_cut) {
  constexpr std::string_view text =
      "\n好的，我改好了。\n\n```rubric+json\n{\"title\":\n \"x\"}\n```\n\n還要調整嗎？🙂\n";
  const Parts expected{"好的，我改好了。\n\n還要調整嗎？🙂", "\n{\"title\":\n \"x\"}\n\n", 1,
                       false};
  for (std::size_t step = 1; step <= text.size(); ++step) {
    EXPECT_EQ(split(text, step), expected) << "in pieces of " << step;
  }
}

TEST(FenceSplitterTest, prose_is_shown_as_it_comes) {
  FenceSplitter splitter;
  EXPECT_EQ(splitter.feed("Done"), "Done");
  EXPECT_EQ(splitter.feed(", see"), ", see");
  EXPECT_EQ(splitter.feed(" \n\n``"), "");
  EXPECT_EQ(splitter.feed("` a"), " \n\n``` a") << "another block is prose";
  EXPECT_EQ(splitter.feed("\n"), "");
  EXPECT_EQ(splitter.finish(), "");
}

TEST(FenceSplitterTest, code_of_another_kind_and_fences_in_a_line_are_prose) {
  EXPECT_EQ(split("a\n```js\nx\n```\nb"), (Parts{"a\n```js\nx\n```\nb", "", 0, false}));
  EXPECT_EQ(split("say ```rubric_json to me"), (Parts{"say ```rubric_json to me", "", 0, false}));
  EXPECT_EQ(split("a\n``"), (Parts{"a\n``", "", 0, false}));
}

TEST(FenceSplitterTest, a_block_without_prose_and_one_in_a_line_are_read) {
  EXPECT_EQ(split("```json\n{}\n```"), (Parts{"", "\n{}\n\n", 1, false}));
  EXPECT_EQ(split("```rubric+json {}```\nok"), (Parts{"ok", " {}\n", 1, false}));
  EXPECT_EQ(split("a\n```json\n{}```"), (Parts{"a", "\n{}\n", 1, false}));
}

TEST(FenceSplitterTest, a_block_that_is_not_closed_is_said_to_be_open) {
  EXPECT_EQ(split("a\n```rubric+json\n{\"t"), (Parts{"a", "\n{\"t\n", 1, true}));
  EXPECT_EQ(split("a\n```rubric+json"), (Parts{"a", "", 0, false}));
}

TEST(FenceSplitterTest, of_several_blocks_the_first_is_the_document_and_none_is_shown) {
  EXPECT_EQ(split("a\n```json\n1\n```\nb\n```json\n2\n```\nc"),
            (Parts{"a\nb\nc", "\n1\n\n", 2, false}));
}

}  // namespace
}  // namespace rubricon::ai_http
