#include <rubricon/memory/ephemerals.hpp>

#include <rubricon/memory/mailbox.hpp>

#include <list>
#include <utility>

namespace rubricon::memory {

using Box = Mailbox<std::shared_ptr<const ports::Ephemeral>>;

struct Ephemerals::State {
  boost::asio::any_io_executor executor;
  std::size_t waiting_max;
  std::uint64_t dropped = 0;
  std::list<std::shared_ptr<Box>> boxes;
};

Ephemerals::Ephemerals(boost::asio::any_io_executor executor, std::size_t waiting_max)
    : state_(std::make_shared<State>(State{std::move(executor), waiting_max, 0, {}})) {}

Ephemerals::~Ephemerals() = default;

void Ephemerals::publish(ports::Ephemeral message) {
  const auto shared = std::make_shared<const ports::Ephemeral>(std::move(message));
  for (const auto& box : state_->boxes) {
    if (!box->push(shared)) ++state_->dropped;
  }
}

std::unique_ptr<ports::Subscription> Ephemerals::subscribe(ports::EphemeralHandler on_message) {
  auto box = std::make_shared<Box>(state_->executor, state_->waiting_max, std::move(on_message));
  state_->boxes.push_back(box);
  auto leave = [weak = std::weak_ptr(state_), box] {
    if (const auto state = weak.lock()) state->boxes.remove(box);
  };
  return std::make_unique<MailboxSubscription<std::shared_ptr<const ports::Ephemeral>>>(
      box, std::move(leave));
}

std::uint64_t Ephemerals::dropped() const {
  return state_->dropped;
}

}  // namespace rubricon::memory
