/// What stored rows are in the words of a history.
#pragma once

#include <rubricon/domain/ai_job.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/history/history.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace rubricon::history {

/// A text field of an event's data; empty where it is missing or no text.
std::string text_in(const boost::json::object& data, std::string_view field);

/// Of an event with these data. Who makes a chat is its first member.
Event::Kind kind_of(domain::EventType type, const boost::json::object& data);

/// Which messages are questions: those of people that were written here, and not imported, while
/// the context of their chat lets the assistant answer. Where the chat's beginning has left, there
/// are none until its context is told again. Is told of a chat's events in order, from the first
/// that is there.
class Questions {
 public:
  /// Of the next event.
  bool asks(Event::Kind kind, const boost::json::object& data);

 private:
  bool answered_ = false;
};

Job::State state_of(domain::JobState state);

}  // namespace rubricon::history
