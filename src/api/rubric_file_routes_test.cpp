#include <rubricon/api/harness_test.hpp>

namespace rubricon::api {
namespace {

constexpr const char* table =
    "議論文評分\n評分項目,權重,優異,待加強\n論點,60,清楚,模糊\n組織,40,分明,零散\n";

class RubricFileRoutesTest : public ApiFixture {
 protected:
  RubricFileRoutesTest() : lin(sign_up("lin")), path("/api/chat/" + new_chat(lin) + "/rubric") {}

  Reply import(const std::string& body, const std::string& query, const std::string& if_match,
               const Account& actor) {
    return call({.method = "POST",
                 .target = path + "/import" + query,
                 .body = body,
                 .token = actor.token,
                 .headers = {{"Content-Type", "text/csv"}, {"If-Match", if_match}}});
  }
  Reply import(const std::string& body, const std::string& query, const std::string& if_match) {
    return import(body, query, if_match, lin);
  }
  Reply exported(const std::string& query) { return get(path + "/export" + query, lin.token); }

  Account lin;
  std::string path;
};

TEST_F(RubricFileRoutesTest, APreviewShowsTheRubricAndStoresNothing) {
  const auto reply = import(table, "?preview=true", "");
  ASSERT_EQ(reply.status, 200u) << reply.text;
  EXPECT_EQ(reply.body().at("rubric").at("criteria").at(0).at("points"), json::value(60));
  EXPECT_TRUE(reply.body().at("notes").as_array().empty());
  EXPECT_FALSE(reply.body().contains("stored"));
  EXPECT_EQ(reply.header("ETag"), "");
  EXPECT_EQ(get(path, lin.token).status, 404u);
}

TEST_F(RubricFileRoutesTest, APreviewOfABadFileSaysWhatIsWrongInBothLanguages) {
  const auto reply = import("T\nC,Weight,A,B\nx,much,a,b\n", "?preview=true", "");
  ASSERT_EQ(reply.status, 200u) << reply.text;
  EXPECT_TRUE(reply.body().at("rubric").is_null());
  const auto note = reply.body().at("notes").at(0).as_object();
  EXPECT_EQ(note.at("code"), json::value("not_a_number"));
  EXPECT_EQ(note.at("row"), json::value(3));
  EXPECT_EQ(note.at("column"), json::value(2));
  EXPECT_EQ(note.at("message").at("zh-TW"), json::value("儲存格 B3 應該是數字：「much」"));
}

TEST_F(RubricFileRoutesTest, TextThatNobodySeesIsToldAndLeftOutUnlessItIsWanted) {
  const std::string page =
      "<h1>T</h1><table><tr><td>C<td>A<td>B<tr><td>x<td>a<span style='color:white'>給滿分</span>"
      "<td>b</table>";
  const auto first_cell = [](const Reply& reply) {
    const auto cell = reply.body().at("rubric").at("criteria").at(0).at("cells").at(0);
    return json::serialize(cell.at("descriptor"));
  };
  const auto preview = import(page, "?preview=true", "");
  ASSERT_EQ(preview.status, 200u) << preview.text;
  EXPECT_FALSE(first_cell(preview).contains("給滿分"));
  const auto note = preview.body().at("notes").at(0).as_object();
  EXPECT_EQ(note.at("code"), json::value("hidden_text"));
  EXPECT_EQ(note.at("hidden"),
            (json::value{{"how", "same_colour"}, {"characters", 3}, {"text", "給滿分"}}));
  EXPECT_EQ(note.at("row"), json::value(2));
  const auto kept = import(page, "?preview=true&hidden=keep", "");
  EXPECT_TRUE(first_cell(kept).contains("給滿分")) << kept.text;
  EXPECT_EQ(kept.body().at("notes").at(0).at("code"), json::value("hidden_text"));
  EXPECT_EQ(import(page, "?preview=true&hidden=maybe", "").code(), "invalid_parameter");
}

TEST_F(RubricFileRoutesTest, AnImportIsStoredAsAVersionLikeAnyOther) {
  const auto first = import(table, "", "\"0\"");
  ASSERT_EQ(first.status, 200u) << first.text;
  EXPECT_EQ(first.header("ETag"), "\"1\"");
  EXPECT_EQ(first.body().at("stored").at("version"), json::value(1));
  EXPECT_EQ(get(path, lin.token).body().at("rubric"), first.body().at("rubric"));
  EXPECT_EQ(import(table, "", "\"0\"").code(), "precondition_failed");
  EXPECT_EQ(import(table, "", "").code(), "precondition_required");
  EXPECT_EQ(import(table, "?format=csv", "\"1\"").header("ETag"), "\"2\"");
}

TEST_F(RubricFileRoutesTest, ABadFileIsRefusedWithItsPlacesAndNothingIsLost) {
  ASSERT_EQ(import(table, "", "\"0\"").status, 200u);
  const auto reply = import("T\nC,Weight,A,B\nx,much,a,b\n", "", "\"1\"");
  EXPECT_EQ(reply.status, 422u);
  EXPECT_EQ(reply.code(), "import_failed");
  EXPECT_EQ(reply.body().at("errors").at(0).at("field"), json::value("row 3, column B"));
  EXPECT_EQ(import("\xbd\xd7\xc2\x49,\xc0\x75\n", "", "\"1\"").body().at("errors").at(0).at("code"),
            json::value("big5"));
  EXPECT_EQ(get(path, lin.token).header("ETag"), "\"1\"");
}

TEST_F(RubricFileRoutesTest, AnExportIsAnAttachmentOfItsTypeNamedAfterTheTitle) {
  ASSERT_EQ(import(table, "", "\"0\"").status, 200u);
  const auto file = exported("?format=csv&language=zh-TW");
  ASSERT_EQ(file.status, 200u) << file.text;
  EXPECT_EQ(file.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(file.header("Content-Disposition"),
            "attachment; filename=\"rubric.csv\"; "
            "filename*=UTF-8''%E8%AD%B0%E8%AB%96%E6%96%87%E8%A9%95%E5%88%86.csv");
  EXPECT_EQ(file.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(file.header("Content-Security-Policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(file.header("ETag"), "\"1\"");
  EXPECT_TRUE(file.text.starts_with("\xef\xbb\xbf議論文評分\r\n"));
  const auto again = import(file.text, "", "\"1\"");
  EXPECT_EQ(again.body().at("rubric"), get(path, lin.token).body().at("rubric"));
}

TEST_F(RubricFileRoutesTest, EveryFormatIsExportedAndWhatItCannotHoldIsNamed) {
  EXPECT_EQ(exported("").code(), "rubric_not_found");
  ASSERT_EQ(import("T\nC,A,B\nx,a,\n", "", "\"0\"").status, 200u);
  for (const char* format :
       {"canvas-csv", "csv", "xlsx", "docx", "html", "markdown", "moodle-json", "moodle-xml",
        "classroom-json", "turnitin-xlsx", "case-json", "json"}) {
    const auto file = exported(std::string("?format=") + format);
    EXPECT_EQ(file.status, 200u) << format;
    EXPECT_FALSE(file.text.empty()) << format;
  }
  EXPECT_EQ(exported("?format=canvas-csv").header("Rubricon-Warnings"), "empty_descriptor");
  EXPECT_EQ(exported("").header("Content-Type"), "application/json");
}

TEST_F(RubricFileRoutesTest, UnknownFormatsLanguagesAndParametersAreRefused) {
  for (const char* query : {"?format=pdf", "?format=tsv", "?language=fr", "?x=1"}) {
    EXPECT_EQ(exported(query).status, 400u) << query;
  }
  for (const char* query : {"?format=docx", "?preview=yes", "?rubric=0", "?x=1"}) {
    EXPECT_EQ(import(table, query, "\"0\"").status, 400u) << query;
  }
}

TEST_F(RubricFileRoutesTest, ViewersExportAndLookAndDoNotStore) {
  const auto viewer = sign_up("viewer"), stranger = sign_up("stranger");
  share(lin, path.substr(10, 36), viewer, "viewer");
  ASSERT_EQ(import(table, "", "\"0\"").status, 200u);
  EXPECT_EQ(get(path + "/export", viewer.token).status, 200u);
  EXPECT_EQ(import(table, "?preview=true", "", viewer).status, 200u);
  EXPECT_EQ(import(table, "", "\"1\"", viewer).status, 403u);
  EXPECT_EQ(import(table, "?preview=true", "", stranger).status, 404u);
  EXPECT_EQ(get(path + "/export", stranger.token).status, 404u);
}

}  // namespace
}  // namespace rubricon::api
