#include <rubricon/app/sentence.hpp>

namespace rubricon::app {

std::string sentence(const base::Error& error) {
  if (error.fields.empty()) return error.detail;
  return error.fields.front().field + " " + error.fields.front().message;
}

}  // namespace rubricon::app
