/// Everything that is stored, whichever database it is in.
#pragma once

#include <rubricon/ports/chat_store.hpp>
#include <rubricon/ports/dead_jobs.hpp>
#include <rubricon/ports/epochs.hpp>
#include <rubricon/ports/event_store.hpp>
#include <rubricon/ports/job_store.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/outbox.hpp>
#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/ports/user_store.hpp>

namespace rubricon::app {

struct Stores {
  ports::UserStore& users;
  ports::SessionStore& sessions;
  ports::ChatStore& chats;
  ports::MessageStore& messages;
  ports::EventStore& events;
  ports::Outbox& outbox;
  ports::JobStore& jobs;
  ports::DeadJobs& dead_jobs;
  ports::Epochs& epochs;
  ports::RubricStore& rubrics;
};

template <typename Database>
Stores stores_of(Database& database) {
  return {database.users(),  database.sessions(), database.chats(), database.messages(),
          database.events(), database.outbox(),   database.jobs(),  database.dead_jobs(),
          database.epochs(), database.rubrics()};
}

}  // namespace rubricon::app
