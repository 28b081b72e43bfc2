#include <rubricon/ai_rules/answering.hpp>

#include <rubricon/ai_rules/commands.hpp>
#include <rubricon/ai_rules/create.hpp>
#include <rubricon/ai_rules/detect.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

constexpr std::size_t message_bytes_max = 8 * 1024;
constexpr std::size_t answer_bytes_max = 16 * 1024;
constexpr std::size_t bare_type_bytes_max = 120;
constexpr std::size_t unread_shown_max = 2;
constexpr std::size_t unread_bytes_max = 90;

std::string_view cut_to(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::optional<domain::Rubric> parse(const std::optional<std::string>& document) {
  if (!document) return std::nullopt;
  auto rubric = domain::parse_rubric(*document);
  if (!rubric) return std::nullopt;
  return std::move(*rubric);
}

Locale answer_locale(const ports::AiRequest& request, const LastExchange& last) {
  const auto before = last.asked.empty() ? request.locale : language_of(last.asked, request.locale);
  return language_of(request.message, before);
}

/// Items of a list follow each other; everything else is a paragraph.
std::string join_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) {
      const bool in_list = lines[i].starts_with("- ") && lines[i - 1].starts_with("- ");
      out += in_list ? "\n" : "\n\n";
    }
    out += lines[i];
  }
  return out;
}

bool needs_rubric(Intent intent) {
  switch (intent) {
    case Intent::create:
    case Intent::undo:
    case Intent::redo:
    case Intent::export_file:
    case Intent::score_work:
    case Intent::tone:
    case Intent::help:
    case Intent::unknown: return false;
    default: return true;
  }
}

bool changes_rubric(Intent intent) {
  switch (intent) {
    case Intent::translate:
    case Intent::set_weights_equal:
    case Intent::set_descriptor:
    case Intent::set_weight:
    case Intent::rename_levels:
    case Intent::set_levels:
    case Intent::set_total:
    case Intent::set_criterion_points:
    case Intent::set_kind:
    case Intent::rename_criterion:
    case Intent::move_criterion:
    case Intent::remove_criterion:
    case Intent::add_criterion:
    case Intent::audience: return true;
    default: return false;
  }
}

/// What a request for a new rubric already took from the whole message.
bool is_covered_by_create(const Command& command) {
  switch (command.intent) {
    case Intent::create:
    case Intent::set_total:
    case Intent::set_kind:
    case Intent::translate:
    case Intent::audience:
    case Intent::show:
    case Intent::help:
    case Intent::tone:
    case Intent::score_work: return true;
    case Intent::set_levels: return command.op.empty();
    default: return false;
  }
}

}  // namespace

Answering::Answering(const Library& library, const Rules& rules, const ports::AiRequest& request)
    : library_(library),
      rules_(rules),
      request_(request),
      last_(last_exchange(request.history)),
      context_(read_context(request.context)),
      turn_(library, rules, answer_locale(request, last_)),
      before_(parse(request.rubric)) {
  turn_.rubric = before_;
  turn_.previous = parse(request.previous_rubric);
  turn_.just_undone = last_.answer.starts_with("已回到上一個版本") ||
                      last_.answer.starts_with("I went back to the version before");
}

ports::AiAnswer Answering::run() {
  const std::string message(cut_to(request_.message, message_bytes_max));
  const auto reply = read_reply(rules_, last_, message);
  switch (reply.kind) {
    case ReplyKind::fresh: settle(message); break;
    case ReplyKind::chosen: settle(reply.text); break;
    case ReplyKind::refused:
      turn_.answer("All right, nothing was changed.", "好的，沒有做任何修改。");
      break;
    case ReplyKind::unclear:
      turn_.ask("Which of these do you mean?", "您要的是哪一個？");
      for (const auto& choice : last_.choices) turn_.choice(choice.label, choice.text);
      break;
  }
  if (is_cut_ || message.size() < request_.message.size()) {
    turn_.line("Your message was long; I read its first part only.",
               "您的訊息很長，我只讀了前面的部分。");
  }
  return finish();
}

