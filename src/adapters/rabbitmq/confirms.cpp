#include <rubricon/rabbitmq/confirms.hpp>

#include <rubricon/base/assert.hpp>

#include <algorithm>

namespace rubricon::rabbitmq {

std::uint64_t Confirms::expect(std::uint64_t batch, std::size_t count) {
  RUBRICON_ASSERT(count > 0);
  RUBRICON_ASSERT(batches_.empty() || batches_.back().id < batch);
  const auto first = tag_first_ + slots_.size();
  slots_.insert(slots_.end(), count, Slot{batch});
  batches_.push_back({batch, count});
  open_ += count;
  return first;
}

std::vector<Settled> Confirms::answer(std::uint64_t tag, Reach reach, Answer answer) {
  std::vector<Settled> settled;
  // RabbitMQ never sends it, but AMQP lets 0 with `multiple` mean all of them.
  if (reach == Reach::all_up_to && tag == 0) tag = tag_first_ + slots_.size() - 1;
  if (Slot* const last = slot(tag)) {
    if (reach == Reach::all_up_to) {
      for (std::size_t i = 0; i <= tag - tag_first_; ++i) close(slots_[i], answer, settled);
    } else {
      close(*last, answer, settled);
    }
  }
  while (!slots_.empty() && !slots_.front().open) {
    slots_.pop_front();
    ++tag_first_;
  }
  return settled;
}

void Confirms::returned(std::uint64_t tag) {
  Slot* const found = slot(tag);
  if (found && found->open) batch(found->batch).verdict = Verdict::returned;
}

Confirms::Slot* Confirms::slot(std::uint64_t tag) {
  if (tag < tag_first_ || tag - tag_first_ >= slots_.size()) return nullptr;
  return &slots_[tag - tag_first_];
}

Confirms::Batch& Confirms::batch(std::uint64_t id) {
  const auto found = std::ranges::lower_bound(batches_, id, {}, &Batch::id);
  RUBRICON_ASSERT(found != batches_.end() && found->id == id);
  return *found;
}

void Confirms::close(Slot& slot, Answer answer, std::vector<Settled>& settled) {
  if (!slot.open) return;
  slot.open = false;
  --open_;
  Batch& of = batch(slot.batch);
  if (answer == Answer::nack && of.verdict == Verdict::taken) of.verdict = Verdict::refused;
  if (--of.open > 0) return;
  settled.push_back({of.id, of.verdict});
  batches_.erase(std::ranges::lower_bound(batches_, slot.batch, {}, &Batch::id));
}

}  // namespace rubricon::rabbitmq
