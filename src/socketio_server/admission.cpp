#include <rubricon/socketio_server/admission.hpp>

#include <rubricon/socketio_server/namespace_state.hpp>

#include <utility>

namespace rubricon::socketio_server {

Admission::Ticket::~Ticket() {
  if (open()) progress->connection->refuse(*progress, {"internal error", nullptr});
}

bool Admission::Ticket::open() const {
  return progress->connection != nullptr && progress->stage == stage;
}

Admission make_admission(std::shared_ptr<AdmissionProgress> progress) {
  const auto stage = progress->stage;
  return Admission(std::make_shared<Admission::Ticket>(std::move(progress), stage));
}

const Handshake& Admission::handshake() const {
  return *ticket_->progress->handshake;
}
const boost::json::value& Admission::auth() const {
  return ticket_->progress->auth;
}
const std::string& Admission::namespace_name() const {
  return ticket_->progress->nsp->name;
}
bool Admission::cancelled() const {
  return ticket_->progress->connection == nullptr;
}

void Admission::accept(std::any data) const {
  if (!ticket_->open()) return;
  auto& progress = *ticket_->progress;
  if (data.has_value()) progress.data = std::move(data);
  ++progress.stage;
  progress.connection->proceed(ticket_->progress);
}

void Admission::refuse(ConnectError error) const {
  if (ticket_->open()) ticket_->progress->connection->refuse(*ticket_->progress, error);
}

}  // namespace rubricon::socketio_server