bool Answering::wants_rubric(std::string_view text) const {
  const auto asks = [&](Span span) {
    auto part = cut_to(text.substr(span.begin, span.end - span.begin), clause_bytes_max);
    const auto inner = rules_.strip(part);
    part = part.substr(inner.begin, inner.end - inner.begin);
    return !part.empty() && rules_.asks_for_rubric(part);
  };
  for (const auto& sentence : sentences(text)) {
    if (asks(sentence)) return true;
    const auto parts = pieces(text, sentence);
    if (std::ranges::any_of(parts, asks)) return true;
  }
  return false;
}

/// One sentence that is a question: in a longer message it may only explain the wish beside it.
bool Answering::asks_a_question(std::string_view text) const {
  if (sentences(text).size() != 1) return false;
  while (text.ends_with(' ') || text.ends_with('\n')) text.remove_suffix(1);
  return rules_.is_question(text);
}

Answering::Plan Answering::plan(const NormalisedText& message) {
  std::optional<TableGuard> table;
  if (turn_.rubric) table.emplace(*turn_.rubric, library_, rules_);
  const Guard guard = [&table](const Match& reading, std::string_view text) {
    return table && (*table)(reading, text);
  };
  const auto clauses = split(rules_, message.text(), guard);
  Plan out;
  out.is_cut = clauses.is_cut;
  for (const auto& clause : clauses.list) {
    const auto text = [&](Span span) {
      return SlotText{message.text().substr(span.begin, span.end - span.begin),
                      message.cut(span.begin, span.end)};
    };
    Command command{.intent = clause.reading.intent,
                    .op = clause.reading.op,
                    .clause = text(clause.span),
                    .slots = {}};
    for (const auto& slot : clause.reading.slots) command.slots[slot.name] = text(slot.span);
    // Who asks to explain a word that is no row, or tells about the work, meant no command.
    const bool is_talk = turn_.created || command.intent == Intent::show;
    const bool in_doubt =
        clause.reading.guarded && is_talk && !guard(clause.reading, message.text());
    if (command.intent == Intent::unknown || in_doubt) {
      out.unread.push_back(command.clause.typed);
      command.intent = Intent::unknown;
    }
    out.commands.push_back(std::move(command));
  }
  return out;
}

void Answering::settle(const std::string& text) {
  auto message = rules_.normalise(text);
  bool creates = wants_rubric(message.text());
  // "議論文" or "八年級議論文" alone, where there is nothing to edit, or as the answer to our
  // question.
  const auto only_type = [&] {
    return text.size() <= bare_type_bytes_max &&
           detect_type(library_, message.text()).type != nullptr;
  };
  if (!creates && last_.outcome == "asked" && !last_.asked.empty() && only_type()) {
    const auto asked = rules_.normalise(cut_to(last_.asked, message_bytes_max));
    if (wants_rubric(asked.text()) || !turn_.rubric) {
      message = rules_.normalise(std::string(cut_to(last_.asked, message_bytes_max)) + "，" + text);
      creates = true;
    }
  }
  if (!creates && !turn_.rubric && only_type()) {
    const auto commands = plan(message).commands;
    creates = std::ranges::none_of(commands, [](const Command& command) {
      return command.intent == Intent::score_work || command.intent == Intent::export_file;
    });
  }
  if (creates) create(turn_, message, context_);
  if (creates && !turn_.created) return;
  auto todo = plan(message);
  todo.creates = creates;
  const bool would_change = std::ranges::any_of(
      todo.commands, [](const Command& command) { return changes_rubric(command.intent); });
  if (!creates && turn_.rubric && would_change && asks_a_question(message.text())) {
    return decline_question(turn_);
  }
  if (!turn_.rubric &&
      std::ranges::any_of(todo.commands, [](const auto& c) { return needs_rubric(c.intent); })) {
    without_rubric(todo, message);
    return;
  }
  carry_out(todo);
  if (turn_.lines.empty()) {
    not_understood(todo, message);
  } else {
    mention_unread(todo);
    is_cut_ = is_cut_ || (todo.is_cut && !creates);
  }
}

