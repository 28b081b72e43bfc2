/// What every ChatStore must do when it lists and searches.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

#include <algorithm>

namespace rubricon::ports::contract {

class ChatListContract : public StoreContract {
 protected:
  void SetUp() override {
    owner = make_user("owner");
    friendly = make_user("friend");
  }

  domain::Chat chat_at_next_minute(const domain::User& user, std::string_view title) {
    harness->advance(std::chrono::minutes(1));
    return make_chat(user, title);
  }

  ChatPage list(ChatQuery query = {}) {
    return run(harness->chats().list(owner.id, std::move(query), soon())).value();
  }
  static std::vector<std::string> titles(const ChatPage& page) {
    std::vector<std::string> out;
    for (const auto& row : page.chats) out.push_back(row.chat.title);
    return out;
  }
  std::vector<std::string> find(std::string_view words) {
    auto found = titles(list({.limit = 50, .cursor = {}, .search = std::string(words)}));
    std::ranges::sort(found);
    return found;
  }
  void pin(const domain::Chat& chat) {
    ASSERT_TRUE(run(harness->chats().update(owner.id, chat.id, {.pinned = true}, soon())));
  }

  domain::User owner;
  domain::User friendly;
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ChatListContract);

TEST_P(ChatListContract, pinned_chats_come_first_then_the_newest_change) {
  const auto a = chat_at_next_minute(owner, "a");
  const auto b = chat_at_next_minute(owner, "b");
  const auto c = chat_at_next_minute(friendly, "c");
  const auto d = chat_at_next_minute(owner, "d");
  add_member(friendly, c, owner, domain::MemberRole::viewer);
  pin(a);
  harness->advance(std::chrono::minutes(1));
  post(owner, b, "moves up");
  EXPECT_THAT(titles(list()), testing::ElementsAre("a", "b", "d", "c"));
}

TEST_P(ChatListContract, a_row_has_the_last_message_the_role_and_the_unread_count) {
  const auto chat = chat_at_next_minute(friendly, "ours");
  add_member(friendly, chat, owner, domain::MemberRole::editor);
  post(friendly, chat, "one");
  post(owner, chat, "two");
  const auto last = post(friendly, chat, "three");
  make_chat(owner, "empty");
  const auto page = list();
  ASSERT_THAT(page.chats, testing::SizeIs(2));
  EXPECT_EQ(page.next_cursor, "");
  const auto& row = page.chats[1].chat.title == "ours" ? page.chats[1] : page.chats[0];
  EXPECT_EQ(row.chat.id, chat.id);
  EXPECT_EQ(row.chat.owner, friendly.id);
  EXPECT_EQ(row.role, domain::MemberRole::editor);
  EXPECT_EQ(row.unread, 2);
  EXPECT_EQ(row.last_message->id, last.id);
  EXPECT_EQ(row.last_message->content, "three");
  const auto& empty = page.chats[1].chat.title == "ours" ? page.chats[0] : page.chats[1];
  EXPECT_FALSE(empty.last_message.has_value());
}

TEST_P(ChatListContract, the_state_of_a_list_is_that_of_its_answer_and_changes_whenever_that_does) {
  const auto ours = chat_at_next_minute(friendly, "ours");
  add_member(friendly, ours, owner, domain::MemberRole::viewer);
  const auto mine = chat_at_next_minute(owner, "mine");
  const auto first = post(friendly, ours, "one");
  std::vector<ListState> states;
  const auto look = [&](ChatQuery query = {}) {
    const auto answer = state_of(list(query));
    const auto state = run(harness->chats().list_state(owner.id, query, soon())).value();
    EXPECT_EQ(state, answer);
    EXPECT_THAT(states, testing::Not(testing::Contains(state)));
    states.push_back(state);
  };
  look();
  EXPECT_THAT(states.back().chats, testing::SizeIs(2));
  EXPECT_FALSE(states.back().more);
  look({.limit = 1});
  EXPECT_TRUE(states.back().more);
  post(friendly, ours, "two");
  look();
  ASSERT_TRUE(run(harness->messages().edit(friendly.id, ours.id, first.id,
                                           domain::MessageText::parse("uno").value(), soon())));
  look();
  ASSERT_TRUE(run(harness->chats().mark_read(owner.id, ours.id, domain::Seq(3), soon())));
  look();
  pin(mine);
  look();
  add_member(friendly, ours, owner, domain::MemberRole::editor);
  look();
  ASSERT_TRUE(run(harness->chats().update(
      friendly.id, ours.id, {.title = domain::ChatTitle::parse("new").value()}, soon())));
  look();
  ASSERT_TRUE(run(harness->chats().remove(owner.id, mine.id, soon())));
  look();
  const auto bad = run(harness->chats().list_state(owner.id, {.cursor = "x"}, soon()));
  EXPECT_EQ(bad.error().reason, "bad_cursor");
}

TEST_P(ChatListContract, unread_counts_end_at_a_bound) {
  const auto chat = chat_at_next_minute(friendly, "busy");
  add_member(friendly, chat, owner, domain::MemberRole::viewer);
  std::vector<base::Task<base::Result<PostedMessage>>> posts;
  for (std::int64_t i = 0; i < unread_max + 20; ++i) {
    posts.push_back(harness->messages().post(message(friendly, chat, "m"), soon()));
  }
  run_all(std::move(posts));
  EXPECT_EQ(list().chats[0].unread, unread_max);
}

TEST_P(ChatListContract, pages_follow_each_other_without_gap_or_repetition) {
  std::vector<std::string> expected;
  for (int i = 0; i < 23; ++i) {
    const auto title = "t" + std::to_string(i);
    // Sometimes the same instant; mine, shared, and pinned ones in turn.
    if (i % 2 == 0) harness->advance(std::chrono::minutes(1));
    if (i % 3 == 0) {
      const auto shared = make_chat(friendly, title);
      add_member(friendly, shared, owner, domain::MemberRole::viewer);
      if (i % 2 == 0) pin(shared);
    } else {
      const auto mine = make_chat(owner, title);
      if (i % 7 == 0) pin(mine);
    }
  }
  const auto whole = titles(list({.limit = 100, .cursor = {}, .search = {}}));
  ASSERT_THAT(whole, testing::SizeIs(23));
  for (const std::size_t limit : {1u, 2u, 5u, 22u, 23u}) {
    std::vector<std::string> paged;
    std::string cursor;
    std::size_t pages = 0;
    do {
      const auto page = list({.limit = limit, .cursor = cursor, .search = {}});
      EXPECT_LE(page.chats.size(), limit);
      for (const auto& title : titles(page)) paged.push_back(title);
      cursor = page.next_cursor;
      ASSERT_LE(++pages, 23u);
    } while (!cursor.empty());
    EXPECT_EQ(paged, whole) << "with pages of " << limit;
  }
}

TEST_P(ChatListContract, a_page_is_bounded_whatever_is_asked) {
  for (int i = 0; i < 105; ++i) make_chat(owner, "x");
  EXPECT_THAT(list({.limit = 10'000, .cursor = {}, .search = {}}).chats, testing::SizeIs(100));
  EXPECT_THAT(list({.limit = 0, .cursor = {}, .search = {}}).chats, testing::SizeIs(1));
}

TEST_P(ChatListContract, a_cursor_that_is_not_ours_is_refused) {
  for (const auto* cursor : {"x", "AAAA", "AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                             "____________________________________", "1; DROP TABLE chats"}) {
    EXPECT_THAT(
        run(harness->chats().list(owner.id, {.limit = 5, .cursor = cursor, .search = {}}, soon())),
        refused(base::ErrorCode::invalid, "bad_cursor"))
        << cursor;
  }
}

TEST_P(ChatListContract, search_finds_words_in_titles_and_messages) {
  const auto essay = chat_at_next_minute(owner, "八年級議論文");
  const auto story = chat_at_next_minute(owner, "Narrative writing");
  post(owner, essay, "請設計評分規準，5 個等級 for the Argumentative essay");
  post(owner, story, "記敘文的評分");
  EXPECT_THAT(find("評分"), testing::ElementsAre("Narrative writing", "八年級議論文"));
  EXPECT_THAT(find("評分規"), testing::ElementsAre("八年級議論文"));
  EXPECT_THAT(find("規"), testing::ElementsAre("八年級議論文"));
  EXPECT_THAT(find("準"), testing::ElementsAre("八年級議論文"));
  EXPECT_THAT(find("議論 評分"), testing::ElementsAre("八年級議論文")) << "title and message";
  EXPECT_THAT(find("argument ESSAY"), testing::ElementsAre("八年級議論文"));
  EXPECT_THAT(find("narrat"), testing::ElementsAre("Narrative writing"));
  EXPECT_THAT(find("分評"), testing::IsEmpty());
  EXPECT_THAT(find("評分 poem"), testing::IsEmpty());
  EXPECT_THAT(find("\" OR 1 --"), testing::IsEmpty());
  EXPECT_THAT(find(" ，\"*"), testing::SizeIs(2)) << "nothing to look for is no condition";
}

TEST_P(ChatListContract, search_follows_renames_edits_removals_and_membership) {
  const auto chat = chat_at_next_minute(owner, "alpha");
  const auto posted = post(owner, chat, "gamma");
  const auto hers = chat_at_next_minute(friendly, "alpha of hers");
  EXPECT_THAT(find("alpha"), testing::ElementsAre("alpha"));
  ASSERT_TRUE(run(harness->chats().update(
      owner.id, chat.id, {.title = domain::ChatTitle::parse("beta").value()}, soon())));
  EXPECT_THAT(find("alpha"), testing::IsEmpty());
  EXPECT_THAT(find("beta gamma"), testing::ElementsAre("beta"));
  const auto text = domain::MessageText::parse("delta").value();
  ASSERT_TRUE(run(harness->messages().edit(owner.id, chat.id, posted.id, text, soon())));
  EXPECT_THAT(find("gamma"), testing::IsEmpty());
  EXPECT_THAT(find("delta"), testing::ElementsAre("beta"));
  ASSERT_TRUE(run(harness->messages().remove(owner.id, chat.id, posted.id, soon())));
  EXPECT_THAT(find("delta"), testing::IsEmpty());
  add_member(friendly, hers, owner, domain::MemberRole::viewer);
  EXPECT_THAT(find("alpha"), testing::ElementsAre("alpha of hers"));
}

TEST_P(ChatListContract, search_results_come_in_pages_too) {
  for (int i = 0; i < 7; ++i) chat_at_next_minute(owner, "essay " + std::to_string(i));
  chat_at_next_minute(owner, "poem");
  const auto first = list({.limit = 4, .cursor = {}, .search = "essay"});
  EXPECT_THAT(titles(first), testing::ElementsAre("essay 6", "essay 5", "essay 4", "essay 3"));
  const auto second = list({.limit = 4, .cursor = first.next_cursor, .search = "essay"});
  EXPECT_THAT(titles(second), testing::ElementsAre("essay 2", "essay 1", "essay 0"));
  EXPECT_EQ(second.next_cursor, "");
}

}  // namespace rubricon::ports::contract
