/// Five paths that every message takes, each run so many times: `bench_paths <path> <times>`. Their
/// instructions are counted by callgrind (bench/quick.mjs), so what is in here depends on no clock
/// and no chance.
#include <rubricon/api/body.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/gateway/room_log.hpp>
#include <rubricon/net/http_parser.hpp>
#include <rubricon/net/websocket_codec.hpp>
#include <rubricon/socketio/packet_decoder.hpp>
#include <rubricon/socketio/packet_encoder.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>

namespace {

using namespace rubricon;

constexpr const char* chat = "01a20607-7b4a-731a-8e35-0000000000c1";
constexpr const char* user = "01a20607-7b4a-731a-8e35-000000000001";

/// What was worked out must have been right, and must not be left out by the compiler.
void expect(bool right) {
  if (!right) std::abort();
}

class StillClock final : public ports::Clock {
 public:
  base::Time now() const override { return base::time_from_unix_ms(1'795'384'115'123); }
  base::Instant monotonic() const override { return {}; }
};

class Zeros final : public ports::Random {
 public:
  void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, std::uint8_t{0}); }
};

class NoRevocations final : public ports::Revocations {
 public:
  void revoke(domain::SessionId) override {}
  bool revoked(domain::SessionId) const override { return false; }
};

/// The head of a POST as a browser sends it through a proxy.
void request_head(int times) {
  const std::string head =
      "POST /api/chat/messages HTTP/1.1\r\nHost: rubricon.school.example\r\n"
      "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nContent-Length: 172\r\n"
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n"
      "Accept: */*\r\nAccept-Language: zh-TW,zh;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\n"
      "Content-Type: application/json\r\nOrigin: https://rubricon.school.example\r\n"
      "Authorization: Bearer " +
      std::string(480, 'x') +
      "\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n";
  const net::HttpParserLimits limits;
  for (int n = 0; n < times; ++n) {
    std::size_t scanned = 0;
    const auto end = net::find_head_end(head, scanned, limits);
    expect(end && *end == head.size());
    expect(net::parse_head(std::string_view(head).substr(0, *end), limits).has_value());
  }
}

void request_body(int times) {
  const auto body = std::string(R"({"chatId":")") + chat +
                    R"(","content":"請為八年級的議論文設計評分規準，5 個等級，總分 100",)" +
                    R"("clientId":"0b5bd1a4-7e55-4f5a-9f2e-2f6b8f6d5a11"})";
  for (int n = 0; n < times; ++n) {
    const auto object = api::parse_object(body);
    expect(object && object->size() == 3);
  }
}

/// A token that was seen before.
void access_token(int times) {
  const StillClock clock;
  Zeros random;
  const NoRevocations revocations;
  const crypto::Es256Authority authority({crypto::Es256Key::generate(), std::nullopt}, {}, clock,
                                         random, revocations);
  domain::User teacher;
  teacher.id = domain::UserId::parse(user).value();
  const auto token = authority.issue(teacher, domain::SessionId(base::Uuid::v7(1, {}))).token;
  for (int n = 0; n < times; ++n) expect(authority.verify(token).has_value());
}

/// A masked frame of a client with an event, from its bytes to its arguments.
void client_event(int times) {
  const auto text =
      std::string(R"(421["join-chat",{"chatId":")") + chat + R"(","epoch":1,"after":4711}])";
  std::string frame = {
      static_cast<char>(0x81), static_cast<char>(0x80 | text.size()), 'm', 'a', 's', 'k'};
  for (std::size_t i = 0; i < text.size(); ++i) {
    frame += static_cast<char>(text[i] ^ "mask"[i % 4]);
  }
  net::WebSocketDecoder decoder({});
  const socketio::DecoderLimits limits;
  socketio::PacketDecoder packets(limits);
  for (int n = 0; n < times; ++n) {
    auto bytes = frame;
    std::span<char> left(bytes);
    const auto input = decoder.next(left);
    expect(input.kind == net::WebSocketInput::Kind::text);
    const auto packet = packets.text(input.payload.substr(1));
    expect(packet && *packet && (*packet)->event == "join-chat");
  }
}

/// An event from the broker, put in its place and encoded for a room.
void room_event(int times) {
  gateway::RoomLog log;
  log.open({.epoch = domain::Epoch(1), .seq = domain::Seq(0)});
  domain::Event event{
      .stream = domain::StreamId(domain::ChatId::parse(chat).value()),
      .epoch = domain::Epoch(1),
      .seq = domain::Seq(0),
      .type = domain::EventType::message_created,
      .at = base::time_from_unix_ms(1'795'384'115'123),
      .data = std::string(R"({"id":"01a20607-7b4a-731a-8e35-0000000000a1",)") +
              R"("role":"USER","userId":")" + user +
              R"(","content":"請為八年級的議論文設計評分規準，5 個等級，總分 100",)" +
              R"("time":"2026-11-22T21:48:35.123Z","clientId":"c-1"})",
      .audience = {},
      .trace = {}};
  for (int n = 1; n <= times; ++n) {
    event.seq = domain::Seq(n);
    const auto actions = log.arrived(std::make_shared<const domain::Event>(event));
    expect(actions.deliver.size() == 1);
    const auto& next = *actions.deliver.front();
    const auto encoded = socketio::encode_event_json("/", domain::socket_event_name(next.type),
                                                     domain::wire_payload(next));
    expect(encoded && !encoded->packets().empty());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<void(int)>> paths = {{"request-head", request_head},
                                                                 {"request-body", request_body},
                                                                 {"access-token", access_token},
                                                                 {"client-event", client_event},
                                                                 {"room-event", room_event}};
  if (argc != 3 || !paths.contains(argv[1])) {
    std::fputs("usage: bench_paths <path> <times>, paths:", stderr);
    for (const auto& [name, run] : paths) std::fprintf(stderr, " %s", name.c_str());
    std::fputs("\n", stderr);
    return 2;
  }
  paths.at(argv[1])(std::atoi(argv[2]));
}