void Answering::carry_out(const Plan& plan) {
  const bool edits = std::ranges::any_of(plan.commands, [](const Command& command) {
    return needs_rubric(command.intent) && command.intent != Intent::audience;
  });
  for (const auto& command : plan.commands) {
    const bool is_remark =
        command.intent == Intent::unknown || (edits && command.intent == Intent::tone);
    if (is_remark && turn_.rubric) {
      // "證據太重了，改成 10%": the remark says what the command is about.
      const auto row = row_mentioned(*turn_.rubric, library_, rules_, command.clause.folded);
      if (!row.empty()) turn_.last_row = row;
    }
    if (is_remark) continue;
    if (plan.creates && is_covered_by_create(command)) continue;
    if (needs_rubric(command.intent) && !turn_.rubric) continue;
    carry_out(command);
  }
  if (turn_.rubric) apply_weights(turn_);
}

void Answering::carry_out(const Command& command) {
  switch (command.intent) {
    case Intent::undo: return undo(turn_);
    case Intent::redo: return redo(turn_);
    case Intent::diff: return compare_versions(turn_);
    case Intent::export_file: return decline_export(turn_, command);
    case Intent::create: return;
    case Intent::translate: return set_language(turn_, command);
    case Intent::validate: return check(turn_);
    case Intent::set_weights_equal: return set_weights_equal(turn_);
    case Intent::set_descriptor: return set_descriptor(turn_, command);
    case Intent::set_weight: return set_weight(turn_, command);
    case Intent::rename_levels: return rename_levels(turn_, command);
    case Intent::set_levels: return set_levels(turn_, command);
    case Intent::set_total: return set_total(turn_, command);
    case Intent::set_criterion_points: return set_criterion_points(turn_, command);
    case Intent::set_kind: return set_kind(turn_, command);
    case Intent::rename_criterion: return rename_criterion(turn_, command);
    case Intent::move_criterion: return move_criterion(turn_, command);
    case Intent::remove_criterion: return remove_criterion(turn_, command);
    case Intent::add_criterion: return add_criterion(turn_, command);
    case Intent::score_work: return decline_scoring(turn_);
    case Intent::audience: return set_audience(turn_, command);
    case Intent::tone: return decline_tone(turn_);
    case Intent::show: return show(turn_, command);
    case Intent::help: return help(turn_);
    case Intent::unknown: return;
  }
}

void Answering::without_rubric(const Plan& plan, const NormalisedText& message) {
  const auto facts = rules_.facts(message.text());
  const auto detection = detect_type(library_, message.text());
  (void)plan;
  ask_type(turn_, facts, detection.candidates,
           turn_.say("There is no rubric in this chat yet, so I would start with one.",
                     "這個對話還沒有評分表，我們先建立一份。"));
}

void Answering::not_understood(const Plan& plan, const NormalisedText& message) {
  (void)plan;
  const auto inner = rules_.strip(message.text());
  const auto text = std::string_view(message.text()).substr(inner.begin, inner.end - inner.begin);
  if (rules_.courtesy(message.text()) == Courtesy::thanks ||
      rules_.courtesy(text) == Courtesy::thanks) {
    turn_.answer("You are welcome! Tell me whenever the rubric should change.",
                 "不客氣！評分表想調整時，隨時告訴我。");
    return;
  }
  if (!turn_.rubric) {
    turn_.ask(
        "I did not understand that. I work by rules and build rubrics; here are three ways to "
        "start:",
        "這句話我沒有聽懂。我依規則建立評分表，可以從這三個例子開始：");
    offer_starters(turn_);
    return;
  }
  const auto detection = detect_type(library_, message.text());
  if (detection.type != nullptr) {
    const auto& name = detection.type->title_name.in(turn_.locale);
    turn_.ask(fmt::format("Shall I design a new rubric for “{}”? It would replace the present one.",
                          name),
              fmt::format("要為「{}」重新設計一份評分表嗎？會取代目前這一份。", name));
    turn_.choice(
        turn_.say("New rubric", "重新設計"),
        create_sentence(library_, *detection.type, rules_.facts(message.text()), turn_.locale));
    turn_.choice(turn_.say("Show the rubric", "看目前的評分表"),
                 turn_.say("Show me the rubric", "看一下目前的評分表"));
    return;
  }
  turn_.ask("I did not understand that. I work by rules; you could try one of these:",
            "這句話我沒有聽懂。我依規則運作，可以試試這樣說：");
  const int other = turn_.rubric->levels.size() == 4 ? 5 : 4;
  turn_.choice(turn_.say("Check the rubric", "檢查評分表"),
               turn_.say("Check the rubric", "檢查評分表"));
  turn_.choice(
      turn_.say(fmt::format("{} levels", other), fmt::format("改成 {} 級", other)),
      turn_.say(fmt::format("Make it {} levels", other), fmt::format("改成 {} 個等級", other)));
  turn_.choice(turn_.say("What can you do?", "你會做什麼？"),
               turn_.say("What can you do?", "你會做什麼？"));
}

