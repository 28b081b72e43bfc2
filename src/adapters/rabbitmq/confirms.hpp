/// Which published messages the broker has not answered for yet. Pure bookkeeping: delivery tags
/// of one channel in confirm mode are 1, 2, 3 …, and an answer is for one of them or for all up to
/// one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace rubricon::rabbitmq {

/// What came of a batch of messages that was sent together.
enum class Verdict {
  taken,     ///< the broker is responsible for each of them
  refused,   ///< at least one was refused (nack)
  returned,  ///< at least one found no queue
};

struct Settled {
  std::uint64_t batch;
  Verdict verdict;

  bool operator==(const Settled&) const = default;
};

class Confirms {
 public:
  /// Registers `count` (not 0) messages that are about to be sent; returns the tag of the first.
  std::uint64_t expect(std::uint64_t batch, std::size_t count);

  enum class Reach { one, all_up_to };
  enum class Answer { ack, nack };
  /// The batches that are complete now, oldest first. Tags that are unknown or answered are
  /// ignored.
  std::vector<Settled> answer(std::uint64_t tag, Reach reach, Answer answer);
  /// The broker gave the message back; its ack follows.
  void returned(std::uint64_t tag);

  /// Messages without an answer.
  std::size_t open() const { return open_; }

 private:
  struct Slot {
    std::uint64_t batch;
    bool open = true;
  };
  struct Batch {
    std::uint64_t id;
    std::size_t open;
    Verdict verdict = Verdict::taken;
  };
  Slot* slot(std::uint64_t tag);
  Batch& batch(std::uint64_t id);
  void close(Slot& slot, Answer answer, std::vector<Settled>& settled);

  std::uint64_t tag_first_ = 1;  ///< of slots_.front()
  std::deque<Slot> slots_;
  std::deque<Batch> batches_;  ///< ascending ids; few at a time
  std::size_t open_ = 0;
};

}  // namespace rubricon::rabbitmq
