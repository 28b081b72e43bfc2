#include <rubricon/rabbitmq/topology.hpp>

#include <fmt/format.h>

#include <functional>
#include <utility>

namespace rubricon::rabbitmq {
namespace {

amqp_bytes_t bytes_of(const std::string& text) {
  return {.len = text.size(), .bytes = const_cast<char*>(text.data())};
}

amqp_table_entry_t argument(const char* key, std::int32_t number) {
  amqp_table_entry_t entry{};
  entry.key = amqp_cstring_bytes(key);
  entry.value.kind = AMQP_FIELD_KIND_I32;
  entry.value.value.i32 = number;
  return entry;
}

amqp_table_entry_t argument(const char* key, const char* text) {
  amqp_table_entry_t entry{};
  entry.key = amqp_cstring_bytes(key);
  entry.value.kind = AMQP_FIELD_KIND_UTF8;
  entry.value.value.bytes = amqp_cstring_bytes(text);
  return entry;
}

using Arguments = std::vector<amqp_table_entry_t>;

Arguments jobs_arguments(const Options& options, const Names& names) {
  // Without overflow=reject-publish there is no at-least-once: the oldest would be dropped.
  return {argument("x-queue-type", "quorum"),
          argument("x-delivery-limit", options.delivery_limit),
          argument("x-max-length", options.jobs_max),
          argument("x-overflow", "reject-publish"),
          argument("x-dead-letter-exchange", names.dead.c_str()),
          argument("x-dead-letter-routing-key", names.dead.c_str()),
          argument("x-dead-letter-strategy", "at-least-once")};
}

Arguments dead_arguments(const Options& options) {
  return {argument("x-queue-type", "quorum"), argument("x-max-length", options.dead_max)};
}

enum class Lifetime { durable, of_connection };

amqp_queue_declare_ok_t declare_queue(Connection& connection, Channel channel,
                                      const std::string& name, Lifetime lifetime,
                                      Arguments arguments) {
  const amqp_table_t table{.num_entries = static_cast<int>(arguments.size()),
                           .entries = arguments.data()};
  const int own = lifetime == Lifetime::of_connection ? 1 : 0;
  const auto* made =
      amqp_queue_declare(connection.state(), channel, bytes_of(name), 0, 1 - own, own, own, table);
  check(amqp_get_rpc_reply(connection.state()), "the queue " + name + " cannot be made");
  return *made;
}

void declare_exchange(Connection& connection, Channel channel, const std::string& name,
                      const char* type) {
  amqp_exchange_declare(connection.state(), channel, bytes_of(name), amqp_cstring_bytes(type), 0, 1,
                        0, 0, amqp_empty_table);
  check(amqp_get_rpc_reply(connection.state()), "the exchange " + name + " cannot be made");
}

void bind_queue(Connection& connection, Channel channel, const std::string& queue,
                const std::string& exchange, const std::string& key) {
  amqp_queue_bind(connection.state(), channel, bytes_of(queue), bytes_of(exchange), bytes_of(key),
                  amqp_empty_table);
  check(amqp_get_rpc_reply(connection.state()), "the queue " + queue + " cannot be bound");
}

void consume(Connection& connection, Channel channel, const std::string& queue,
             std::uint16_t prefetch) {
  amqp_basic_qos(connection.state(), channel, 0, prefetch, 0);
  check(amqp_get_rpc_reply(connection.state()), "the prefetch cannot be set");
  amqp_basic_consume(connection.state(), channel, bytes_of(queue), amqp_empty_bytes, 0, 0, 0,
                     amqp_empty_table);
  check(amqp_get_rpc_reply(connection.state()), "the queue " + queue + " cannot be listened to");
}

/// One of the things that all share.
struct Item {
  const char* kind;
  std::string name;
  std::function<void(Connection&, Channel)> declare;
};

std::vector<Item> shared_items(const Options& options) {
  const Names names(options.prefix);
  return {
      {"exchange", names.events,
       [names](Connection& c, Channel ch) { declare_exchange(c, ch, names.events, "topic"); }},
      {"exchange", names.dead,
       [names](Connection& c, Channel ch) { declare_exchange(c, ch, names.dead, "direct"); }},
      {"queue", names.dead,
       [names, options](Connection& c, Channel ch) {
         declare_queue(c, ch, names.dead, Lifetime::durable, dead_arguments(options));
         bind_queue(c, ch, names.dead, names.dead, names.dead);
       }},
      {"queue", names.jobs,
       [names, options](Connection& c, Channel ch) {
         declare_queue(c, ch, names.jobs, Lifetime::durable, jobs_arguments(options, names));
       }},
  };
}

std::string difference(const Item& item, const char* what) {
  return fmt::format(
      "the {0} {1} exists in the broker in another shape than this program makes: {2}. Let the old "
      "programs finish, then delete it (rabbitmqctl delete_{0} {1}); nothing is lost by that, the "
      "database repeats what is in it.",
      item.kind, item.name, what);
}

void declare_item(Connection& connection, Channel channel, const Item& item) {
  try {
    item.declare(connection, channel);
  } catch (const Refused& refused) {
    if (refused.code() != AMQP_PRECONDITION_FAILED) throw;
    throw Refused(refused.code(), difference(item, refused.what()));
  }
}

/// Throws Refused with AMQP_NOT_FOUND where there is none; the channel is closed then.
void find(Connection& connection, Channel channel, TopologyItem& item) {
  if (item.kind == "exchange") {
    amqp_exchange_declare(connection.state(), channel, bytes_of(item.name), amqp_empty_bytes, 1, 0,
                          0, 0, amqp_empty_table);
    check(amqp_get_rpc_reply(connection.state()), item.name);
    return;
  }
  const auto* found = amqp_queue_declare(connection.state(), channel, bytes_of(item.name), 1, 0, 0,
                                         0, amqp_empty_table);
  check(amqp_get_rpc_reply(connection.state()), item.name);
  item.messages = found->message_count;
  item.consumers = found->consumer_count;
}

TopologyItem look_at(Connection& connection, Channel channel, const Item& item) {
  TopologyItem seen{.kind = item.kind, .name = item.name};
  try {
    find(connection, channel, seen);
    declare_item(connection, channel, item);  // changes nothing: it is there
  } catch (const Refused& refused) {
    if (refused.code() == AMQP_NOT_FOUND) {
      seen.state = TopologyState::missing;
      seen.problem = fmt::format(
          "the {} {} does not exist yet: the first program that publishes "
          "or listens makes it",
          item.kind, item.name);
    } else if (refused.code() == AMQP_PRECONDITION_FAILED) {
      seen.state = TopologyState::different;
      seen.problem = refused.what();
    } else {
      throw;
    }
  }
  return seen;
}

}  // namespace

void declare(Connection& connection, Channel channel, const Options& options) {
  for (const auto& item : shared_items(options)) declare_item(connection, channel, item);
}

void listen_to_events(Connection& connection, Channel channel, const Options& options,
                      const std::string& id) {
  const Names names(options.prefix);
  const auto queue = names.gateway + id;
  declare_queue(connection, channel, queue, Lifetime::of_connection,
                {argument("x-max-length", options.gateway_queue_max),
                 argument("x-max-length-bytes", options.gateway_queue_bytes_max),
                 argument("x-overflow", "drop-head")});
  bind_queue(connection, channel, queue, names.events, "#");
  consume(connection, channel, queue, options.events_prefetch);
}

void listen_to_jobs(Connection& connection, Channel channel, const Options& options) {
  consume(connection, channel, Names(options.prefix).jobs, options.jobs_prefetch);
}

std::uint32_t listeners_of(Connection& connection, Channel channel, const std::string& queue) {
  TopologyItem seen{.kind = "queue", .name = queue};
  find(connection, channel, seen);
  return seen.consumers;
}

std::vector<TopologyItem> inspect(const Endpoint& endpoint, const Options& options) {
  Lifeline lifeline;
  Connection connection(endpoint, options, "doctor", lifeline);
  std::vector<TopologyItem> seen;
  for (const auto& item : shared_items(options)) {
    seen.push_back(look_at(connection, connection.open_channel(), item));  // may close the channel
  }
  connection.close();
  return seen;
}

}  // namespace rubricon::rabbitmq
