/// What the suites about AI jobs share: a chat whose questions are asked, claimed and answered.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

namespace rubricon::ports::contract {

class JobContract : public StoreContract {
 protected:
  static constexpr base::Milliseconds lease = std::chrono::seconds(30);

  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner);
    room = domain::StreamId(chat.id);
    claim_outbox();
  }

  /// Posts and returns the job that the outbox announces.
  domain::JobId ask(std::string_view text) { return ask(chat, text); }
  domain::JobId ask(const domain::Chat& where, std::string_view text) {
    auto request = message(owner, where, text);
    request.trace = "00-trace";
    run(harness->messages().post(request, soon())).value();
    return claim_outbox().back().job.value();
  }
  std::optional<ClaimedJob> claim(domain::JobId job) {
    return run(harness->jobs().claim(job, lease, soon()));
  }
  static FinishedAnswer answer(const ClaimedJob& claimed, std::string content = "好的") {
    return {.job = claimed.job.id,
            .fence = claimed.job.fence,
            .content = std::move(content),
            .meta = R"({"source":"rules","degraded":false,"outcome":"answered"})",
            .rubric = {},
            .rubric_base = {},
            .title = {}};
  }
  base::Result<domain::Position> finish(FinishedAnswer finished) {
    return run(harness->jobs().finish(std::move(finished), soon()));
  }
  base::Result<domain::Position> fail(const ClaimedJob& claimed) {
    return run(harness->jobs().fail(claimed.job.id, claimed.job.fence, "ai_unavailable", soon()));
  }
  std::vector<domain::JobId> due(base::Milliseconds queued_for = std::chrono::seconds(5)) {
    return run(harness->jobs().due(queued_for, 100, soon()));
  }

  domain::User owner;
  domain::Chat chat;
  domain::StreamId room{domain::ChatId()};
};

}  // namespace rubricon::ports::contract
