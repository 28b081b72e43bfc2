/// Rows of the system that Rubricon follows, as its tables "User", "Chat" and "Msg" have them.
/// Nothing about them is sure.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace rubricon::legacy {

struct OldUser {
  std::string id;
  std::string email;
  std::string name;
  std::optional<base::Time> created_at;
};

struct OldChat {
  std::string id;
  std::string user;
  std::string title;
  std::string context;  ///< JSON text, or empty
  std::optional<base::Time> created_at;
};

struct OldMessage {
  std::string id;
  std::string chat;
  std::string role;
  std::string content;            ///< empty where it is too large to be read
  std::size_t content_bytes = 0;  ///< of the whole content
  std::optional<base::Time> at;
};

}  // namespace rubricon::legacy
