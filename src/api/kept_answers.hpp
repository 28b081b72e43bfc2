/// Answers to questions that are asked again and again, each with the state that it follows from:
/// whoever has asked the store for the state of now sees whether the answer still holds. So nothing
/// is ever shown that is older, and rights are asked about each time; what is spared is to read
/// and write it all again.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace rubricon::api {

/// Bounded in bytes; what was asked for least recently goes first. One shard.
template <typename State>
class KeptAnswers {
 public:
  /// After `lifetime` an answer is made anew, also where its state seems the same.
  KeptAnswers(std::size_t bytes_max, base::Milliseconds lifetime)
      : bytes_max_(bytes_max), lifetime_(lifetime) {}

  /// Whether it is worth asking for the state.
  bool has(const std::string& question, base::Instant now) {
    const auto found = by_question_.find(question);
    if (found == by_question_.end()) return false;
    if (now - found->second->since < lifetime_) return true;
    erase(found->second);
    return false;
  }

  /// The answer that follows from `state`; null where none is kept. Valid until the next call.
  const std::string* find(const std::string& question, const State& state, base::Instant now) {
    if (!has(question, now)) return nullptr;
    const auto entry = by_question_.at(question);
    if (entry->state != state) return nullptr;
    entries_.splice(entries_.begin(), entries_, entry);
    return &entry->body;
  }

  void keep(const std::string& question, State state, std::string body, base::Instant now) {
    if (const auto old = by_question_.find(question); old != by_question_.end()) erase(old->second);
    entries_.push_front({question, std::move(state), std::move(body), now});
    by_question_.emplace(question, entries_.begin());
    bytes_ += size_of(entries_.front());
    while (bytes_ > bytes_max_) erase(std::prev(entries_.end()));
  }

  std::size_t bytes() const { return bytes_; }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string question;
    State state;
    std::string body;
    base::Instant since;
  };
  using Place = std::list<Entry>::iterator;

  /// A state is much smaller than the answer that is written from it.
  static std::size_t size_of(const Entry& entry) {
    return 2 * entry.question.size() + entry.body.capacity() + sizeof(Entry) + 256;
  }

  void erase(Place entry) {
    bytes_ -= size_of(*entry);
    by_question_.erase(entry->question);
    entries_.erase(entry);
  }

  std::size_t bytes_max_;
  base::Milliseconds lifetime_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  ///< what was asked for last is first
  std::unordered_map<std::string, Place> by_question_;
};

}  // namespace rubricon::api
