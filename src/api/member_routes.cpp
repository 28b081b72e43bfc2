#include <rubricon/api/member_routes.hpp>

#include <rubricon/api/object_reader.hpp>
#include <rubricon/api/wire.hpp>

namespace rubricon::api {
namespace {

struct Share {
  domain::Email email;
  domain::MemberRole role;
};

base::Result<Share> read_share(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"email", "role"});
  reader.require({"email", "role"});
  auto email = reader.parsed<domain::Email>("email");
  const auto role = reader.one_of("role", domain::parse_member_role, "viewer, editor, owner");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return Share{std::move(*email), *role};
}

}  // namespace

void MemberRoutes::add_to(Router& router) {
  router.add({Method::get, "/api/chat/{chatId}/members", "listMembers", Access::signed_in,
              [this](ApiRequest r) { return list(std::move(r)); }});
  router.add({Method::post, "/api/chat/{chatId}/members", "addMember", Access::signed_in,
              [this](ApiRequest r) { return add(std::move(r)); }});
  router.add({Method::del, "/api/chat/{chatId}/members/{userId}", "removeMember", Access::signed_in,
              [this](ApiRequest r) { return remove(std::move(r)); }});
}

base::Task<ApiResult> MemberRoutes::list(ApiRequest request) {
  const auto members =
      co_await services_.chats.members(request.user(), request.chat(), request.deadline);
  if (!members) co_return std::unexpected(members.error());
  JsonText json;
  json.begin_object().key("members").begin_array();
  for (const auto& member : *members) write_member(json, member);
  json.end_array().end_object();
  co_return json_response(200, std::move(json));
}

base::Task<ApiResult> MemberRoutes::add(ApiRequest request) {
  auto share = read_share(request.body);
  if (!share) co_return std::unexpected(std::move(share.error()));
  const auto member = co_await services_.chats.add_member(
      request.user(), request.chat(), std::move(share->email), share->role, request.deadline);
  if (!member) co_return std::unexpected(member.error());
  JsonText json;
  write_member(json, *member);
  co_return json_response(200, std::move(json));
}

base::Task<ApiResult> MemberRoutes::remove(ApiRequest request) {
  const domain::UserId member(request.params.at(1));
  auto done = co_await services_.chats.remove_member(request.user(), request.chat(), member,
                                                     request.deadline);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return no_content();
}

}  // namespace rubricon::api
