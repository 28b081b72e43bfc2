#include <rubricon/memory/table_view.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rubricon::memory {
namespace {

using testing::ElementsAre;
using testing::Pointee;

class TableViewTest : public testing::Test {
 protected:
  std::map<int, std::string> committed{{1, "one"}, {3, "three"}, {5, "five"}};
  TableView<int, std::string> mine{committed};
  TableView<int, std::string> other{committed};
};

TEST_F(TableViewTest, a_transaction_sees_its_own_changes_and_nobody_else_does) {
  mine.put(2, "two");
  mine.put(3, "THREE");
  mine.erase(5);
  mine.erase(7);
  EXPECT_THAT(mine.find(3), Pointee(std::string("THREE")));
  EXPECT_EQ(mine.find(5), nullptr);
  EXPECT_THAT(mine.all(), ElementsAre(Pointee(std::string("one")), Pointee(std::string("two")),
                                      Pointee(std::string("THREE"))));
  EXPECT_EQ(other.find(2), nullptr);
  EXPECT_THAT(other.find(3), Pointee(std::string("three")));
  EXPECT_THAT(other.find(5), Pointee(std::string("five")));
}

TEST_F(TableViewTest, changes_are_everybodys_once_applied) {
  mine.put(2, "two");
  mine.erase(5);
  mine.apply();
  EXPECT_THAT(other.find(2), Pointee(std::string("two")));
  EXPECT_EQ(other.find(5), nullptr);
  committed[2] = "later";
  EXPECT_THAT(mine.find(2), Pointee(std::string("later"))) << "nothing is left of the change";
}

TEST_F(TableViewTest, a_range_includes_both_its_ends) {
  mine.put(4, "four");
  EXPECT_THAT(mine.range(3, 4),
              ElementsAre(Pointee(std::string("three")), Pointee(std::string("four"))));
  EXPECT_THAT(mine.range(6, 9), ElementsAre());
}

}  // namespace
}  // namespace rubricon::memory
