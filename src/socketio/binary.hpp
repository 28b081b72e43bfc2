/// Bytes that are made once and shared: attachments of events, encoded packets.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace rubricon::socketio {

/// Immutable bytes with shared ownership. Copying costs a reference count, never the bytes.
class Binary {
 public:
  Binary() = default;
  explicit Binary(std::string bytes)
      : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}

  /// Valid as long as any copy of this object is.
  std::string_view view() const { return bytes_ ? std::string_view(*bytes_) : std::string_view(); }
  std::size_t size() const { return bytes_ ? bytes_->size() : 0; }
  bool empty() const { return size() == 0; }

  bool operator==(const Binary& other) const { return view() == other.view(); }

 private:
  std::shared_ptr<const std::string> bytes_;
};

}  // namespace rubricon::socketio
