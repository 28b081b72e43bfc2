#include <rubricon/memory/transaction.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/fault.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <utility>

namespace rubricon::memory {

View::View(Tables& tables)
    : users(tables.users),
      emails(tables.emails),
      sessions(tables.sessions),
      tokens(tables.tokens),
      chats(tables.chats),
      members(tables.members),
      messages(tables.messages),
      events(tables.events),
      outbox(tables.outbox),
      responses(tables.responses),
      jobs(tables.jobs),
      job_keys(tables.job_keys),
      rubrics(tables.rubrics) {}

void View::apply() {
  users.apply();
  emails.apply();
  sessions.apply();
  tokens.apply();
  chats.apply();
  members.apply();
  messages.apply();
  events.apply();
  outbox.apply();
  responses.apply();
  jobs.apply();
  job_keys.apply();
  rubrics.apply();
}

Transaction::Transaction(std::shared_ptr<Link> link, const char* call, base::Deadline deadline)
    : rows(link->server->tables),
      link_(std::move(link)),
      call_(call),
      deadline_(deadline),
      number_(++link_->server->last_transaction) {
  if (link_->open >= link_->options.calls_max) {
    throw base::Unavailable("too many calls wait for the database; nothing was changed");
  }
  ++link_->open;
  link_->server->open.emplace(number_, this);
}

Transaction::~Transaction() {
  give_up_rows();
  link_->server->open.erase(number_);
  --link_->open;
}

base::Task<void> Transaction::begin() {
  co_await pause(Moment::begin);
  check_deadline();
  now_ = link_->server->clock.now();
}

base::Task<void> Transaction::lock(RowKey key) {
  check_connection();
  if (holds(key)) co_return;
  RUBRICON_ASSERT(held_.empty() || held_.back() < key);
  held_.push_back(key);
  const bool granted = co_await link_->server->locks.lock(std::move(key), number_);
  check_connection();
  if (!granted) throw boost::system::system_error(boost::asio::error::operation_aborted);
  check_deadline();
  now_ = link_->server->clock.now();
}

base::Task<void> Transaction::commit() {
  if (drawn_) co_await pause(Moment::drawn);
  co_await pause(Moment::commit);
  rows.apply();
  give_up_rows();
  co_await pause(Moment::reply);
  if (drawn_ && link_->poke) link_->poke();
}

base::Task<void> Transaction::reply() {
  co_await pause(Moment::reply);
}

bool Transaction::try_lock(const RowKey& key) {
  if (!link_->server->locks.try_lock(key, number_)) return false;
  held_.push_back(key);
  return true;
}

bool Transaction::holds(const RowKey& key) const {
  return link_->server->locks.held_by(key, number_);
}

ports::OutboxId Transaction::draw_outbox_id() {
  drawn_ = true;
  return ports::OutboxId(++link_->server->last_outbox_id);
}

void Transaction::lose() {
  lost_ = true;
  give_up_rows();
}

base::Uuid Transaction::make_uuid(base::Time at) {
  std::array<std::uint8_t, 10> random{};
  link_->server->random.fill(random);
  return base::Uuid::v7(base::unix_ms(at), random);
}

base::Task<void> Transaction::pause(Moment moment) {
  if (auto* const pauses = link_->options.pauses) {
    co_await pauses->pause({.call = call_, .moment = moment});
  }
  check_connection();
}

void Transaction::check_connection() const {
  if (lost_) throw base::Unavailable("the connection to the database was lost");
}

void Transaction::check_deadline() const {
  if (!deadline_.reached(monotonic())) return;
  throw base::DeadlineExceeded("the call waited past its deadline; nothing was changed");
}

void Transaction::give_up_rows() {
  for (const auto& key : std::exchange(held_, {})) link_->server->locks.give_up(key, number_);
}

}  // namespace rubricon::memory
