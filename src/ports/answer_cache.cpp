#include <rubricon/ports/answer_cache.hpp>

#include <string_view>

namespace rubricon::ports {
namespace {

class Writer {
 public:
  void add(std::string_view text) {
    text_ += std::to_string(text.size());
    text_ += ':';
    text_ += text;
  }
  void add_optional(const std::optional<std::string>& text) {
    text_ += text ? '+' : '-';
    if (text) add(*text);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string canonical_text(const AnswerQuestion& question) {
  const auto& request = question.request;
  Writer out;
  out.add(question.user.to_string());
  out.add(question.model.name);
  out.add(question.model.prompt_version);
  out.add(request.message);
  out.add(request.context);
  out.add_optional(request.rubric);
  out.add_optional(request.previous_rubric);
  out.add(domain::to_string(request.locale));
  for (const auto& message : request.history) {
    out.add(domain::to_string(message.role));
    out.add(message.content);
  }
  return out.take();
}

}  // namespace rubricon::ports