void Answering::mention_unread(const Plan& plan) {
  std::vector<std::string> shown;
  for (const auto& clause : plan.unread) {
    const auto folded = rules_.fold(clause);
    const auto inner = rules_.strip(folded);
    const auto text = std::string_view(folded).substr(inner.begin, inner.end - inner.begin);
    const auto facts = rules_.facts(folded);
    const bool is_fact = facts.grade || !facts.band.empty() || facts.levels || facts.total ||
                         facts.criteria_count || !facts.language.empty() || !facts.kind.empty() ||
                         rules_.criteria_list(folded) ||
                         detect_type(library_, folded).type != nullptr;
    const bool is_noise = text.size() < 6 || rules_.is_remark(folded) ||
                          rules_.courtesy(text) != Courtesy::none ||
                          rules_.courtesy(folded) != Courtesy::none;
    if (is_noise || (plan.creates && is_fact)) continue;
    shown.push_back(quoted(std::string(cut_to(clause, unread_bytes_max)) +
                               (clause.size() > unread_bytes_max ? "…" : ""),
                           turn_.locale));
  }
  if (shown.empty()) return;
  if (shown.size() > unread_shown_max) {
    turn_.line("I did not act on the rest of your message.", "訊息中其餘的內容我沒有處理。");
    return;
  }
  const auto list = join(shown, turn_.locale);
  turn_.line(fmt::format("I did not understand {}, so nothing came of it.", list),
             fmt::format("{}我沒有聽懂，所以沒有處理。", list));
}

ports::AiAnswer Answering::finish() {
  ports::AiAnswer out;
  const bool changed = turn_.rubric && (!before_ || *turn_.rubric != *before_);
  if ((turn_.created || turn_.edited) && changed) {
    auto document = domain::to_json(*turn_.rubric);
    if (domain::parse_rubric(document)) {
      out.rubric = std::move(document);
    } else {
      turn_.created = turn_.edited = false;
      turn_.lines.clear();
      turn_.choices.clear();
      turn_.decline("That would make the rubric larger than 64 KiB; nothing was changed.",
                    "這樣評分表會超過 64 KiB 的上限，沒有做任何修改。");
    }
  }
  using ports::AiOutcome;
  out.outcome = out.rubric && turn_.created ? AiOutcome::created
                : out.rubric                ? AiOutcome::edited
                : turn_.asked               ? AiOutcome::asked
                : turn_.declined            ? AiOutcome::declined
                : turn_.answered            ? AiOutcome::answered
                                            : AiOutcome::unchanged;
  out.text = cut_to(join_lines(turn_.lines), answer_bytes_max);
  out.choices = turn_.choices;
  if (turn_.created) {
    out.template_id = turn_.template_id;
    out.chat_title = turn_.chat_title;
  }
  return out;
}

std::vector<std::string> Answering::readings(const Library& library, const Rules& rules,
                                             const ports::AiRequest& request) {
  Answering answering(library, rules, request);
  const auto message = rules.normalise(cut_to(request.message, message_bytes_max));
  std::vector<std::string> out;
  if (answering.wants_rubric(message.text())) out.emplace_back(to_string(Intent::create));
  for (const auto& command : answering.plan(message).commands) {
    const bool is_extra = command.intent == Intent::create || command.intent == Intent::unknown;
    if (!is_extra) out.emplace_back(to_string(command.intent));
  }
  return out;
}

}  // namespace rubricon::ai_rules
