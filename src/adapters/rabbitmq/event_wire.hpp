/// What a message says on its way through the broker. An event is one JSON object,
///
///     {"v":1,"stream":"chat:<uuid>","epoch":1,"seq":7,"type":"message-created",
///      "at":"2026-11-22T21:48:35.123Z","audience":["<uuid>"],"data":"{…}"}
///
/// whose `data` is a string, so that clients get the very text that was stored; its traceparent is
/// the header of that name. A job is `{"v":1,"job":"<uuid>"}`. Readers skip members that they do
/// not know and refuse any other version.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/event.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace rubricon::rabbitmq {

/// A rubric of 64 KiB, every byte of it escaped twice, fits.
inline constexpr std::size_t body_bytes_max = 1024 * 1024;

/// `chat.<uuid>` or `user.<uuid>`.
std::string routing_key(const domain::StreamId& stream);

/// Throws std::length_error where the body would be larger than readers accept.
std::string encode_event(const domain::Event& event);
/// Whatever it returns can be sent on to clients: the data is a JSON object, ids and numbers are in
/// their bounds. A traceparent that is none is dropped. Errors never repeat what was read.
base::Result<domain::Event> decode_event(std::string_view body, std::string_view traceparent);

std::string encode_job(domain::JobId job);
base::Result<domain::JobId> decode_job(std::string_view body);

}  // namespace rubricon::rabbitmq
